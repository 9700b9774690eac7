// What comes over a connection of the emulator, as hostile input: read as requests one after the
// other, each answered by a service that checks signatures and by one that does not.
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>

#include "tests/emulator/operation_name.h"
#include "tests/emulator/wire_request.h"
#include "tests/fuzz/emulator_world.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::SmallWorld open;
  // Signatures of the corpus are of noon.
  const emulator::Instant noon = *emulator::ParseTime("2025-07-01T12:00:00Z");
  emulator::Service strict({}, [noon] { return noon; });
  while (size > 0) {
    emulator::RequestParser parser;
    parser.eager(true);
    boost::beast::error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(data, size), error);
    if (error || !parser.is_done()) return 0;
    data += used;
    size -= used;
    const emulator::Request request = parser.Take();
    (void)emulator::OperationOf(request);
    for (emulator::Service* const service : {&strict, &open.service}) {
      fuzz::RequireReadable(request, service->Handle(request));
    }
  }
  return 0;
}
