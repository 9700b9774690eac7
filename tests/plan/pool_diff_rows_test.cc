// What each row of a diff says.
#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/core/json.h"
#include "reconciler/plan/pool_diff.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

PoolDiff DiffOf(OnePool& pool, bool all = false) {
  const PoolPlan plan = pool.Decide();
  return DiffPool(pool.prepared, &pool.live, plan, PoolPropertyTable(), "2025-06-01", all);
}

const DiffRow* Row(const PoolDiff& diff, std::string_view path) {
  const auto found = std::find_if(diff.rows.begin(), diff.rows.end(),
                                  [&](const DiffRow& row) { return row.path == path; });
  return found == diff.rows.end() ? nullptr : &*found;
}

std::ptrdiff_t RowsOf(const PoolDiff& diff, std::string_view path) {
  return std::count_if(diff.rows.begin(), diff.rows.end(),
                       [&](const DiffRow& row) { return row.path == path; });
}

DiffState StateOf(const PoolDiff& diff, std::string_view path) {
  const DiffRow* row = Row(diff, path);
  REQUIRE_MESSAGE(row != nullptr, std::string(path));
  return row->state;
}

/// Replaces the record on the pool; nullptr: removes it.
void SetRecord(OnePool& pool, const char* text) {
  std::vector<MetadataItem> items = ReadMetadata(pool.live.body);
  const auto record = std::find_if(items.begin(), items.end(), [](const MetadataItem& item) {
    return item.name == "poolkeeper.applied";
  });
  REQUIRE(record != items.end());
  if (text == nullptr) {
    items.erase(record);
  } else {
    record->value = text;
  }
  pool.Set("metadata", WriteJson(WriteMetadata(items)));
}

TEST_CASE("pool diff: a row has all that the plan knows of a change, the diff that of the pool") {
  OnePool pool;
  pool.Remember();
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  pool.WantNothingOf("vmSize");
  const PoolDiff diff = DiffOf(pool);
  REQUIRE(diff.rows.size() == 1);
  const DiffRow& row = diff.rows.front();
  CHECK(row.spec == Value("printenv"));
  CHECK(row.live == Value("hostname"));
  CHECK_FALSE(row.sensitive);
  CHECK(row.cost == Cost::kReboot);
  CHECK(row.position.line == 21);
  CHECK(row.note == "reaches nodes when they restart");
  CHECK(diff.pool == "render-linux");
  CHECK(diff.presence == Presence::kPresent);
  CHECK(diff.ownership == Ownership::kOurs);
  CHECK(diff.position.line == 4);
  CHECK(diff.revision == "sha256:0123456789ab");
  REQUIRE(diff.released.size() == 1);
  CHECK(diff.released.front().property == "vmSize");
}

TEST_CASE("pool diff: what is not ours, or only observed, is shown and not touched") {
  OnePool pool;
  pool.Remember();
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  pool.Want("vmSize", R"("standard_d4_v3")");
  SUBCASE("observed") { pool.context.account_mode = Mode::kObserve; }
  SUBCASE("unclaimed") { pool.ownership = Ownership::kUnclaimed; }
  const PoolDiff diff = DiffOf(pool);
  CHECK(StateOf(diff, "startTask.commandLine") == DiffState::kObserved);
  CHECK(StateOf(diff, "vmSize") == DiffState::kObserved);
}

TEST_CASE("pool diff: a pool that does not exist is planned, or only observed") {
  OnePool pool;
  DiffState state = DiffState::kPlanned;
  SUBCASE("planned") {}
  SUBCASE("observed") {
    pool.context.account_mode = Mode::kObserve;
    state = DiffState::kObserved;
  }
  const PoolPlan plan = pool.DecideAbsent();
  for (const bool all : {false, true}) {
    const PoolDiff diff =
        DiffPool(pool.prepared, nullptr, plan, PoolPropertyTable(), "2025-06-01", all);
    CHECK(diff.presence == Presence::kAbsent);
    CHECK(diff.rows.size() == plan.changes.size());
    CHECK(StateOf(diff, "vmSize") == state);
    CHECK(Row(diff, "vmSize")->applied.empty());
  }
}

TEST_CASE("pool diff: who applied what is unknown, and why, without a record that tells") {
  OnePool pool;
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  const auto applied = [&] {
    const PoolDiff diff = DiffOf(pool);
    REQUIRE(Row(diff, "startTask.commandLine") != nullptr);
    return Row(diff, "startTask.commandLine")->applied;
  };
  CHECK(applied() == "what is live");
  SetRecord(pool, "garbage");
  CHECK(applied() == "unknown: the record is not what poolkeeper writes");
  SetRecord(pool, "0");
  CHECK(applied() == "unknown: the record had no room");
  SetRecord(pool, "1;vmSize=1:AAAAAAAA");
  CHECK(applied() == "nothing");
  SetRecord(pool, "1;startTask=1:AAAAAAAA");
  CHECK(applied() == "another value than in the spec");
  SetRecord(pool, nullptr);
  CHECK(applied() == "unknown: the record is missing");
  pool.ownership = Ownership::kUnclaimed;
  pool.Set("metadata", "[]");
  CHECK(applied() == "nothing: the pool carries no record");
}

TEST_CASE("pool diff: what the service completed is still what was applied") {
  OnePool pool;
  pool.Want("startTask", R"({"commandLine": "printenv", "userIdentity": {"autoUser": {}}})");
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  pool.Set("startTask", R"({"commandLine": "printenv", "maxTaskRetryCount": 0,
      "userIdentity": {"autoUser": {"scope": "Pool"}}, "waitForSuccess": true})");
  const auto applied = [&](std::string_view path) {
    const PoolDiff diff = DiffOf(pool);
    REQUIRE(Row(diff, path) != nullptr);
    return Row(diff, path)->applied;
  };
  SUBCASE("beside a value that changed") {
    pool.Want("startTask", R"({"commandLine": "hostname", "userIdentity": {"autoUser": {}}})");
    CHECK(applied("startTask.commandLine").find("what is live") == 0);
  }
  SUBCASE("beside a member that is new") {
    pool.Want("startTask", R"({"commandLine": "printenv", "maxTaskRetryCount": 2,
        "userIdentity": {"autoUser": {}}})");
    CHECK(applied("startTask.maxTaskRetryCount").find("what is live") == 0);
  }
  SUBCASE("beside a member that went away") {
    pool.Want("startTask", R"({"commandLine": "printenv", "maxTaskRetryCount": 3})");
    pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
    pool.Set("startTask", R"({"commandLine": "printenv", "maxTaskRetryCount": 3,
        "userIdentity": {"autoUser": {"scope": "Pool"}}, "waitForSuccess": true})");
    pool.Want("startTask", R"({"commandLine": "printenv"})");
    CHECK(applied("startTask.maxTaskRetryCount").find("what is live") == 0);
  }
  SUBCASE("also inside of the machine") {
    pool.Remember();
    Value machine = *pool.live.body.Find("virtualMachineConfiguration");
    machine.Find("imageReference")->Set("version", "latest");
    machine.Set("nodeAgentSKUId", "batch.node.ubuntu 22.04");
    pool.live.body.Set("virtualMachineConfiguration", machine);
    pool.Want("virtualMachineConfiguration", R"({"imageReference": {"publisher": "canonical",
        "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts", "version": "1.2"}})");
    CHECK(applied("virtualMachineConfiguration.imageReference.version") == "what is live");
  }
  SUBCASE("but not where somebody else moved the pool as well") {
    pool.Want("startTask", R"({"commandLine": "hostname", "userIdentity": {"autoUser": {}}})");
    pool.Set("startTask", R"({"commandLine": "evil", "waitForSuccess": true})");
    CHECK(applied("startTask.commandLine").find("another value than in the spec") == 0);
  }
}

TEST_CASE("pool diff: what reaches nodes when they restart says when it was applied") {
  OnePool pool;
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  pool.Set("startTask", R"({"commandLine": "evil"})");
  const PoolDiff diff = DiffOf(pool);
  REQUIRE(diff.rows.size() == 1);
  CHECK(diff.rows.front().applied == "as in the spec, on 2025-07-01T12:00:00Z");
}

TEST_CASE("pool diff: a value that the service keeps is told from one that it took") {
  OnePool pool;
  pool.Set("startTask", R"({"commandLine": "HOSTNAME"})");
  pool.memory.kept_proven["startTask"] = RawDigest(*pool.live.body.Find("startTask"));
  pool.Done(pool.Write(pool.Decide(), StepKind::kRecordKept));
  PoolDiff diff = DiffOf(pool);
  CHECK(StateOf(diff, "startTask.commandLine") == DiffState::kKept);
  CHECK(Row(diff, "startTask.commandLine")->applied ==
        "as in the spec; the service made of it what is live");
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  diff = DiffOf(pool);
  CHECK(Row(diff, "startTask.commandLine")->applied == "what is live");
}

TEST_CASE("pool diff: what was applied and is gone is no value that the service made of it") {
  OnePool pool;
  pool.live.body.Erase("startTask");
  const PoolDiff diff = DiffOf(pool);
  REQUIRE_FALSE(diff.rows.empty());
  CHECK(diff.rows.front().applied == "as in the spec");
}

TEST_CASE("pool diff: all shows nothing of what the service says about a pool by itself") {
  OnePool pool;
  pool.Set("url", R"("https://contoso/pools/render-linux")");
  pool.Set("resizeTimeout", R"("PT15M")");
  pool.Set("targetNodeCommunicationMode", R"("default")");  // has left this api-version
  pool.Set("taskSlotsPerNode", "null");
  const PoolDiff diff = DiffOf(pool, true);
  for (const std::string path :
       {"eTag", "state", "allocationState", "currentDedicatedNodes", "creationTime", "url",
        "resizeTimeout", "targetNodeCommunicationMode", "metadata", "taskSlotsPerNode"}) {
    CHECK_MESSAGE(Row(diff, path) == nullptr, path);
  }
}

TEST_CASE("pool diff: all shows targets and items with both of their sides") {
  OnePool pool;
  pool.Set("targetLowPriorityNodes", "3");
  const PoolDiff diff = DiffOf(pool, true);
  CHECK(StateOf(diff, "targetLowPriorityNodes") == DiffState::kUnmanaged);
  CHECK(Row(diff, "targetLowPriorityNodes")->live == Value(3));
  CHECK(StateOf(diff, "targetDedicatedNodes") == DiffState::kInSync);
  const DiffRow& nodes = *Row(diff, "targetDedicatedNodes");
  CHECK(nodes.spec == Value(2));
  CHECK(nodes.live == Value(2));
  CHECK(nodes.position.line == 14);
  CHECK(nodes.cost == Cost::kScale);
  CHECK(StateOf(diff, "metadata.team") == DiffState::kInSync);
  const DiffRow& team = *Row(diff, "metadata.team");
  CHECK(team.spec == Value("render"));
  CHECK(team.live == Value("render"));
  CHECK(team.position.line == 30);
}

TEST_CASE("pool diff: all has one row for what differs, and those that its owner leaves out") {
  OnePool pool;
  pool.Remember();
  pool.Set("startTask", R"({"commandLine": "evil", "maxTaskRetryCount": 0,
                            "waitForSuccess": null})");
  const PoolDiff diff = DiffOf(pool, true);
  CHECK(RowsOf(diff, "startTask.commandLine") == 1);
  CHECK(RowsOf(diff, "startTask") == 0);
  CHECK(StateOf(diff, "startTask.maxTaskRetryCount") == DiffState::kDefault);
  CHECK(Row(diff, "startTask.waitForSuccess") == nullptr);
}

TEST_CASE("pool diff: a default that differs stands once, as what it is") {
  OnePool pool;
  pool.Set("startTask", R"({"commandLine": "hostname", "maxTaskRetryCount": 5})");
  const PoolDiff diff = DiffOf(pool, true);
  CHECK(RowsOf(diff, "startTask.maxTaskRetryCount") == 1);
  CHECK(StateOf(diff, "startTask.maxTaskRetryCount") == DiffState::kPlanned);
}

TEST_CASE("pool diff: below what is owned, members with a default are told from those without") {
  OnePool pool;
  Value machine = *pool.live.body.Find("virtualMachineConfiguration");
  machine.Set("licenseType", "RHEL_BYOS");
  machine.Set("nodeAgentSKUId", "batch.node.ubuntu 22.04");
  machine.Find("imageReference")->Set("version", "latest");
  pool.Set("virtualMachineConfiguration", WriteJson(machine));
  pool.Want("virtualMachineConfiguration", R"({"imageReference":
      {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"},
      "licenseType": "RHEL_BYOS"})");
  const PoolDiff diff = DiffOf(pool, true);
  CHECK(StateOf(diff, "virtualMachineConfiguration.nodeAgentSKUId") == DiffState::kUnmanaged);
  CHECK(StateOf(diff, "virtualMachineConfiguration.imageReference.version") == DiffState::kDefault);
}

TEST_CASE("pool diff: all hides what the service returns of secrets that no spec names") {
  OnePool pool(R"({"vmSize": "standard_d2_v3", "virtualMachineConfiguration": {"imageReference":
      {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"}}})");
  pool.Set("startTask", R"({"commandLine": "hostname", "environmentSettings": [
      {"name": "TOKEN", "value": "hunter2"}]})");
  const PoolDiff diff = DiffOf(pool, true);
  CHECK(StateOf(diff, "startTask") == DiffState::kUnmanaged);
  CHECK(WriteJson(*Row(diff, "startTask")->live).find("hunter2") == std::string::npos);
}

TEST_CASE("pool diff: a secret that is in sync is hidden on both sides, one that differs marked") {
  OnePool pool;
  pool.secrets.digests["token"] = "digest-one-of-the-token";
  pool.Want("startTask", kSecretTask);
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  pool.Set("startTask", R"({"commandLine": "hostname", "environmentSettings": [
      {"name": "TOKEN", "value": "hunter2"}]})");
  PoolDiff diff = DiffOf(pool, true);
  REQUIRE(StateOf(diff, "startTask") == DiffState::kInSync);
  const DiffRow& task = *Row(diff, "startTask");
  CHECK(WriteJson(*task.live).find("hunter2") == std::string::npos);
  CHECK(WriteJson(*task.spec).find("secretRef") == std::string::npos);
  CHECK(WriteJson(*task.spec).find("(sensitive)") != std::string::npos);
  pool.secrets.digests["token"] = "digest-two-of-the-token";
  diff = DiffOf(pool);
  REQUIRE(diff.rows.size() == 1);
  CHECK(diff.rows.front().sensitive);
}

}  // namespace
}  // namespace reconciler::plan
