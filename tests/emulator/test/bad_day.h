// A service with two pools, a and b, behind a fault plan; time stands still until it is told to
// move.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "tests/emulator/faulty_service.h"
#include "tests/emulator/test/world.h"

namespace emulator {

class BadDay {
 public:
  explicit BadDay(const std::string& plan) : BadDay(TestConfig(), plan) {}
  BadDay(ServiceConfig config, const std::string& plan)
      : service_(std::move(config), [this] { return now_; }),
        faulty_(
            service_, {}, [this] { return now_; }, [this] { return now_; }) {
    for (const char* pool : {"a", "b"}) REQUIRE(Create(pool).status == 201);
    Pass(std::chrono::minutes(1));
    auto read = ReadFaultPlan(plan, "f.yaml");
    REQUIRE(std::holds_alternative<FaultPlan>(read));
    faulty_.Replace(std::get<FaultPlan>(std::move(read)));
  }

  /// `target` without api-version, which is added.
  Response Call(const std::string& method, const std::string& target, const std::string& body = "",
                Headers headers = {}, std::uint64_t connection = 0) {
    const char mark = target.find('?') == std::string::npos ? '?' : '&';
    return faulty_.Handle({method, target + mark + "api-version=2025-06-01",
                           Typed(std::move(headers), body), body, connection});
  }
  int Get(const std::string& target) { return Call("GET", target).status; }
  /// Statuses of as many reads of pool a: "200 500 ".
  std::string Reads(int count) {
    std::string seen;
    for (int i = 0; i < count; ++i) seen += std::to_string(Get("/pools/a")) + " ";
    return seen;
  }
  Json Body(const std::string& target) {
    return ParseJson(Call("GET", target).body).value_or(Json{});
  }
  Response Create(const std::string& id) {
    return Call("POST", "/pools",
                R"({"id":")" + id +
                    R"(","vmSize":"standard_d2_v3","targetDedicatedNodes":1,)"
                    R"("virtualMachineConfiguration":{"imageReference":{"publisher":"canonical",)"
                    R"("offer":"0001-com-ubuntu-server-jammy","sku":"22_04-lts"},)"
                    R"("nodeAgentSKUId":"batch.node.ubuntu 22.04"}})");
  }
  /// "a,b"
  std::string Listed(const std::string& target = "/pools", const char* name = "id") {
    return IdsOf(Body(target), name);
  }
  static std::string IdsOf(const Json& page, const char* name = "id") {
    std::string ids;
    for (const Json& item : *page.Find("value")->AsList()) {
      ids += (ids.empty() ? "" : ",") + item.Text(name);
    }
    return ids;
  }
  /// The pages of a list, each in brackets, at most `most` of them.
  std::string Pages(std::string target, int most = 9) {
    std::string pages;
    for (int i = 0; i < most && !target.empty(); ++i) {
      const Json page = *ParseJson(faulty_.Handle({"GET", target, {}, ""}).body);
      pages += '[' + IdsOf(page) + ']';
      target = page.Text("odata.nextLink");
    }
    return pages;
  }
  std::string Nodes(const std::string& pool) {
    const auto body = ParseJson(service_.PoolJson("demo", pool));
    return std::to_string(*body->Find("targetDedicatedNodes")->AsInteger());
  }
  bool Exists(const std::string& pool) {
    const auto ids = service_.PoolIds("demo");
    return std::find(ids.begin(), ids.end(), pool) != ids.end();
  }
  void Pass(Duration time) { now_ += time; }
  FaultyService& faulty() { return faulty_; }
  Service& service() { return service_; }

 private:
  Instant now_ = *ParseTime("2025-07-01T12:00:00Z");
  Service service_;
  FaultyService faulty_;
};

}  // namespace emulator
