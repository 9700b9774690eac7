// The built program from the outside: exit codes, outputs, signals.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <string>

#include "daemon/install_place.h"
#include "tests/daemon/process.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

constexpr std::string_view kGoodSpec = R"(apiVersion: poolkeeper/v1
kind: Pool
metadata: {name: render}
spec:
  vmSize: standard_d2_v3
  virtualMachineConfiguration:
    imageReference: {publisher: canonical, offer: 0001-com-ubuntu-server-jammy, sku: 22_04-lts}
  targetDedicatedNodes: 2
)";

void WriteConfig(const TempFolder& folder, std::uint16_t port, const std::string& more = "") {
  folder.Write("demo.key", "AAECAwQFBgcICQoLDA0ODw==\n");
  folder.Write("poolkeeper.yaml",
               "apiVersion: poolkeeper/v1\nkind: Config\nowner: test\n"
               "source: {path: specs, id: test}\nstate: state\n" +
                   more + "accounts:\n  - name: demo\n    endpoint: http://127.0.0.1:" +
                   std::to_string(port) +
                   "\n    allowCustomEndpoint: true\n    mode: manage\n"
                   "    auth: {sharedKey: {file: demo.key}}\n");
}

TEST_CASE("program: version, help and usage have their exit codes") {
  CHECK(RunProgram({"version"}).out.rfind("poolkeeper ", 0) == 0);
  for (const char* verb :
       {"validate", "check", "plan", "apply", "run", "status", "images", "version"}) {
    const Outcome help = RunProgram({verb, "--help"});
    CHECK(help.code == 0);
    CHECK(help.out.find("Example:\n  poolkeeper " + std::string(verb)) != std::string::npos);
  }
  CHECK(RunProgram({}).code == 64);
  CHECK(RunProgram({"plam"}).err ==
        "error: unknown command 'plam' (did you mean 'plan'?)\nhint: see `poolkeeper --help`\n");
}

TEST_CASE("program: a reader that goes away is no error to tell of") {
  const TempFolder folder;
  // The reader is gone before the program begins.
  Process shell("/bin/bash",
                {"-c", std::string("mkfifo ready; { read -r _ < ready; ") + POOLKEEPER_BINARY +
                           " --help; echo code $? >&2; } | { exec 0<&-; echo > ready; }"},
                folder.path());
  (void)shell.Wait();
  CHECK(shell.err() == "code 141\n");
}

TEST_CASE("validate: prints every finding with its place and counts them") {
  const TempFolder folder;
  folder.Write("specs/good.yaml", kGoodSpec);
  std::string misspelt(kGoodSpec);
  misspelt.replace(misspelt.find("name: render"), 12, "name: simulation");
  folder.Write("specs/bad.yaml", misspelt + "  targetDedicatedNode: 3\n");
  folder.Write("specs/sub/worse.yml", "kind: Pool\n");
  const Outcome good = RunProgram({"validate", "specs/good.yaml"}, folder.path());
  CHECK(good.code == 0);
  CHECK(good.out == "1 file is valid (Batch api-version 2025-06-01)\n");
  CHECK(good.err.empty());
  const Outcome bad = RunProgram({"validate", "specs"}, folder.path());
  CHECK(bad.code == 65);
  CHECK(bad.out.find("specs/bad.yaml:9:3: ") == 0);
  CHECK(bad.out.find("\n      targetDedicatedNode: 3\n      ^\n") != std::string::npos);
  CHECK(bad.out.find("\nspecs/sub/worse.yml:1:1: ") != std::string::npos);
  CHECK(bad.out.find(" errors in 2 of 3 files (Batch api-version 2025-06-01)\n") !=
        std::string::npos);
}

TEST_CASE("validate: a path that cannot be read is 65 and does not hide the others") {
  const TempFolder folder;
  folder.Write("bad.yaml", "kind: Pool\n");
  REQUIRE(::mkfifo((folder / "fifo.yaml").c_str(), 0600) == 0);
  const Outcome outcome =
      RunProgram({"validate", "none.yaml", "fifo.yaml", "bad.yaml"}, folder.path());
  CHECK(outcome.code == 65);
  CHECK(outcome.out.find("bad.yaml:1:1: ") != std::string::npos);
  CHECK(outcome.out.find("fifo.yaml:1:1: is a FIFO, only regular files are read\n") !=
        std::string::npos);
  CHECK(outcome.out.find("none.yaml:1:1: cannot open it: no such file or directory\n") !=
        std::string::npos);
}

TEST_CASE("validate: the totals count what could not be read as well") {
  const TempFolder folder;
  folder.Write("good.yaml", kGoodSpec);
  folder.Write("bad.yaml", "kind: Pool\n");
  const Outcome one = RunProgram({"validate", "none.yaml", "good.yaml"}, folder.path());
  CHECK(one.out.find("\n1 error in 1 of 2 files (Batch api-version 2025-06-01)\n") !=
        std::string::npos);
  const Outcome two = RunProgram({"validate", "none.yaml", "good.yaml", "bad.yaml"}, folder.path());
  CHECK(two.code == 65);
  CHECK(two.out.find(" errors in 2 of 3 files (Batch api-version 2025-06-01)\n") !=
        std::string::npos);
  CHECK(RunProgram({"validate", "no-folder"}, folder.path()).out ==
        "no-folder: cannot open it: no such file or directory\n"
        "1 error (Batch api-version 2025-06-01)\n");
}

TEST_CASE("validate: one file of a tree is checked with the defaults of the folders above") {
  const TempFolder folder;
  folder.Write("specs/defaults.yaml",
               "apiVersion: poolkeeper/v1\nkind: PoolDefaults\nspec: {vmSize: standard_d2_v3}\n");
  std::string spec(kGoodSpec);
  spec.erase(spec.find("  vmSize"), std::string("  vmSize: standard_d2_v3\n").size());
  folder.Write("specs/a/b/pool.yaml", spec);
  const Outcome outcome = RunProgram({"validate", "specs/a/b/pool.yaml"}, folder.path());
  CHECK(outcome.out == "1 file is valid (Batch api-version 2025-06-01)\n");
  CHECK(RunProgram({"validate", "./specs/a/../a/b"}, folder.path()).code == 0);
  CHECK(RunProgram({"validate", "pool.yaml"}, folder / "specs/a/b").code == 65);
}

TEST_CASE("plan: a bad configuration is 65 and says everything at once") {
  const TempFolder folder;
  WriteConfig(folder, 1, "intervall: 60s\nstate: other\n");
  const Outcome outcome = RunProgram({"--config", "poolkeeper.yaml", "plan"}, folder.path());
  CHECK(outcome.code == 65);
  CHECK(outcome.err.find("poolkeeper.yaml:7:1: ") != std::string::npos);
  CHECK(outcome.err.find("error: the configuration poolkeeper.yaml cannot be used, ") !=
        std::string::npos);
  const Outcome missing = RunProgram({"plan", "--config", "none.yaml"}, folder.path());
  CHECK(missing.code == 65);
  CHECK(missing.err ==
        "cannot open none.yaml: no such file or directory\n"
        "error: the configuration none.yaml cannot be used, 1 error\n"
        "hint: name one with --config FILE; " +
            ExampleConfigFile() + " is an example\n");
}

TEST_CASE("plan: an account or pool that nobody knows is 64, with the nearest name") {
  const TempFolder folder;
  WriteConfig(folder, 1);
  folder.Write("specs/good.yaml", kGoodSpec);
  const Outcome account =
      RunProgram({"plan", "--config", "poolkeeper.yaml", "--account", "dmo"}, folder.path());
  CHECK(account.code == 64);
  CHECK(account.err == "error: the configuration has no account 'dmo' (did you mean 'demo'?)\n");
  const Outcome pool = RunProgram({"plan", "--config", "poolkeeper.yaml", "rendr"}, folder.path());
  CHECK(pool.code == 64);
  CHECK(pool.err == "error: no spec names a pool 'rendr' (did you mean 'render'?)\n");
}

TEST_CASE("plan: JSON names the accounts that could not be reached") {
  const TempFolder folder;
  WriteConfig(folder, 1);  // nobody listens there
  folder.Write("specs/good.yaml", kGoodSpec);
  const Outcome outcome =
      RunProgram({"plan", "--config", "poolkeeper.yaml", "--format", "json"}, folder.path());
  CHECK(outcome.code == 1);
  CHECK(outcome.out.find("{\n  \"accounts\": [],\n  \"errors\": [\n    {\n"
                         "      \"account\": \"demo\",\n      \"kind\": \"not_sent\",\n"
                         "      \"message\": \"account 'demo': list pools: not sent: ") == 0);
  CHECK(outcome.out.find("\n  \"formatVersion\": \"1\"\n}\n") != std::string::npos);
  CHECK(outcome.err.find("error: account 'demo': list pools: not sent: ") == 0);
}

TEST_CASE("apply: --timeout ends a request that hangs, and says what was awaited") {
  const TempFolder folder;
  HangingServer server;
  WriteConfig(folder, server.port());
  folder.Write("specs/good.yaml", kGoodSpec);
  for (const bool wait : {false, true}) {
    CAPTURE(wait);
    std::vector<std::string> arguments = {"apply", "--config", "poolkeeper.yaml", "--timeout",
                                          "1s"};
    if (wait) arguments.emplace_back("--wait");
    const Outcome outcome = RunProgram(arguments, folder.path());
    CHECK(outcome.code == 9);
    CHECK(outcome.err ==
          "error: not done after 1s; still awaited: account 'demo': its pools have not been read "
          "yet\n");
  }
}

TEST_CASE("verbs that look: a signal ends them at once, and they say nothing of what they lack") {
  const TempFolder folder;
  HangingServer server;
  WriteConfig(folder, server.port());
  folder.Write("specs/good.yaml", kGoodSpec);
  for (const char* verb : {"plan", "diff", "status", "images", "nodes", "check"}) {
    CAPTURE(verb);
    for (const auto& [signal, code] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143)}) {
      Process process({verb, "--config", "poolkeeper.yaml"}, folder.path());
      REQUIRE(server.WaitForRequest());
      process.Signal(signal);
      CHECK(process.Wait() == code);
      CHECK(process.out().empty());
    }
  }
}

TEST_CASE("run: SIGTERM ends it with 0 within two seconds although a request hangs") {
  const TempFolder folder;
  HangingServer server;
  WriteConfig(folder, server.port());
  folder.Write("specs/good.yaml", kGoodSpec);
  Process process({"run", "--config", "poolkeeper.yaml"}, folder.path());
  REQUIRE(server.WaitForRequest());
  const auto begun = std::chrono::steady_clock::now();
  process.Signal(SIGTERM);
  CHECK(process.Wait() == 0);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(2));
  CHECK(process.err().find("msg=\"daemon stopping\" signal=15") != std::string::npos);
}

TEST_CASE("run: a second one of the same owner is refused and names the first") {
  const TempFolder folder;
  HangingServer server;
  WriteConfig(folder, server.port());
  Process first({"run", "--config", "poolkeeper.yaml"}, folder.path());
  REQUIRE(first.WaitForLog("daemon started"));
  const Outcome second = RunProgram({"run", "--config", "poolkeeper.yaml"}, folder.path());
  CHECK(second.code == 1);
  CHECK(second.err.find("error: owner 'test' is already kept by process ") == 0);
  first.Signal(SIGTERM);
  CHECK(first.Wait() == 0);
}

TEST_CASE("run: SIGHUP reads the configuration again, and a bad one leaves the old in place") {
  const TempFolder folder;
  HangingServer server;
  WriteConfig(folder, server.port());
  Process process({"run", "--config", "poolkeeper.yaml"}, folder.path());
  REQUIRE(process.WaitForLog("specs loaded"));
  WriteConfig(folder, server.port(), "interval: never\n");
  process.Signal(SIGHUP);
  CHECK(process.WaitForLog("new configuration refused, the old one stays"));
  CHECK(process.WaitForLog("poolkeeper.yaml:6:11: "));
  WriteConfig(folder, server.port());
  std::string moved = folder.Read("poolkeeper.yaml");
  moved.replace(moved.find("id: test"), 8, "id: next");
  folder.Write("poolkeeper.yaml", moved);
  process.Signal(SIGHUP);
  CHECK(process.WaitForLog(
      "poolkeeper.yaml: source.id has changed from 'test' to 'next', which needs a restart; pools "
      "that carry the source 'test' are those of another repository then, and are not written"));
  WriteConfig(folder, server.port(), "interval: 2m\n");
  process.Signal(SIGHUP);
  CHECK(process.WaitForLog("configuration reloaded"));
  process.Signal(SIGTERM);
  CHECK(process.Wait() == 0);
}

TEST_CASE("run: another proxy in the configuration is used after SIGHUP") {
  const TempFolder folder;
  WriteConfig(folder, 1);
  std::string away = folder.Read("poolkeeper.yaml");
  const std::size_t from = away.find("http://127.0.0.1:");
  away.replace(from, away.find('\n', from) - from, "https://demo.invalid");
  folder.Write("poolkeeper.yaml", away + "http: {proxy: \"http://127.0.0.1:7\"}\n");
  Process process({"run", "--config", "poolkeeper.yaml"}, folder.path());
  REQUIRE(process.WaitForLog("not sent: proxy http://127.0.0.1:7: failed to connect"));
  folder.Write("poolkeeper.yaml", away + "http: {proxy: \"http://127.0.0.1:9\"}\n");
  process.Signal(SIGHUP);
  CHECK(process.WaitForLog("not sent: proxy http://127.0.0.1:9: failed to connect"));
  process.Signal(SIGTERM);
  CHECK(process.Wait() == 0);
}

TEST_CASE("run: a missing spec folder does not end it, and one that appears is seen") {
  const TempFolder folder;
  HangingServer server;
  WriteConfig(folder, server.port());
  Process process({"run", "--config", "poolkeeper.yaml"}, folder.path());
  REQUIRE(process.WaitForLog("complete=false"));
  folder.Write("specs/good.yaml", kGoodSpec);
  const auto written = std::chrono::steady_clock::now();
  CHECK(process.WaitForLog("pools=1 files=1 findings=0 complete=true"));
  // Nobody writes for two seconds before a tree counts as written.
  CHECK(std::chrono::steady_clock::now() - written > std::chrono::milliseconds(1900));
  process.Signal(SIGTERM);
  CHECK(process.Wait() == 0);
}

TEST_CASE("run: a tree that was just written is not read at the start either") {
  const TempFolder folder;
  HangingServer server;
  WriteConfig(folder, server.port());
  const auto written = std::chrono::steady_clock::now();
  folder.Write("specs/good.yaml", kGoodSpec);
  Process process({"run", "--config", "poolkeeper.yaml"}, folder.path());
  CHECK(process.WaitForLog("specs loaded"));
  CHECK(std::chrono::steady_clock::now() - written > std::chrono::milliseconds(1900));
  process.Signal(SIGTERM);
  CHECK(process.Wait() == 0);
}

TEST_CASE("run: leaves with the reason when it cannot become ready in time") {
  const TempFolder folder;
  HangingServer server;
  WriteConfig(folder, server.port());
  folder.Write("specs/good.yaml", kGoodSpec);
  const Outcome outcome =
      RunProgram({"run", "--config", "poolkeeper.yaml", "--exit-when-ready=1s"}, folder.path());
  CHECK(outcome.code == 9);
}

}  // namespace
}  // namespace reconciler::daemon
