// Users of nodes, and where people log in.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/emulator/config_file.h"
#include "tests/emulator/key_folder.h"
#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

constexpr char kKey[] =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB test";
constexpr char kOtherKey[] = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7";
constexpr char kSshRule[] =
    R"(,"targetDedicatedNodes":2,"networkConfiguration":{"endpointConfiguration":{)"
    R"("inboundNATPools":[{"name":"web","protocol":"tcp","backendPort":80,)"
    R"("frontendPortRangeStart":1000,"frontendPortRangeEnd":1999},{"name":"ssh","protocol":"tcp",)"
    R"("backendPort":22,"frontendPortRangeStart":15000,"frontendPortRangeEnd":15100}]}})";

struct Nodes : World {
  explicit Nodes(const std::string& members = kSshRule, ServiceConfig config = TestConfig())
      : World(std::move(config)) {
    Call("POST", "/pools", LinuxPool("p", members));
    Pass(std::chrono::seconds{2});
    Get("/pools/p");
  }
  void BootAll() { Pass(std::chrono::seconds{10}); }
  std::string Node(std::size_t place = 0) {
    const Json nodes = Get("/pools/p/nodes");
    return (*nodes.Find("value")->AsList()).at(place).Text("id");
  }
  Response Add(const std::string& body) {
    return Call("POST", "/pools/p/nodes/" + Node() + "/users", body);
  }
  Response AddKey(const std::string& more = "") {
    return Add(R"({"name":"ada","sshPublicKey":")" + std::string(kKey) + '"' + more + "}");
  }
  Response Replace(const std::string& body, const std::string& name = "ada") {
    return Call("PUT", "/pools/p/nodes/" + Node() + "/users/" + name, body);
  }
  Response Remove(const std::string& name = "ada") {
    return Call("DELETE", "/pools/p/nodes/" + Node() + "/users/" + name);
  }
};

TEST_CASE("node users: added once, replaced, removed") {
  std::vector<NodeUserChange> changes;
  ServiceConfig config = DefaultSide();
  config.on_node_user = [&](const NodeUserChange& change) { changes.push_back(change); };
  Nodes world{kSshRule, config};
  world.BootAll();
  const Response added = world.AddKey();
  CHECK(added.status == 201);
  CHECK(HeaderOf(added, "Location") ==
        "http://batch.local/pools/p/nodes/" + world.Node() + "/users/ada");
  CHECK(CodeOf(world.AddKey()) == "NodeUserExists");
  CHECK(world
            .Replace(R"({"sshPublicKey":")" + std::string(kOtherKey) +
                     R"(","expiryTime":"2025-08-01T00:00:00Z"})")
            .status == 200);
  CHECK(CodeOf(world.Replace(R"({"password":"x"})", "bob")) == "NodeUserNotFound");
  CHECK(CodeOf(world.Replace(R"({"isAdmin":true,"password":"x"})")) == "InvalidRequestBody");
  CHECK(world.Remove().status == 200);
  CHECK(CodeOf(world.Remove()) == "NodeUserNotFound");
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].key == kKey);
  CHECK(changes[0].node == world.Node());
  CHECK(changes[1].key == kOtherKey);
  CHECK_FALSE(changes[2].key.has_value());
}

TEST_CASE("node users: what a body must have") {
  Nodes world{kSshRule, DefaultSide()};
  world.BootAll();
  CHECK(DetailOf(world.Add(R"({"password":"x"})"), "PropertyName") == "name");
  CHECK(DetailOf(world.Add(R"({"name":"ada"})"), "PropertyName") == "password or sshPublicKey");
  CHECK(CodeOf(world.Add(R"({"name":"ada","password":"x","shell":"zsh"})")) ==
        "InvalidRequestBody");
  CHECK(DetailOf(world.AddKey(R"(,"expiryTime":"2025-07-01T11:00:00Z")"), "PropertyName") ==
        "expiryTime");
  CHECK(CodeOf(world.AddKey(R"(,"expiryTime":"tomorrow")")) == "InvalidRequestBody");
  CHECK(CodeOf(world.AddKey(R"(,"isAdmin":"yes")")) == "InvalidRequestBody");
  CHECK(world.AddKey(R"(,"isAdmin":true,"expiryTime":"2025-08-01T00:00:00.123456789Z")").status ==
        201);
  CHECK(CodeOf(world.Call("POST", "/pools/q/nodes/x/users", R"({"name":"a","password":"x"})")) ==
        "PoolNotFound");
  CHECK(CodeOf(world.Call("POST", "/pools/p/nodes/x/users", R"({"name":"a","password":"x"})")) ==
        "NodeNotFound");
  CHECK(world.Call("GET", "/pools/p/nodes/x/users").status == 405);
  CHECK(world.Call("POST", "/pools/p/nodes/x/users/a/b").status == 404);
}

TEST_CASE("node users: a key has the form of OpenSSH") {
  Nodes world;
  world.BootAll();
  const auto refused = [&](const std::string& key) {
    const Response response = world.Add(R"({"name":"ada","sshPublicKey":")" + key + "\"}");
    world.Remove();
    return response.status == 201 ? std::string{} : DetailOf(response, "Reason");
  };
  const std::string rsa = "AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7";
  for (const std::string& good : {std::string(kKey), std::string(kOtherKey),
                                  "ssh-rsa " + rsa + " two words", "ssh-rsa " + rsa + R"(\n)"}) {
    CAPTURE(good);
    CHECK(refused(good).empty());
  }
  const std::string form = "The key must be one line of the form \"ssh-ed25519 BASE64 comment\"";
  for (const std::string& bad : {std::string("junk"), std::string(" "), rsa, "ssh-rsa  " + rsa,
                                 "ssh-rsa " + rsa + R"(\nssh-rsa )" + rsa}) {
    CAPTURE(bad);
    CHECK(refused(bad) == form);
  }
  CHECK(refused("ssh-dog " + rsa) == "The key type 'ssh-dog' is not known");
  for (const std::string& bad :
       {std::string("ssh-rsa A"), std::string("ssh-rsa AAAA!AAA"), "ssh-ed25519 " + rsa,
        std::string("ssh-rsa AAAAB3NzaC1yc2E="), "ssh-rsa " + rsa + "A"}) {
    CAPTURE(bad);
    CHECK(refused(bad) == "The key behind the type is damaged");
  }
}

TEST_CASE("node users: a name fits a system, a path and a header") {
  Nodes world;
  world.BootAll();
  const auto add = [&](const std::string& name) {
    return world.Add(R"({"name":")" + name + R"(","sshPublicKey":")" + kOtherKey + "\"}");
  };
  for (const char* const name :
       {"a/b", "../../x", "..", "a\\\\b", "a\\r\\nX-Evil: 1", "a\\u0000", "a:b", "a@b"}) {
    CAPTURE(name);
    CHECK(DetailOf(add(name), "PropertyName") == "name");
  }
  const Response odd = add("a b%2f\u00e4");
  CHECK(odd.status == 201);
  CHECK(HeaderOf(odd, "Location").ends_with("/users/a%20b%252f%C3%A4"));
  CHECK(world.Remove("a%20b%252f%C3%A4").status == 200);
}

TEST_CASE("node users: a replaced user may be left without any credential") {
  std::vector<std::optional<std::string>> keys;
  ServiceConfig config = TestConfig();
  config.on_node_user = [&](const NodeUserChange& change) { keys.push_back(change.key); };
  Nodes world{kSshRule, config};
  world.BootAll();
  REQUIRE(world.AddKey().status == 201);
  CHECK(world.Replace("{}").status == 200);
  CHECK(keys.back() == "");
}

TEST_CASE("node users: only nodes that run take them") {
  Nodes world;
  CHECK(CodeOf(world.AddKey()) == "NodeBeingCreated");
  world.Pass(std::chrono::milliseconds{1'150});
  CHECK(CodeOf(world.AddKey()) == "NodeBeingStarted");
  world.BootAll();
  CHECK(world.AddKey().status == 201);
}

TEST_CASE("node users: a failed start task keeps nobody out, a running one does") {
  const std::string task =
      std::string(kSshRule) + R"(,"startTask":{"commandLine":"x","waitForSuccess":true})";
  ServiceConfig config = TestConfig();
  config.start_task_failure_percent = 100;
  config.timings.start_task = std::chrono::hours{1};
  for (const bool taken : {false, true}) {
    config.switches.users_while_waiting = taken;
    Nodes world{task, config};
    world.Pass(std::chrono::minutes{1});
    CHECK(world.AddKey().status == (taken ? 201 : 409));
    world.Pass(std::chrono::hours{2});
    CHECK((taken ? world.Remove().status == 200 : world.AddKey().status == 201));
  }
}

TEST_CASE("remote login: the rule to port 22, each node its own port") {
  Nodes world;
  const Response first =
      world.Call("GET", "/pools/p/nodes/" + world.Node(0) + "/remoteloginsettings");
  CHECK(first.status == 200);
  const auto ports = [&](std::size_t place) {
    return IntegerAt(world.Get("/pools/p/nodes/" + world.Node(place) + "/remoteloginsettings"),
                     "remoteLoginPort");
  };
  CHECK(ports(0) >= 15000);
  CHECK(ports(0) <= 15100);
  CHECK(ports(0) != ports(1));
  CHECK(CodeOf(world.Call("GET", "/pools/p/nodes/x/remoteloginsettings")) == "NodeNotFound");
}

TEST_CASE(
    "remote login: without a rule there is none; an address of the configuration stands for all") {
  Nodes none{R"(,"targetDedicatedNodes":1)"};
  const Response refused =
      none.Call("GET", "/pools/p/nodes/" + none.Node() + "/remoteloginsettings");
  CHECK(refused.status == 409);
  CHECK(CodeOf(refused) == SwitchesOfRun().no_login_code);
  auto config = std::get<ServiceConfig>(
      ReadConfig("login: {address: 127.0.0.1, port: 2222, keysFolder: /k}", "f", TestConfig()));
  CHECK(config.login.keys_folder == "/k");
  Nodes named{kSshRule, config};
  const Json settings = named.Get("/pools/p/nodes/" + named.Node() + "/remoteloginsettings");
  CHECK(settings.Text("remoteLoginIPAddress") == "127.0.0.1");
  CHECK(IntegerAt(settings, "remoteLoginPort") == 2222);
}

TEST_CASE("key folder: a file a user, and nothing outside") {
  std::string name = (std::filesystem::temp_directory_path() / "keys.XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  const auto text = [&](const std::string& path) {
    std::ifstream file(name + '/' + path);
    std::stringstream out;
    out << file.rdbuf();
    return out.str();
  };
  KeepKey(name, {"p", "n", "ada", "ssh-rsa A\nssh-rsa B"});
  CHECK(text("p/n/ada") == "ssh-rsa A ssh-rsa B\n");
  KeepKey(name, {"p", "n", "ada", {}});
  CHECK_FALSE(std::filesystem::exists(name + "/p/n/ada"));
  KeepKey(name, {"p", "n", "../../evil", "k"});
  KeepKey(name, {"..", "n", "evil", "k"});
  CHECK_FALSE(std::filesystem::exists(name + "/evil"));
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace emulator
