// From `user add` to a shell on the node: a real sshd stands for the node, a real ssh logs in.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "daemon/posix.h"
#include "reconciler/core/json.h"
#include "tests/daemon/output_schema.h"
#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

constexpr const char* kSshRule =
    "  networkConfiguration:\n    endpointConfiguration:\n      inboundNATPools:\n"
    "        - {name: ssh, protocol: tcp, backendPort: 22, frontendPortRangeStart: 15000, "
    "frontendPortRangeEnd: 15100}\n";

/// A port that was free a moment ago.
int FreePort() {
  const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listener.get(), raw, size) == 0);
  REQUIRE(::getsockname(listener.get(), raw, &size) == 0);
  return ntohs(address.sin_port);
}

std::string OwnName() {
  const passwd* const entry = ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe)
  REQUIRE(entry != nullptr);
  return entry->pw_name;
}

void MakeKey(const std::string& file) {
  Process keygen("/usr/bin/ssh-keygen", {"-q", "-t", "ed25519", "-N", "", "-f", file}, "/");
  REQUIRE(keygen.Wait() == 0);
}

/// The sshd of one node: it takes the keys that the emulator keeps for that node.
class NodeSshd {
 public:
  NodeSshd(const TempFolder& folder, int port, const std::string& node) {
    if (::geteuid() == 0) ::mkdir("/run/sshd", 0755);  // compiled into sshd of root
    MakeKey(folder / "host_key");
    const std::string config = folder.Write(
        "sshd_config",
        fmt::format("ListenAddress 127.0.0.1:{}\nHostKey {}\nPidFile none\nStrictModes no\n"
                    "UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                    "PermitRootLogin prohibit-password\nAuthorizedKeysFile {}/{}/%u\n",
                    port, folder / "host_key", folder / "keys/render", node));
    sshd_ = std::make_unique<Process>("/usr/sbin/sshd",
                                      std::vector<std::string>{"-D", "-e", "-f", config}, "/");
    REQUIRE(sshd_->WaitForLog("Server listening"));
  }

 private:
  std::unique_ptr<Process> sshd_;
};

TEST_CASE("ssh: a key that `user add` put on a node logs in to it") {
  const TempFolder keys;
  const int port = FreePort();
  const Stage stage(fmt::format("login: {{address: 127.0.0.1, port: {}, keysFolder: {}}}\n", port,
                                keys / "keys"));
  stage.WritePool("render", 1, kSshRule);
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);

  const Outcome listed = stage.Run({"nodes", "render", "--format", "json"});
  CHECK(listed.code == 0);
  const auto json = ParseJson(listed.out);
  REQUIRE(json);
  CHECK(SchemaProblem("nodes.output.schema.json", *json).empty());
  const Value& node = json->Find("pools")->AsArray().front().Find("nodes")->AsArray().front();
  const std::string id(node.StringOr("id"));
  CHECK(node.Find("login")->IntOr("port", 0) == port);
  const NodeSshd sshd(keys, port, id);

  MakeKey(keys / "key");
  const std::string name = OwnName();
  const auto login = [&] {
    return stage.Run({"ssh", "render", id.substr(0, 12), "-l", name, "-i", keys / "key", "-o",
                      "BatchMode=yes", "-o", "UserKnownHostsFile=" + keys / "known", "-o",
                      "HashKnownHosts=no", "-o", "IdentitiesOnly=yes", "--", "echo",
                      "logged in as $(id -un)"});
  };
  const Outcome refused = login();
  CHECK(refused.code == 255);
  CHECK(refused.err.find("Permission denied") != std::string::npos);

  const Outcome added =
      stage.Run({"user", "add", "render", name, "--ssh-key", keys / "key.pub", "--expires", "2d"});
  CHECK(added.code == 0);
  CHECK(added.out.find(id + "  added\n1 node: 1 added.\nThe user expires on ") == 0);
  const Outcome entered = login();
  CHECK(entered.code == 0);
  CHECK(entered.out == "logged in as " + name + "\n");
  CHECK(keys.Read("known").find(id + ".render ") == 0);

  const Outcome again = stage.Run({"user", "add", "render", name, "--ssh-key", keys / "key.pub",
                                   "--admin", "--format", "json"});
  CHECK(again.code == 0);
  CHECK(again.err.find("whether a user is an administrator cannot be changed") !=
        std::string::npos);
  const auto report = ParseJson(again.out);
  REQUIRE(report);
  CHECK(SchemaProblem("user.output.schema.json", *report).empty());
  CHECK(report->Find("nodes")->AsArray().front().StringOr("outcome") == "updated");

  CHECK(stage.Run({"user", "remove", "render", name}).out ==
        id + "  removed\n1 node: 1 removed.\n");
  CHECK(login().code == 255);
  CHECK(stage.Run({"user", "remove", "render", name}).out ==
        id + "  not there\n1 node: 1 not there.\n");
}

TEST_CASE("ssh: what stands in the way is said before ssh runs") {
  const Stage stage;
  stage.WritePool("closed", 2);
  stage.WritePool("empty", 0, kSshRule);
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  const Outcome unknown = stage.Run({"ssh", "clsed"});
  CHECK(unknown.code == 64);
  CHECK(unknown.err == "error: no live pool 'clsed' in account demo (did you mean 'closed'?)\n");
  const Outcome many = stage.Run({"ssh", "closed"});
  CHECK(many.code == 64);
  CHECK(many.err.find("error: pool 'closed' has 2 nodes, name one or give --any: tvmps_") == 0);
  const Outcome nobody = stage.Run({"ssh", "closed", "tvmps_x"});
  CHECK(nobody.code == 64);
  CHECK(nobody.err ==
        "error: pool 'closed' has no node 'tvmps_x'\n"
        "hint: `poolkeeper nodes closed` lists them\n");
  const Outcome closed = stage.Run({"ssh", "closed", "--any"});
  CHECK(closed.code == 5);
  CHECK(closed.err.find("of pool 'closed' has no remote login: 409 OperationNotValidOnNode") !=
        std::string::npos);
  CHECK(closed.err.find("\nhint: a pool needs an inbound NAT pool to port 22 in "
                        "networkConfiguration.endpointConfiguration\n") != std::string::npos);
  const Outcome empty = stage.Run({"ssh", "empty"});
  CHECK(empty.code == 5);
  CHECK(empty.err == "error: pool 'empty' has no nodes\n");
  const Outcome loose = stage.Run({"ssh", "closed", "n", "uptime"});
  CHECK(loose.code == 64);
  CHECK(loose.err ==
        "error: unexpected argument 'uptime'\n"
        "hint: put -- before the command: `poolkeeper ssh POOL -- COMMAND`\n");
  const Outcome both = stage.Run({"ssh", "closed", "tvmps", "--any"});
  CHECK(both.code == 64);
  CHECK(both.err ==
        "error: 'tvmps' names a node, and --any takes any: give one of them\n"
        "hint: see `poolkeeper ssh --help`\n");
  CHECK(stage.Run({"plan", "--", "ssh"}).code == 64);
}

TEST_CASE("ssh: the command line that would run is printed for the asking") {
  const Stage stage("login: {address: 192.0.2.7, port: 50001}\n");
  stage.WritePool("render", 1, kSshRule);
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  const Outcome line = stage.Run({"ssh", "render", "--any", "-l", "ada", "-o", "LogLevel=ERROR",
                                  "--print", "--", "echo", "a b"});
  CHECK(line.code == 0);
  CHECK(line.out.find("ssh -o LogLevel=ERROR -p 50001 -o HostKeyAlias=tvmps_") == 0);
  CHECK(line.out.find(
            ".render -o StrictHostKeyChecking=accept-new -l ada -- 192.0.2.7 echo 'a b'\n") !=
        std::string::npos);
}

}  // namespace
}  // namespace reconciler::daemon
