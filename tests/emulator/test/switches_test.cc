// What is not known of the live service: each switch on both of its sides.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

/// The service with this done to the defaults.
template <class Change>
ServiceConfig Switched(Change change) {
  ServiceConfig config = DefaultSide();
  change(config.switches);
  return config;
}

struct Pooled : World {
  explicit Pooled(ServiceConfig config, const std::string& members = "")
      : World(std::move(config)) {
    Call("POST", "/pools", LinuxPool("p", members));
    Pass(std::chrono::seconds{5});
  }
  /// The code and the property of the refusal; empty when the call was accepted.
  std::string Refused(const std::string& method, const std::string& path, const std::string& body) {
    const Response response = Call(method, path, body);
    if (response.status < 300) return {};
    return CodeOf(response) + " " + DetailOf(response, "PropertyName");
  }
};

TEST_CASE("rejectNullMembers: an explicit null is refused, or as if it was not there") {
  const auto refused = [](bool reject) {
    Pooled world(Switched([&](Switches& s) { s.reject_null_members = reject; }));
    std::vector<std::string> all;
    const auto note = [&](const char* method, const char* path, const std::string& body) {
      all.push_back(world.Refused(method, path, body));
    };
    note("POST", "/pools", LinuxPool("q", R"(,"displayName":null)"));
    note("POST", "/pools",
         LinuxPool("r", R"(,"startTask":{"commandLine":"x","userIdentity":null})"));
    note("PATCH", "/pools/p", R"({"startTask":null})");
    note("POST", "/pools/p/enableautoscale",
         R"({"autoScaleFormula":"$a=1","autoScaleEvaluationInterval":null})");
    note("POST", "/pools/p/disableautoscale", "");
    note("POST", "/pools/p/resize", R"({"targetDedicatedNodes":0,"resizeTimeout":null})");
    return all;
  };
  CHECK(refused(false) == std::vector<std::string>(6));
  const std::string code = "InvalidPropertyValue ";
  CHECK(refused(true) ==
        std::vector<std::string>{code + "displayName", code + "userIdentity", code + "startTask",
                                 code + "autoScaleEvaluationInterval",
                                 "OperationInvalidForCurrentState ", code + "resizeTimeout"});
}

TEST_CASE("a required member that is null is missing on either side") {
  for (const bool reject : {false, true}) {
    Pooled world(Switched([&](Switches& s) { s.reject_null_members = reject; }));
    CHECK(world.Refused("PATCH", "/pools/p", R"({"startTask":{"commandLine":null}})") ==
          "MissingRequiredProperty commandLine");
  }
}

TEST_CASE("formulaRounding: a fraction of a node is none, one, or the nearer of both") {
  const auto nodes = [](const std::string& rounding, const std::string& result) {
    Pooled world(
        Switched([&](Switches& s) { s.formula_rounding = rounding; }),
        R"(,"enableAutoScale":true,"autoScaleFormula":"$TargetDedicatedNodes=)" + result + "\"");
    return IntegerAt(world.Get("/pools/p"), "targetDedicatedNodes");
  };
  CHECK(nodes("down", "1.7") == 1);
  CHECK(nodes("nearest", "1.7") == 2);
  CHECK(nodes("nearest", "1.2") == 1);
  CHECK(nodes("up", "1.2") == 2);
  for (const std::string rounding : {"down", "nearest", "up"}) CHECK(nodes(rounding, "-0.7") == 0);
}

TEST_CASE("stopResizeNeedsFixedSize: a resize of autoscale is stopped, or cannot be") {
  const auto refused = [](bool needs) {
    Pooled world(Switched([&](Switches& s) { s.stop_resize_needs_fixed_size = needs; }));
    world.Call("POST", "/pools/p/enableautoscale",
               R"({"autoScaleFormula":"$TargetDedicatedNodes=1"})");
    return world.Refused("POST", "/pools/p/stopresize", "");
  };
  CHECK(refused(false).empty());
  CHECK(refused(true) == "OperationInvalidForCurrentState ");
}

TEST_CASE("resizeTimeoutHoursMax: a longer timeout is refused, unless it is 0") {
  const auto refused = [](std::int64_t hours, const std::string& timeout) {
    Pooled world(Switched([&](Switches& s) { s.resize_timeout_hours_max = hours; }));
    const std::string member = R"("resizeTimeout":")" + timeout + "\"";
    const std::string create = world.Refused("POST", "/pools", LinuxPool("q", "," + member));
    CHECK(world.Refused("POST", "/pools/p/resize",
                        R"({"targetDedicatedNodes":0,)" + member + "}") == create);
    return create;
  };
  CHECK(refused(168, "P7D").empty());
  CHECK(refused(168, "P7DT1S") == "InvalidPropertyValue resizeTimeout");
  CHECK(refused(1, "PT61M") == "InvalidPropertyValue resizeTimeout");
  CHECK(refused(0, "P30D").empty());
}

TEST_CASE("rejectOtherAgents: an image with another one's agent is refused, or taken") {
  const auto refused = [](bool reject) {
    Pooled world(Switched([&](Switches& s) { s.reject_other_agents = reject; }));
    return world.Refused(
        "POST", "/pools",
        R"({"id":"q","vmSize":"standard_d2s_v3","virtualMachineConfiguration":{"imageReference":)"
        R"({"publisher":"canonical","offer":"ubuntuserver","sku":"18.04-lts"},)"
        R"("nodeAgentSKUId":"batch.node.ubuntu 22.04"}})");
  };
  CHECK(refused(true) == "InvalidPropertyValue nodeAgentSKUId");
  CHECK(refused(false).empty());
}

constexpr const char* kPartial[] = {
    R"({"startTask":{"waitForSuccess":false}})",
    R"({"virtualMachineConfiguration":{}})",
    R"({"virtualMachineConfiguration":{"nodeAgentSKUId":"batch.node.ubuntu 18.04"}})",
    R"({"virtualMachineConfiguration":{"containerConfiguration":{}}})",
    R"({"networkConfiguration":{"endpointConfiguration":{}}})",
    R"({"upgradePolicy":{"rollingUpgradePolicy":{}}})",
    R"({"taskSchedulingPolicy":{}})"};

TEST_CASE("patchRequiresNested: objects of a PATCH need what a create needs, or nothing") {
  for (const std::string body : kPartial) {
    CAPTURE(body);
    Pooled strict(DefaultSide());
    CHECK(CodeOf(strict.Call("PATCH", "/pools/p", body)) == "MissingRequiredProperty");
    Pooled lenient(Switched([](Switches& s) { s.patch_requires_nested = false; }));
    CHECK(lenient.Call("PATCH", "/pools/p", body).status == 200);
    CHECK(CodeOf(lenient.Call("PATCH", "/pools/p", body, {}, "2024-07-01.20.0")) ==
          "MissingRequiredProperty");
    lenient.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":1})");
    lenient.Pass(std::chrono::minutes{1});
    CHECK(lenient.Get("/pools/p/nodes").Find("value")->AsList()->size() == 1);
  }
}

TEST_CASE("a PATCH that needs nothing keeps out what it leaves out, but for items of lists") {
  Pooled world(Switched([](Switches& s) { s.patch_requires_nested = false; }),
               R"(,"startTask":{"commandLine":"x"})");
  world.Call("PATCH", "/pools/p", kPartial[0]);
  const Json pool = world.Get("/pools/p");
  CHECK(pool.At({"startTask", "commandLine"}) == nullptr);
  CHECK(JsonText(*pool.At({"startTask", "waitForSuccess"})) == "false");
  CHECK(world.Refused("PATCH", "/pools/p", R"({"startTask":{"environmentSettings":[{}]}})") ==
        "MissingRequiredProperty name");
}

}  // namespace
}  // namespace emulator
