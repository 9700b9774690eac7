#include "daemon/status_socket.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "daemon/own_daemon.h"
#include "reconciler/core/json.h"
#include "tests/daemon/notify_socket.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

std::string Document(const std::string& filler = "") {
  StatusReport report;
  report.pid = 7;
  report.owner = "fleet";
  report.source = "pools";
  report.made = *ParseTime("2026-07-01T12:00:00Z");
  AccountStatus account;
  account.account = "demo";
  account.parked = filler;
  report.accounts = {account};
  return WriteJson(StatusReportToJson(report)) + "\n";
}

/// A socket with a place in the file system; nobody listens.
FileDescriptor BoundTo(const std::string& path) {
  FileDescriptor bound(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  REQUIRE(::bind(bound.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return bound;
}

std::unique_ptr<StatusServer> Serve(const std::string& path, std::string document,
                                    const std::string& group = "") {
  auto server =
      StatusServer::Start(path, group, [document = std::move(document)] { return document; });
  REQUIRE_MESSAGE(server, (server ? "" : server.error().message));
  return std::move(*server);
}

TEST_CASE("status socket: who asks is answered, as often as it asks; nobody is no error") {
  const TempFolder folder;
  const std::string path = folder / "status.sock";
  {
    const auto nobody = AskDaemon(path);
    REQUIRE(nobody);
    CHECK_FALSE(*nobody);
  }
  // More than the kernel's buffer of a socket.
  const auto server = Serve(path, Document(std::string(3 << 20, 'x')));
  for (int i = 0; i < 3; ++i) {
    const auto report = AskDaemon(path);
    REQUIRE(report);
    REQUIRE(*report);
    CHECK((*report)->owner == "fleet");
    CHECK((*report)->accounts.front().parked.size() == 3U << 20U);
  }
}

TEST_CASE("status socket: a daemon that hangs is told from none, with its process") {
  const TempFolder folder;
  const std::string path = folder / "status.sock";
  const FileDescriptor listener = BoundTo(path);
  REQUIRE(::listen(listener.get(), 1) == 0);  // the kernel connects, nobody ever answers
  const auto report = AskDaemon(path, std::chrono::milliseconds(20));
  REQUIRE_FALSE(report);
  CHECK(report.error().kind == ErrorKind::kTransient);
  CHECK(report.error().message == "the daemon (process " + std::to_string(::getpid()) +
                                      ") does not answer at " + path +
                                      " within 1 s: it hangs or is stopped");
}

TEST_CASE("status socket: who does not read holds up nobody") {
  const TempFolder folder;
  const std::string path = folder / "status.sock";
  const auto server = Serve(path, Document(std::string(3 << 20, 'x')));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  std::vector<FileDescriptor> lazy;
  for (int i = 0; i < 5; ++i) {
    lazy.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(lazy.back().get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof address) == 0);
  }
  const auto report = AskDaemon(path);
  REQUIRE(report);
  CHECK(*report);
}

TEST_CASE("status socket: only root, its own user and its group may read") {
  if (::geteuid() != 0) return;  // cannot become somebody else
  const TempFolder folder;
  REQUIRE(::chmod(folder.path().c_str(), S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH) == 0);
  const std::string path = folder / "status.sock";
  const auto ask_as = [&](uid_t user, gid_t group, const std::vector<gid_t>& more = {}) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::setgroups(more.size(), more.data()) != 0) ::_exit(9);
      if (::setgid(group) != 0 || ::setuid(user) != 0) ::_exit(9);
      const auto report = AskDaemon(path);
      if (!report) ::_exit(report.error().kind == ErrorKind::kUnauthorized ? 3 : 4);
      ::_exit(*report ? 0 : 5);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
  };
  {
    const auto server = Serve(path, Document());
    CHECK(ask_as(0, 0) == 0);
    CHECK(ask_as(65534, 65534) == 3);
    REQUIRE(::chmod(path.c_str(), 0666) == 0);  // somebody opened it: they knock, and that is all
    CHECK(ask_as(65534, 65534) == 3);
  }
  const auto server = Serve(path, Document(), "daemon");  // group 1 everywhere
  CHECK(ask_as(65534, 1) == 0);
  CHECK(ask_as(65534, 65534, {2, 1}) == 0);
  CHECK(ask_as(65534, 65534, {2, 3}) == 3);
  CHECK(ask_as(65534, 65534) == 3);
  CHECK(ask_as(1, 65534) == 3);  // the user of that number is not the group
}

TEST_CASE("status socket: a daemon without rights answers its own user and root") {
  const TempFolder folder;
  REQUIRE(::chmod(folder.path().c_str(), S_IRWXU | S_IRWXG | S_IRWXO) == 0);
  const std::string path = folder / "status.sock";
  int ready[2] = {-1, -1};
  int over[2] = {-1, -1};
  REQUIRE((::pipe2(ready, O_CLOEXEC) == 0 && ::pipe2(over, O_CLOEXEC) == 0));
  const pid_t child = ::fork();
  char byte = 0;
  if (child == 0) {
    ::close(over[1]);
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(9);
    const auto server = StatusServer::Start(path, "", [] { return Document(); });
    if (!server) ::_exit(8);
    const auto own = AskDaemon(path);
    if (::write(ready[1], "r", 1) != 1) ::_exit(7);
    (void)!::read(over[0], &byte, 1);
    ::_exit(own && *own ? 0 : 3);
  }
  ::close(ready[1]);
  CHECK(::read(ready[0], &byte, 1) == 1);
  const auto asked = AskDaemon(path);  // root, or the same user
  REQUIRE(asked);
  CHECK(*asked);
  for (const int end : {ready[0], over[0], over[1]}) ::close(end);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("status socket: others cannot even knock, unless there is a group") {
  const TempFolder folder;
  const auto mode_of = [&](const std::string& group) {
    const auto server = Serve(folder / "status.sock", Document(), group);
    struct stat info {};
    REQUIRE(::stat((folder / "status.sock").c_str(), &info) == 0);
    return info.st_mode & 0777U;
  };
  CHECK(mode_of("") == 0600);
  CHECK(mode_of("daemon") == 0666);
}

TEST_CASE(
    "status socket: its place is the first folder that systemd made, else that of the state") {
  {
    const Variable none("RUNTIME_DIRECTORY", "");
    CHECK(DefaultStatusSocket("/var/lib/p") == "/var/lib/p/status.sock");
  }
  const Variable two("RUNTIME_DIRECTORY", "/run/a:/run/b");
  CHECK(DefaultStatusSocket("/var/lib/p") == "/run/a/status.sock");
  CHECK(StatusSocketCandidates("/var/lib/p") ==
        std::vector<std::string>{"/run/poolkeeper/status.sock", "/var/lib/p/status.sock"});
}

TEST_CASE("status socket: what a dead daemon left is replaced, all else stays") {
  const TempFolder folder;
  const std::string path = folder / "status.sock";
  { const FileDescriptor dead = BoundTo(path); }
  {
    const auto server = Serve(path, Document());
    const auto second = StatusServer::Start(path, "", [] { return ""; });
    REQUIRE_FALSE(second);
    CHECK(second.error().message == "status socket " + path + ": another process serves it");
    CHECK(AskDaemon(path).value());
  }
  CHECK(::access(path.c_str(), F_OK) != 0);  // it took its socket along
  folder.Write("status.sock", "mine");
  const auto refused = StatusServer::Start(path, "", [] { return ""; });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "status socket " + path + ": is a regular file");
  CHECK(folder.Read("status.sock") == "mine");
}

TEST_CASE("status socket: what cannot be served says why") {
  const TempFolder folder;
  const std::string far = folder / std::string(120, 'x');
  CHECK(StatusServer::Start(far, "", [] { return ""; }).error().message ==
        "status socket " + far +
            ": its path is longer than 107 bytes; name a shorter one with `status: {socket: ...}` "
            "of the configuration");
  const std::string path = folder / "status.sock";
  CHECK(StatusServer::Start(path, "no-such-group", [] { return ""; }).error().message ==
        "status socket " + path + ": group 'no-such-group' does not exist");
  CHECK(StatusServer::Start(folder / "gone/s", "", [] { return ""; }).error().message ==
        "status socket " + (folder / "gone/s") + ": no such file or directory");
}

TEST_CASE("own daemon: another fleet's, or one without the wanted account, is none of ours") {
  const TempFolder folder;
  const auto config = [&](const std::string& owner) {
    return folder.Write("poolkeeper.yaml",
                        "apiVersion: poolkeeper/v1\nkind: Config\nowner: " + owner +
                            "\nsource: {path: specs, id: pools}\nstatus: {socket: s}\naccounts:\n"
                            "  - {name: demo, endpoint: 'https://demo.westeurope.batch.azure.com', "
                            "mode: observe, auth: {sharedKey: {file: no-key}}}\n");
  };
  const auto server = Serve(folder / "s", Document());
  CHECK(OwnDaemon(config("fleet"), "").Ask().report);
  CHECK(OwnDaemon(config("fleet"), "demo").Ask().report);
  CHECK_FALSE(OwnDaemon(config("fleet"), "gamma").Ask().report);
  const OwnDaemon::Answer foreign = OwnDaemon(config("others"), "").Ask();
  CHECK_FALSE(foreign.report);
  REQUIRE(foreign.refusals.size() == 1);
  CHECK(foreign.refusals[0].kind == ErrorKind::kConflict);
  CHECK(foreign.refusals[0].message.find("keeps the pools of owner 'fleet' and source 'pools', "
                                         "this configuration says 'others' and ") !=
        std::string::npos);
  CHECK(OwnDaemon::AdviceFor(foreign.refusals[0]).find("restart the service") != std::string::npos);
  CHECK(OwnDaemon(config("fleet"), "").Places() == folder / "s");
}

TEST_CASE("status socket: rubbish is refused with the path") {
  const TempFolder folder;
  const std::string path = folder / "status.sock";
  const auto server = Serve(path, "{}");
  const auto report = AskDaemon(path);
  REQUIRE_FALSE(report);
  CHECK(report.error().message ==
        "the daemon's status at " + path + ": formatVersion is '', this poolkeeper reads '1'");
}

}  // namespace
}  // namespace reconciler::daemon
