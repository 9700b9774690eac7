// Answers of the service as hostile input: the first byte picks the status ('0' is 200), the rest
// is the body.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "reconciler/batch/client.h"
#include "reconciler/batch/shared_key.h"
#include "reconciler/core/random.h"
#include "tests/batch/scripted_transport.h"
#include "tests/batch/test_clocks.h"

using namespace reconciler;
using namespace reconciler::batch;

namespace {

template <class Parsed>
Status Read(const Result<Parsed>& parsed) {
  if (!parsed) return parsed.error();
  return Ok{};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr int kStatuses[] = {200, 400, 403, 404, 409, 429, 500, 503};
  const int status = kStatuses[data[0] % 8];
  std::string body;
  for (std::size_t i = 1; i < size; ++i) body += static_cast<char>(data[i]);
  // A next link would be followed with the same answer; the second round ends in a circle.
  ScriptedTransport transport([&](const HttpRequest&) {
    return Json(status, body, {{"ETag", body}, {"Retry-After", body}, {"Date", body}});
  });
  SharedKeyCredential key("demo", Secret("0123456789"));
  FakeClock clock;
  SeededRandom random(1);
  Client client({"demo", {"https", "demo.batch.azure.com", 443}}, key, transport, clock, random);
  (void)client.ListPools([](LivePool) -> Status { return Ok{}; }, "", {});
  Client::ListMemory memory;
  for (int look = 0; look < 2; ++look) {  // the second one finds the pages of the first
    (void)client.ListPoolsAndCounts(
        memory, [](const Row& row) { return Read(Client::ParsePool(row.text)); },
        [](const Row& row) { return Read(Client::ParseNodeCounts(row.text)); }, {});
  }
  (void)client.ListSupportedImages({});
  (void)client.ListNodes("p1", {});
  (void)client.GetPool("p1", {});
  (void)client.Send({{Write::Kind::kPatch, "p1", "0x1", "{}"}}, {}, {});
  return 0;
}
