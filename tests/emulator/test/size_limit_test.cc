// What keeps a pool from its size beside the quotas of its account.
#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

using std::chrono::seconds;

std::string Targets(int dedicated, int spot) {
  return fmt::format(R"("targetDedicatedNodes":{},"targetLowPriorityNodes":{})", dedicated, spot);
}
std::string Addresses(int count, const char* provision = "usermanaged") {
  std::string ids;
  for (int i = 0; i < count; ++i) ids += fmt::format(R"({}"/a/{}")", i == 0 ? "" : ",", i);
  return fmt::format(
      R"("networkConfiguration":{{"publicIPAddressConfiguration":{{"provision":"{}",)"
      R"("ipAddressIds":[{}]}}}})",
      provision, ids);
}
constexpr char kCommunication[] = R"("enableInterNodeCommunication":true)";

struct Limited : World {
  explicit Limited(const std::string& members, ServiceConfig config = TestConfig())
      : World(std::move(config)) {
    created = Call("POST", "/pools", LinuxPool("p", "," + members));
    Pass(seconds{3});
  }
  void Resize(int dedicated, int spot) {
    CHECK(Call("POST", "/pools/p/resize", "{" + Targets(dedicated, spot) + "}").status == 202);
    Pass(seconds{3});
  }
  /// `dedicated spot`, then the codes of the resize errors.
  std::string Got() {
    const Json pool = Get("/pools/p");
    std::string out = fmt::format("{} {}", IntegerAt(pool, "currentDedicatedNodes"),
                                  IntegerAt(pool, "currentLowPriorityNodes"));
    const Json* const errors = pool.Find("resizeErrors");
    if (errors == nullptr) return out;
    for (const Json& error : *errors->AsList()) out += ' ' + error.Text("code");
    return out;
  }
  Response created;
};

TEST_CASE("a pool whose nodes talk to each other has room for a hundred of them, of both kinds") {
  Limited world{std::string(kCommunication) + "," + Targets(101, 1), DefaultSide()};
  CHECK(
      world.Got() ==
      "100 0 CommunicationEnabledPoolReachedMaxVMCount CommunicationEnabledPoolReachedMaxVMCount");
  const Json pool = world.Get("/pools/p");
  REQUIRE(pool.Find("resizeErrors") != nullptr);
  CHECK((*pool.Find("resizeErrors")->AsList())[0].Text("message") ==
        "The pool with inter-node communication reached its maximum number of VMs, dedicated nodes "
        "are missing");
  world.Resize(60, 40);
  CHECK(world.Got() == "60 40");
  world.Resize(70, 40);
  CHECK(world.Got() == "60 40 CommunicationEnabledPoolReachedMaxVMCount");
  world.Resize(20, 90);
  CHECK(world.Got() == "20 80 CommunicationEnabledPoolReachedMaxVMCount");
  CHECK(Limited{Targets(101, 1), DefaultSide()}.Got() == "101 1");
}

TEST_CASE("each address of one's own serves a hundred dedicated or a hundred Spot nodes") {
  Limited one{Addresses(1) + "," + Targets(101, 0), DefaultSide()};
  CHECK(one.Got() == "100 0 AllocationFailed");
  one.Resize(100, 1);
  CHECK(one.Got() == "100 0 AllocationFailed");
  Limited three{Addresses(3) + "," + Targets(101, 120), DefaultSide()};
  CHECK(three.Got() == "101 100 AllocationFailed");
  three.Resize(100, 201);
  CHECK(three.Got() == "100 200 AllocationFailed");
}

TEST_CASE("addresses of one's own and usermanaged go together") {
  const auto refused = [](const std::string& members) {
    const Response response = Limited{members, DefaultSide()}.created;
    return CodeOf(response) + ' ' + DetailOf(response, "PropertyName");
  };
  CHECK(refused(Addresses(0)) == "InvalidPropertyValue ipAddressIds");
  CHECK(refused(R"("networkConfiguration":{"publicIPAddressConfiguration":{)"
                R"("provision":"usermanaged"}})") == "InvalidPropertyValue ipAddressIds");
  CHECK(refused(Addresses(1, "batchmanaged")) == "InvalidPropertyValue ipAddressIds");
  CHECK(refused(Addresses(1, "nopublicipaddresses")) == "InvalidPropertyValue ipAddressIds");
  CHECK(refused(Addresses(1)) == " ");
}

TEST_CASE("limits of a pool have another side") {
  ServiceConfig config = DefaultSide();
  config.switches.inter_node_nodes_max = 80;
  CHECK(Limited{std::string(kCommunication) + "," + Targets(0, 81), config}.Got() ==
        "0 80 CommunicationEnabledPoolReachedMaxVMCount");
  config.switches.inter_node_nodes_max = 0;
  CHECK(Limited{std::string(kCommunication) + "," + Targets(101, 0), config}.Got() == "101 0");
  config.switches.address_serves_one_kind = false;
  CHECK(Limited{Addresses(1) + "," + Targets(100, 101), config}.Got() ==
        "100 100 AllocationFailed");
  config.switches.addresses_need_user_managed = false;
  CHECK(Limited{Addresses(0) + "," + Targets(101, 0), config}.Got() == "101 0");
  CHECK(Limited{Addresses(1, "batchmanaged") + "," + Targets(101, 0), config}.Got() == "101 0");
}

}  // namespace
}  // namespace emulator
