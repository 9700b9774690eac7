// What verbs write for machines fits the schemas that document it.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "reconciler/core/json.h"
#include "tests/daemon/output_schema.h"
#include "tests/daemon/stage.h"

namespace reconciler::daemon {
namespace {

void Fits(const Stage& stage, std::vector<std::string> verb) {
  const std::string schema = verb.front() + ".output.schema.json";
  CAPTURE(schema);
  verb.insert(verb.end(), {"--format", "json"});
  const Outcome outcome = stage.Run(verb);
  const auto json = ParseJson(outcome.out);
  REQUIRE_MESSAGE(json, (outcome.out + outcome.err));
  CHECK(json->StringOr("formatVersion") == "1");
  CHECK(SchemaProblem(schema, *json) == "");
}

void AllFit(const Stage& stage) {
  Fits(stage, {"plan"});
  Fits(stage, {"diff"});
  Fits(stage, {"diff", "--all"});
  Fits(stage, {"status", "--fresh"});
  Fits(stage, {"images", "--in-use"});
  Fits(stage, {"nodes"});
  Fits(stage, {"check"});
}

TEST_CASE("output: each verb that reads fits its schema, whatever there is to say") {
  const Stage stage;
  stage.WritePool("alpha", 1, "  startTask: {commandLine: hostname}\n");
  stage.WritePool("beta", 1);
  Fits(stage, {"version"});
  Fits(stage, {"validate", "specs"});
  AllFit(stage);
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  AllFit(stage);

  // A change, a blocked one, a spec that broke, a new pool that cannot be made, an orphan.
  stage.WritePool("alpha", 2, "  startTask: {commandLine: |\n    echo a\n    echo b\n    }\n");
  stage.WritePool("alpha", 2, "  startTask: {commandLine: printenv}\n  taskSlotsPerNode: 4\n");
  stage.WritePool("delta", 1, "  interNode: yes\n");
  stage.folder().Write("specs/beta.yaml", "");
  AllFit(stage);
  Fits(stage, {"validate", "specs"});
  stage.WritePool("beta", 1);
  stage.folder().Write("state/freeze", "");
  AllFit(stage);
}

TEST_CASE("output: a formula that is right, wrong, evaluated, and one that fails") {
  const Stage stage;
  stage.folder().Write("right.txt", "$TargetDedicatedNodes = $PendingTasks");
  stage.folder().Write("wrong.txt", "$TargetDedicatedNodes = (");
  stage.folder().Write(
      "short.txt", "$TargetDedicatedNodes = avg($PendingTasks.GetSample(TimeInterval_Hour, 70))");
  const auto check = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"autoscale", "check"});
    Fits(stage, std::move(more));
  };
  check({"right.txt"});
  check({"wrong.txt"});
  check({"right.txt", "--sample", "$PendingTasks=4,8"});
  check({"short.txt", "--evaluate"});
  const Outcome run = stage.Run(
      {"autoscale", "check", "right.txt", "--sample", "$PendingTasks=4,8", "--format", "json"});
  const auto json = ParseJson(run.out);
  REQUIRE(json);
  CHECK(json->Find("evaluation")->IntOr("targetDedicatedNodes", 0) == 8);
  CHECK(stage.Run({"autoscale", "check", "short.txt", "--evaluate", "--format", "json"}).code == 1);
  CHECK(stage.Run({"autoscale", "check", "wrong.txt", "--format", "json"}).code == 65);
}

TEST_CASE("output: an account that cannot be read is an error in the document") {
  const Stage stage;
  stage.WritePool("alpha", 1);
  stage.folder().Write("demo.key", "AAAA\n");
  for (const char* verb : {"plan", "diff", "status"}) {
    const Outcome outcome = stage.Run({verb, "--format", "json"});
    CHECK(outcome.code == 3);
    const auto json = ParseJson(outcome.out);
    REQUIRE(json);
    CHECK(SchemaProblem(std::string(verb) + ".output.schema.json", *json) == "");
    CHECK(json->Find("errors")->AsArray().front().StringOr("kind") == "unauthorized");
  }
  const Outcome status = stage.Run({"status"});
  CHECK(status.out.find("POOL      CONDITION  REASON        NODES  IMAGE  MESSAGE\n"
                        "(1 pool)  Unknown    unauthorized  -      -      account 'demo': ") == 0);
}

TEST_CASE("diff: several lines are a unified diff, each property has its place and its cause") {
  const Stage stage;
  stage.WritePool("render", 1, "  startTask:\n    commandLine: |\n      set -e\n      echo one\n");
  REQUIRE(stage.Run({"apply", "--wait", "--timeout", "40s"}).code == 0);
  CHECK(stage.Run({"diff"}).out == "No differences.\n");
  CHECK(stage.Run({"diff"}).code == 0);
  stage.WritePool("render", 2, "  startTask:\n    commandLine: |\n      set -e\n      echo two\n");
  const Outcome diff = stage.Run({"diff", "render"});
  CHECK(diff.code == 2);
  CHECK(diff.out.find("pool render   demo, render.yaml:3:18   last written at revision sha256:") ==
        0);
  CHECK(diff.out.find("\n  ~ startTask.commandLine   render.yaml:10:5\n"
                      "      --- live\n"
                      "      +++ spec\n"
                      "      @@ -1,2 +1,2 @@\n"
                      "       set -e\n"
                      "      -echo one\n"
                      "      +echo two\n"
                      "      applied  what is live\n") != std::string::npos);
  CHECK(diff.out.find("      state    planned, cause SpecChanged, cost reboot: reaches nodes when "
                      "they restart\n") != std::string::npos);
  CHECK(diff.out.find("  ~ targetDedicatedNodes   render.yaml:8:3\n"
                      "      spec     2\n"
                      "      live     1\n") != std::string::npos);
  const Outcome all = stage.Run({"diff", "render", "--all"});
  CHECK(all.out.find("\n  vmSize                            ") != std::string::npos);
  CHECK(all.out.find("\n  startTask.maxTaskRetryCount       ") != std::string::npos);
}

}  // namespace
}  // namespace reconciler::daemon
