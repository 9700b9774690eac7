// Conditions, PATCH and updateproperties.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

constexpr char kTask[] =
    R"({"commandLine":"new","userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"nonadmin"}},"maxTaskRetryCount":0,"waitForSuccess":true})";

struct Steady : World {
  explicit Steady(const std::string& members = "", ServiceConfig config = TestConfig())
      : World(std::move(config)) {
    Call("POST", "/pools", LinuxPool("p", members));
    Pass(std::chrono::seconds{5});
  }
  std::string Member(const std::string& name, const std::string& version = "2025-06-01") {
    const Json pool = Get("/pools/p", version);
    const Json* const value = pool.Find(name);
    return value == nullptr ? std::string{"absent"} : JsonText(*value);
  }
};

TEST_CASE("all four conditions guard reads and writes") {
  Steady world;
  const std::string etag = world.Get("/pools/p").Text("eTag");
  const std::string date = HeaderOf(world.Call("GET", "/pools/p"), "Last-Modified");
  const std::string later = FormatHttpDate(world.now);
  const auto get = [&](const char* name, const std::string& value) {
    return world.Call("GET", "/pools/p", "", {{name, value}}).status;
  };
  const auto patch = [&](const char* name, const std::string& value) {
    return world.Call("PATCH", "/pools/none", "", {{name, value}}).status;
  };
  CHECK(get("If-Match", etag) == 200);
  CHECK(get("if-match", '"' + etag + '"') == 200);
  CHECK(get("If-Match", "*") == 200);
  CHECK(get("If-Match", "0x1") == 304);
  CHECK(get("If-None-Match", etag) == 304);
  CHECK(get("If-None-Match", "0x1") == 200);
  CHECK(get("If-None-Match", "*") == 304);
  CHECK(get("If-Modified-Since", date) == 304);
  CHECK(get("If-Modified-Since", "Tue, 01 Jul 2025 11:59:59 GMT") == 200);
  CHECK(get("If-Unmodified-Since", later) == 200);
  CHECK(get("If-Unmodified-Since", "Tue, 01 Jul 2025 11:59:59 GMT") == 304);
  CHECK(get("If-Modified-Since", "yesterday") == 400);
  CHECK(patch("If-Match", etag) == 404);
  const Response unmet = world.Call("PATCH", "/pools/p", "{}", {{"If-Match", "0x1"}});
  CHECK(unmet.status == 412);
  CHECK(CodeOf(unmet) == "ConditionNotMet");
  CHECK(world.Call("DELETE", "/pools/p", "", {{"If-None-Match", etag}}).status == 412);
  const Response two =
      world.Call("GET", "/pools/p", "", {{"If-Match", etag}, {"If-None-Match", "0x1"}});
  CHECK(CodeOf(two) == "MultipleConditionHeadersNotSupported");
  const Response fresh = world.Call("GET", "/pools/p", "", {{"If-None-Match", etag}});
  CHECK(fresh.body.empty());
  CHECK(HeaderOf(fresh, "ETag") == etag);
}

TEST_CASE("updateproperties and disableautoscale look at no condition") {
  Steady world;
  CHECK(world
            .Call("POST", "/pools/p/updateproperties",
                  R"({"applicationPackageReferences":[],"metadata":[]})", {{"If-Match", "0x1"}})
            .status == 204);
}

TEST_CASE("PATCH replaces what it names, whole, and keeps the rest") {
  Steady world{R"(,"metadata":[{"name":"a","value":"b"}],"startTask":{"commandLine":"old",)"
               R"("maxTaskRetryCount":3,"userIdentity":{"autoUser":{"elevationLevel":"admin"}}})",
               DefaultSide()};
  const std::string etag = world.Get("/pools/p").Text("eTag");
  const Response patched =
      world.Call("PATCH", "/pools/p", R"({"startTask":{"commandLine":"new"}})");
  CHECK(patched.status == 200);
  CHECK(HeaderOf(patched, "ETag") != etag);
  CHECK(world.Member("startTask") == kTask);
  CHECK(world.Member("metadata") == R"([{"name":"a","value":"b"}])");
  CHECK(world.Call("PATCH", "/pools/p", R"({"metadata":[],"startTask":null})").status == 200);
  CHECK(world.Member("metadata") == "absent");
  CHECK(world.Member("startTask") == kTask);
}

TEST_CASE("PATCH of metadata works while the pool resizes") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p"));
  CHECK(world.Call("PATCH", "/pools/p", R"({"metadata":[{"name":"a","value":"b"}]})").status ==
        200);
}

TEST_CASE("the wide PATCH wants an empty and steady pool and a version that knows it") {
  const std::string change =
      R"({"vmSize":"Standard_D4s_v3","displayName":"d","taskSlotsPerNode":16})";
  Steady world{"", DefaultSide()};
  CHECK(CodeOf(world.Call("PATCH", "/pools/p", change, {}, "2024-02-01.19.0")) ==
        "UnsupportedProperty");
  CHECK(world.Call("PATCH", "/pools/p", change).status == 200);
  CHECK(world.Member("vmSize") == "\"standard_d4s_v3\"");
  CHECK(world.Member("displayName") == "\"d\"");
  CHECK(world.Member("allocationState") == "\"steady\"");
  Steady with_nodes{R"(,"targetDedicatedNodes":1)", DefaultSide()};
  CHECK(CodeOf(with_nodes.Call("PATCH", "/pools/p", change)) == "OperationInvalidForCurrentState");
  World busy{DefaultSide()};
  busy.Call("POST", "/pools", LinuxPool("p"));
  CHECK(busy.Call("PATCH", "/pools/p", change).status == 409);
  ServiceConfig config = TestConfig();
  config.switches.patch_empty_needs_steady = false;
  World eager{config};
  eager.Call("POST", "/pools", LinuxPool("p"));
  CHECK(eager.Call("PATCH", "/pools/p", change).status == 200);
}

TEST_CASE("PATCH does not take what has its own call") {
  Steady world{"", DefaultSide()};
  for (const char* const body : {R"({"targetDedicatedNodes":1})", R"({"enableAutoScale":true})",
                                 R"({"id":"q"})", R"({"resizeTimeout":"PT5M"})"}) {
    CAPTURE(body);
    CHECK(CodeOf(world.Call("PATCH", "/pools/p", body)) == "UnsupportedProperty");
  }
}

TEST_CASE("values are checked before the state") {
  Steady world{R"(,"targetDedicatedNodes":1)"};
  CHECK(CodeOf(world.Call("PATCH", "/pools/p", R"({"vmSize":"huge"})")) == "InvalidPropertyValue");
  CHECK(CodeOf(world.Call("PATCH", "/pools/none", R"({"vmSize":"huge"})")) == "PoolNotFound");
  CHECK(CodeOf(world.Call("PATCH", "/pools/none", R"({"vmSize":5})")) == "InvalidRequestBody");
}

std::string MachineWithDisk(int size) {
  return R"({"virtualMachineConfiguration":{"imageReference":{"publisher":"canonical",)"
         R"("offer":"ubuntuserver","sku":"18.04-lts"},"nodeAgentSKUId":"batch.node.ubuntu 18.04",)"
         R"("dataDisks":[{"lun":0,"diskSizeGB":)" +
         std::to_string(size) + "}]}}";
}

TEST_CASE("data disks cannot be changed unless switched") {
  Steady world{"", DefaultSide()};
  CHECK(DetailOf(world.Call("PATCH", "/pools/p", MachineWithDisk(5)), "PropertyName") ==
        "dataDisks");
  ServiceConfig config = TestConfig();
  config.switches.data_disks_immutable = false;
  Steady lenient{"", config};
  CHECK(lenient.Call("PATCH", "/pools/p", MachineWithDisk(5)).status == 200);
  CHECK(lenient.Call("PATCH", "/pools/p", MachineWithDisk(5)).status == 200);
}

TEST_CASE("updateproperties clears what it leaves out") {
  Steady world{R"(,"metadata":[{"name":"a","value":"b"}],"startTask":{"commandLine":"old"})"};
  CHECK(CodeOf(world.Call("POST", "/pools/p/updateproperties", R"({"metadata":[]})")) ==
        "MissingRequiredProperty");
  CHECK(world
            .Call("POST", "/pools/p/updateproperties",
                  R"({"applicationPackageReferences":[],"metadata":[]})")
            .status == 204);
  CHECK(world.Member("startTask") == "absent");
  CHECK(world.Member("metadata") == "absent");
}

TEST_CASE("updateproperties of older versions resets the communication mode") {
  World world;
  const std::string old = "2024-07-01.20.0";
  world.Call("POST", "/pools", LinuxPool("p", R"(,"targetNodeCommunicationMode":"classic")"), {},
             old);
  world.Pass(std::chrono::seconds{3});
  CHECK(world.Get("/pools/p", old).Text("targetNodeCommunicationMode") == "classic");
  CHECK(CodeOf(world.Call("POST", "/pools/p/updateproperties",
                          R"({"applicationPackageReferences":[],"metadata":[]})", {}, old)) ==
        "MissingRequiredProperty");
  const std::string body =
      R"({"applicationPackageReferences":[],"metadata":[],"certificateReferences":[]})";
  CHECK(world
            .Call("POST", "/pools/p/updateproperties",
                  R"({"applicationPackageReferences":[],"metadata":[]})")
            .status == 204);
  CHECK(world.Get("/pools/p", old).Text("targetNodeCommunicationMode") == "classic");
  CHECK(world.Call("POST", "/pools/p/updateproperties", body, {}, old).status == 204);
  CHECK(world.Get("/pools/p", old).Text("targetNodeCommunicationMode") == "default");
}

TEST_CASE("updateproperties waits for a steady pool, unless switched") {
  const std::string body = R"({"applicationPackageReferences":[],"metadata":[]})";
  World world{DefaultSide()};
  world.Call("POST", "/pools", LinuxPool("p"));
  CHECK(CodeOf(world.Call("POST", "/pools/p/updateproperties", body)) == "PoolBeingResized");
  ServiceConfig config = TestConfig();
  config.switches.update_properties_needs_steady = false;
  World lenient{config};
  lenient.Call("POST", "/pools", LinuxPool("p"));
  CHECK(lenient.Call("POST", "/pools/p/updateproperties", body).status == 204);
}

}  // namespace
}  // namespace emulator
