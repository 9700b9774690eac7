#include "reconciler/spec/build.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "tests/spec/world.h"

namespace reconciler::spec {
namespace {

PoolSpec Build(const std::string& more) {
  const std::string text = PoolText("p", more);
  const Source source = MakeSource("a.yaml", text);
  FindingSink sink;
  return BuildPoolSpec(ReadYaml(source, sink)[0].root);
}

TEST_CASE("build: null stays at the top of the spec alone") {
  const PoolSpec pool = Build("  startTask: null\n  networkConfiguration: {subnetId: null}\n");
  CHECK(pool.body.Find("startTask")->IsNull());
  CHECK(WriteJson(*pool.body.Find("networkConfiguration")) == "{}");
}

TEST_CASE("build: the policy is read, and its defaults are those of the schema") {
  const Policy none = Build("").policy;
  CHECK(none.mode == Mode::kManage);
  CHECK(none.on_pending == OnPending::kWait);
  CHECK(none.node_deallocation_option == "requeue");
  const Policy policy =
      Build(
          "policy:\n  mode: observe\n  adopt: true\n"
          "  resize: {onPending: stop, nodeDeallocationOption: taskcompletion}\n"
          "  image: {allowUnverified: true, allowEnded: true, allowUnlisted: true,\n"
          "          newest: {skuPattern: '2?_04-lts'}}\n")
          .policy;
  CHECK(policy.mode == Mode::kObserve);
  CHECK(policy.adopt);
  CHECK(policy.on_pending == OnPending::kStop);
  CHECK(policy.node_deallocation_option == "taskcompletion");
  CHECK(policy.allow_unverified);
  CHECK(policy.allow_ended);
  CHECK(policy.allow_unlisted);
  CHECK(policy.newest_sku_pattern == "2?_04-lts");
  CHECK(WriteJson(WritePolicy(none)).find("newest") == std::string::npos);
  CHECK(WriteJson(WritePolicy(ReadPolicy(WritePolicy(policy)))) == WriteJson(WritePolicy(policy)));
}

TEST_CASE("build: the digest follows body and policy, not the order of members or comments") {
  const std::string digest = Build("  taskSlotsPerNode: 2\n  displayName: x\n").digest;
  CHECK(Build("  displayName: x # same\n  taskSlotsPerNode: 2\n").digest == digest);
  CHECK(Build("  displayName: y\n  taskSlotsPerNode: 2\n").digest != digest);
  CHECK(Build("  taskSlotsPerNode: 2\n  displayName: x\npolicy: {adopt: true}\n").digest != digest);
}

TEST_CASE("build: items of lists have positions by index, those of metadata by name") {
  const PoolSpec pool = Build(
      "  metadata: [{name: a, value: b}]\n"
      "  startTask:\n"
      "    commandLine: x\n"
      "    environmentSettings:\n"
      "      - {name: A, value: b}\n");
  CHECK(FormatPosition(pool.PositionOf("metadata.a")) == "a.yaml:8:14");
  CHECK(FormatPosition(pool.PositionOf("startTask.environmentSettings[0].value")) ==
        "a.yaml:12:19");
}

}  // namespace
}  // namespace reconciler::spec
