// The program and the emulator of the service, each a process, from the first spec to a kill.
#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <string>

#include "reconciler/core/json.h"
#include "tests/daemon/output_schema.h"
#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

std::size_t CountOf(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("story: from a spec to a pool, and back to it after somebody resized it") {
  const Stage stage;
  stage.WritePool("render", 1);
  const Outcome valid = stage.Run({"validate", "specs"});
  CHECK(valid.code == 0);
  const Outcome first = stage.Run({"plan"});
  CHECK(first.code == 2);
  CHECK(first.out.find("+ pool render   demo, render.yaml\n") == 0);
  CHECK(first.out.find("\nPlan: 1 to create, 0 to change, 0 blocked.\n") != std::string::npos);

  const Outcome applied = stage.Run({"apply", "--wait", "--timeout", "40s"});
  CHECK(applied.code == 0);
  CHECK(applied.out.find("\n1 of 1 pool Ready.\n") != std::string::npos);
  const Outcome nothing = stage.Run({"plan"});
  CHECK(nothing.code == 0);
  CHECK(nothing.out.find("No changes. 1 pool matches sha256:") == 0);

  stage.ResizeBehindOurBack("render", 3);
  const Outcome drift = stage.Run({"plan"});
  CHECK(drift.code == 2);
  CHECK(drift.out.find("~ pool render   demo, render.yaml\n") == 0);
  CHECK(drift.out.find("targetDedicatedNodes    3 -> 1") != std::string::npos);
  // A resize of somebody else's that still runs is waited for.
  bool sent = false;
  const auto end = steady_clock::now() + seconds(20);
  while (!sent && steady_clock::now() < end) {
    sent = stage.Run({"apply"}).out.find("1 call sent. ") != std::string::npos;
  }
  CHECK(sent);
  CHECK(stage.BecomesReady());

  const Outcome status = stage.Run({"status", "--format", "json"});
  CHECK(status.code == 0);
  const auto json = ParseJson(status.out);
  REQUIRE(json);
  const Value* pools = json->Find("pools");
  REQUIRE(pools != nullptr);
  REQUIRE(pools->AsArray().size() == 1);
  const Value& pool = pools->AsArray().front();
  CHECK(pool.StringOr("pool") == "render");
  CHECK(pool.StringOr("condition") == "Ready");
  CHECK(pool.IntOr("nodes", 0) == 1);
  CHECK(pool.IntOr("targetNodes", 0) == 1);
  CHECK(stage.Run({"status"}).out ==
        "POOL    CONDITION  REASON  NODES  IMAGE  MESSAGE\n"
        "render  Ready      InSync  1/1    -\n1 of 1 pool Ready.\n"
        "From a look at the service just now; no daemon answers at /run/poolkeeper/status.sock or "
        "state/status.sock.\n");
}

TEST_CASE("story: the newest image of a pattern is chosen at create, and a newer one is a note") {
  const Stage stage;
  const auto write = [&](const std::string& pattern) {
    stage.folder().Write("specs/hpc.yaml",
                         "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: hpc}\n"
                         "spec:\n  vmSize: standard_d2_v3\n  virtualMachineConfiguration:\n"
                         "    imageReference: {publisher: microsoft-dsvm, offer: ubuntu-hpc}\n"
                         "  targetDedicatedNodes: 0\n"
                         "policy: {image: {newest: {skuPattern: '" +
                             pattern + "'}}}\n");
  };
  write("22*");
  const Outcome applied = stage.Run({"apply", "--wait", "--timeout", "40s"});
  CHECK(applied.code == 0);
  CHECK(applied.out.find("imageReference.sku          \"2204\"") != std::string::npos);
  write("2*04");  // 2404 is newer; the pool matches, and stays
  const Outcome noted = stage.Run({"plan"});
  CHECK(noted.code == 0);
  CHECK(noted.out.find("hpc: a new pool would get the newer image 2404 (policy.image.newest)\n"
                       "No changes. 1 pool matches ") == 0);
  const Outcome images = stage.Run({"images", "--in-use"});
  CHECK(images.code == 0);
  CHECK(images.out.find("newer for a new pool of hpc: 2404 (policy.image.newest)") !=
        std::string::npos);
  const Outcome json = stage.Run({"images", "--in-use", "--format", "json"});
  CHECK(SchemaProblem("images.output.schema.json", ParseJson(json.out).value()).empty());
  const Outcome plan = stage.Run({"plan", "--format", "json"});
  CHECK(SchemaProblem("plan.output.schema.json", ParseJson(plan.out).value()).empty());
  CHECK(plan.out.find("\"newerSku\": \"2404\"") != std::string::npos);
  write("24*");
  const Outcome blocked = stage.Run({"plan"});
  CHECK(blocked.out.find("\"2204\" -> \"2404\"") != std::string::npos);
  CHECK(blocked.out.find("Plan: 0 to create, 0 to change, 1 blocked.") != std::string::npos);
}

TEST_CASE("story: status comes from the daemon that runs, and says so") {
  const Stage stage;
  stage.WritePool("render", 1);
  const auto daemon = stage.Start({"run", "--no-show"});
  REQUIRE(daemon->WaitForLog("condition=Ready"));
  const Outcome status = stage.Run({"status"});
  CHECK(status.code == 0);
  CHECK(status.out.find("\nFrom the daemon (process " + std::to_string(daemon->pid()) + ", up ") !=
        std::string::npos);
  const Outcome one = stage.Run({"status", "RENDER"});
  CHECK(one.out.find("render is Ready (InSync) for ") == 0);
  CHECK(one.out.find("\n  nodes     1 there, target 1\n") != std::string::npos);
  CHECK(stage.Run({"status", "rendr"}).code == 64);
  const auto json = ParseJson(stage.Run({"status", "--format", "json"}).out);
  REQUIRE(json);
  CHECK(SchemaProblem("status.output.schema.json", *json).empty());
  CHECK(json->Find("source")->StringOr("kind") == "daemon");

  // Also for who may not read the key.
  stage.folder().Write("demo.key", "rubbish");
  CHECK(stage.Run({"status"}).code == 0);
  CHECK(stage.Run({"names", "pools"}).out == "render\n");
  CHECK(stage.Run({"status", "--fresh"}).code == 65);
  daemon->Signal(SIGTERM);
  CHECK(daemon->Wait() == 0);
  CHECK(stage.Run({"status"}).code == 65);
}

TEST_CASE("story: status --watch writes what changes, and ends when it is told to") {
  const Stage stage;
  stage.WritePool("render", 1);
  const auto watch = stage.Start({"status", "--watch"});
  REQUIRE(watch->WaitForOutput("demo render Progressing (Creating) 0/1: does not exist yet\n"));
  watch->Signal(SIGINT);
  CHECK(watch->Wait() == 130);
}

TEST_CASE("story: a daemon that is killed in the middle goes on where it was") {
  const Stage stage;
  for (const char* name : {"one", "two", "three"}) stage.WritePool(name, 1);
  const auto first = stage.Start({"run", "--no-show"});
  REQUIRE(first->WaitForLog("action accepted"));
  const Outcome second = stage.Run({"run"});
  CHECK(second.code == 1);
  CHECK(second.err.find("error: owner 'test' is already kept by process " +
                        std::to_string(first->pid()) + " (") == 0);
  first->Signal(SIGKILL);
  CHECK(first->Wait() == 128 + SIGKILL);
  const Outcome restarted = stage.Run({"run", "--exit-when-ready=40s"});
  CHECK(restarted.code == 0);
  CHECK(restarted.err.find("action=create") == std::string::npos);
  CHECK(CountOf(restarted.err, "specs loaded") == 1);
  CHECK(stage.Run({"plan"}).code == 0);
}

TEST_CASE("story: run shows a plan before it acts on it") {
  const Stage stage;
  stage.WritePool("render", 1);
  Process process(
      "/bin/sh",
      {"-c", std::string("exec " POOLKEEPER_BINARY " run --show --config poolkeeper.yaml 2>&1")},
      stage.folder().path());
  REQUIRE(process.WaitForOutput("action accepted"));
  process.Signal(SIGTERM);
  CHECK(process.Wait() == 0);
  const std::size_t shown = process.out().find("Plan: 1 to create");
  CHECK(shown != std::string::npos);
  CHECK(shown < process.out().find("action accepted"));
}

TEST_CASE("story: apply --wait ends with the error of a resize as soon as the pool is steady") {
  const Stage stage("accounts:\n  - {name: demo, dedicatedCoreQuota: 4}\n");
  stage.WritePool("render", 4);
  const auto begun = steady_clock::now();
  const Outcome outcome = stage.Run({"apply", "--wait", "--timeout", "60s"});
  CHECK(outcome.code == 4);
  CHECK(outcome.out.find("  render is Degraded (QuotaReached): 2 of 4, "
                         "AccountCoreQuotaReached: ") != std::string::npos);
  CHECK(steady_clock::now() - begun < seconds(30));
}

TEST_CASE("story: without last good specs nothing is written until a person has acted") {
  const Stage stage;
  stage.WritePool("render", 1);
  REQUIRE(stage.Run({"apply"}).code == 0);
  stage.folder().Write("state/last-good.json", "garbage");
  stage.WritePool("render", 2);
  const std::string unknown =
      "the last good state of the specs is unknown: state/last-good.json: not JSON at byte 0: "
      "Invalid value";
  const std::string hint =
      "hint: put the file back from a backup, or move it away: poolkeeper then remembers anew, "
      "leaves alone pools whose specs are broken now, and does not miss what left the specs "
      "before\n";
  const Outcome plan = stage.Run({"plan"});
  CHECK(plan.code == 2);
  CHECK(plan.err == "warning: " + unknown + "\n" + hint);
  const Outcome apply = stage.Run({"apply"});
  CHECK(apply.code == 1);
  CHECK(apply.err == "error: " + unknown + "; nothing is applied\n" + hint);

  const auto run = stage.Start({"run", "--no-show"});
  CHECK(run->WaitForLog("level=warning msg=\"state folder could not be used\" detail=\"" + unknown +
                        "; no pool is written until it can be read, or is moved away\""));
  CHECK(run->WaitForLog("frozen, nothing is written\""));
  CHECK(stage.folder().Read("state/last-good.json") == "garbage");
  REQUIRE(std::rename((stage.folder() / "state/last-good.json").c_str(),
                      (stage.folder() / "moved").c_str()) == 0);
  CHECK(run->WaitForLog("action=resize"));
  CHECK(run->err().find("action=resize") > run->err().find("no longer frozen"));
  run->Signal(SIGTERM);
  CHECK(run->Wait() == 0);
}

}  // namespace
}  // namespace reconciler::daemon
