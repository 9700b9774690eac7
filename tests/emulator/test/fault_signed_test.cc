// Faults of a service that checks who calls.
#include <doctest/doctest.h>

#include "tests/emulator/authentication.h"
#include "tests/emulator/faulty_service.h"
#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

/// A caller who signs with the date that it is, or that it takes from the service.
class Signed {
 public:
  explicit Signed(const std::string& plan)
      : service_(ServiceConfig{}, [this] { return now_; }),
        faulty_(
            service_, std::get<FaultPlan>(ReadFaultPlan("faults: [{" + plan + "}]", "f.yaml")),
            [this] { return now_; }, [this] { return now_; }) {}

  Response Call(const std::string& method, const std::string& target, const std::string& body = "",
                std::chrono::minutes off = {}) {
    Request request{method, target + "?api-version=2025-06-01", Typed({}, body), body};
    request.headers.emplace_back("ocp-date", FormatHttpDate(now_ + off));
    if (!body.empty()) {
      request.headers.emplace_back("Content-Length", std::to_string(body.size()));
    }
    const std::string signature = Sign(StringToSign(request, "demo", true), kWellKnownKey).value();
    request.headers.emplace_back("Authorization", "SharedKey demo:" + signature);
    return faulty_.Handle(request);
  }
  void Pass(Duration time) { now_ += time; }

 private:
  Instant now_ = *ParseTime("2025-07-01T12:00:00Z");
  Service service_;
  FaultyService faulty_;
};

TEST_CASE("fault signed: a clock that is off judges the dates of signatures by itself") {
  Signed off("clockSkew: -20m");
  const Response refused = off.Call("GET", "/pools");
  CHECK(refused.status == 403);
  CHECK(HeaderOf(refused, "Date") == "Tue, 01 Jul 2025 11:40:00 GMT");
  CHECK(off.Call("GET", "/pools", "", std::chrono::minutes(-20)).status == 200);
  Signed once("clockSkew: 40m, calls: 1");
  CHECK(once.Call("GET", "/pools").status == 403);
  CHECK(once.Call("GET", "/pools").status == 200);
  Signed bit("clockSkew: 10m");
  CHECK(bit.Call("GET", "/pools").status == 200);
  CHECK(bit.Call("GET", "/pools", "", std::chrono::minutes(-6)).status == 403);
}

TEST_CASE("fault signed: the past, pages and hidden writes ask for no other signature") {
  Signed stale("operation: listPools, staleFor: 10s");
  REQUIRE(stale.Call("POST", "/pools", LinuxPool("p")).status == 201);
  const Response old = stale.Call("GET", "/pools");
  CHECK(old.status == 200);
  CHECK(old.body.find(R"("id":"p")") == std::string::npos);
  Signed hidden("operation: createPool, hideFor: 10s");
  REQUIRE(hidden.Call("POST", "/pools", LinuxPool("p")).status == 201);
  CHECK(hidden.Call("GET", "/pools").body.find(R"("id":"p")") == std::string::npos);
  CHECK(hidden.Call("GET", "/pools/p").status == 404);
  hidden.Pass(std::chrono::seconds(10));
  CHECK(hidden.Call("GET", "/pools/p").status == 200);
}

TEST_CASE("fault signed: what somebody without a good signature asks for is never carried out") {
  Signed late("operation: createPool, connection: reset, appliedAfter: 1s");
  (void)late.Call("POST", "/pools", LinuxPool("p"), std::chrono::hours(5));
  late.Pass(std::chrono::seconds(2));
  CHECK(late.Call("GET", "/pools/p").status == 404);
  Signed lost("operation: createPool, outcome: lost");
  CHECK(lost.Call("POST", "/pools", LinuxPool("p"), std::chrono::hours(5)).status == 403);
}

}  // namespace
}  // namespace emulator
