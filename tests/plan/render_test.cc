#include "reconciler/plan/render.h"

#include <algorithm>

#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

AccountPlan Account(std::vector<PoolPlan> pools) {
  AccountPlan plan;
  plan.account = "contoso";
  plan.revision = "sha256:0123456789ab";
  plan.checked = pools.size();
  plan.pools = std::move(pools);
  plan.nodes_after = SumNodes(plan, 0);
  plan.nodes_max = 2000;
  return plan;
}
std::string Text(const AccountPlan& plan) { return RenderPlan(plan, {}); }

// The worked example of the manual, byte for byte.
TEST_CASE("a changed start task and a changed target read as in the manual") {
  OnePool pool;
  pool.Remember();
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  pool.Want("targetDedicatedNodes", "4");
  CHECK(Text(Account({pool.Decide()})) ==
        "~ pool render-linux   contoso, pools/render.yaml\n"
        "    startTask.commandLine    \"hostname\" -> \"printenv\"    line 21, SpecChanged   "
        "reaches nodes when they restart\n"
        "    targetDedicatedNodes     2 -> 4                      line 14, SpecChanged\n"
        "Plan: 0 to create, 1 to change, 0 blocked.\n");
}

TEST_CASE("no changes say what was checked") {
  OnePool pool;
  AccountPlan plan = Account({pool.Decide()});
  CHECK(Text(plan) == "No changes. 1 pool matches sha256:0123456789ab.\n");
  plan.checked = 42;
  CHECK(Text(plan) == "No changes. 42 pools match sha256:0123456789ab.\n");
}

TEST_CASE("a pool to create shows its body, secrets hidden") {
  OnePool pool;
  pool.secrets.digests["token"] = "digest-of-the-token";
  pool.Want("startTask", R"({"commandLine": "hostname", "environmentSettings": [
      {"name": "TOKEN", "value": {"secretRef": "token"}}]})");
  CHECK(Text(Account({pool.DecideAbsent()})) ==
        "+ pool render-linux   contoso, pools/render.yaml\n"
        "    vmSize                                                  \"standard_d2_v3\"\n"
        "    virtualMachineConfiguration.imageReference.publisher    \"canonical\"\n"
        "    virtualMachineConfiguration.imageReference.offer        "
        "\"0001-com-ubuntu-server-jammy\"\n"
        "    virtualMachineConfiguration.imageReference.sku          \"22_04-lts\"\n"
        "    virtualMachineConfiguration.nodeAgentSKUId              \"batch.node.ubuntu 22.04\"\n"
        "    targetDedicatedNodes                                    2\n"
        "    startTask.commandLine                                   \"hostname\"\n"
        "    startTask.environmentSettings[0].name                   \"TOKEN\"\n"
        "    startTask.environmentSettings[0].value                  (sensitive)\n"
        "    targetLowPriorityNodes                                  0\n"
        "    metadata.team                                           \"render\"\n"
        "Plan: 1 to create, 0 to change, 0 blocked.\n");
}

TEST_CASE("what is blocked has its reason and what it takes") {
  OnePool pool;
  pool.Want("vmSize", R"("standard_d4_v3")");
  CHECK(Text(Account({pool.Decide()})) ==
        "! pool render-linux   contoso, pools/render.yaml\n"
        "    vmSize    \"standard_d2_v3\" -> \"standard_d4_v3\"    line 8, SpecChanged   blocked\n"
        "    ! NeedsEmptyPool: vmSize standard_d2_v3 -> standard_d4_v3 needs an empty pool: resize "
        "to 0, PATCH, grow back; not executed by this version\n"
        "Plan: 0 to create, 0 to change, 1 blocked.\n");
}

TEST_CASE("a pool that is not ours shows its differences without a cause") {
  OnePool pool;
  pool.ownership = Ownership::kUnclaimed;
  pool.Want("targetDedicatedNodes", "4");
  CHECK(
      Text(Account({pool.Decide()})) ==
      "! pool render-linux   contoso, pools/render.yaml\n"
      "    targetDedicatedNodes    2 -> 4    line 14\n"
      "    ! NotOwned: a pool of this id exists and carries no owner; add `policy.adopt: true` to "
      "claim it\n"
      "Plan: 0 to create, 0 to change, 1 blocked.\n");
}

TEST_CASE("adopting is one line") {
  OnePool pool;
  pool.ownership = Ownership::kUnclaimed;
  pool.spec.policy.adopt = true;
  CHECK(Text(Account({pool.Decide()})) ==
        "~ pool render-linux   contoso, pools/render.yaml\n"
        "    ~ adopt: it is as the spec says\n"
        "Plan: 0 to create, 1 to adopt, 0 to change, 0 blocked.\n");
  pool.Set("targetDedicatedNodes", "4");
  const std::string text = Text(Account({pool.Decide()}));
  CHECK(text.find("~ adopt: what differs is changed from the next cycle on\n") !=
        std::string::npos);
  CHECK(text.find("Plan: 0 to create, 1 to adopt, 1 to change, 0 blocked.\n") != std::string::npos);
}

TEST_CASE("observed pools are marked and counted apart") {
  OnePool pool;
  pool.Remember();
  pool.context.account_mode = Mode::kObserve;
  pool.Set("targetDedicatedNodes", "4");
  CHECK(Text(Account({pool.Decide()})) ==
        "~ pool render-linux   contoso, pools/render.yaml   (observe)\n"
        "    targetDedicatedNodes    4 -> 2    line 14, PoolChanged\n"
        "Plan: 0 to create, 0 to change, 0 blocked, 1 observed.\n");
}

TEST_CASE("what waits for time says for what") {
  OnePool pool;
  pool.Remember();
  pool.Want("targetDedicatedNodes", "4");
  pool.Set("allocationState", R"("resizing")");
  CHECK(Text(Account({pool.Decide()})) ==
        "~ pool render-linux   contoso, pools/render.yaml\n"
        "    targetDedicatedNodes    2 -> 4    line 14, SpecChanged\n"
        "    . waiting: resizing, 2 of 2 dedicated and 0 of 0 Spot nodes: waits until the pool is "
        "steady (policy.resize.onPending: stop does not wait) (Resizing)\n"
        "Plan: 0 to create, 1 to change, 0 blocked.\n");
}

TEST_CASE("a resize of ours that runs is no line of the plan") {
  OnePool pool;
  pool.Set("allocationState", R"("resizing")");
  CHECK(Text(Account({pool.Decide()})) == "No changes. 1 pool matches sha256:0123456789ab.\n");
}

TEST_CASE("a failed allocation reads as a retry, or as what it waits for") {
  OnePool pool;
  pool.Set("currentDedicatedNodes", "1");
  pool.Set("resizeErrors", R"([{"code": "AllocationTimedout", "message": "no capacity"}])");
  pool.memory.allocation_due = pool.context.now + std::chrono::minutes(5);
  CHECK(Text(Account({pool.Decide()})) ==
        ". pool render-linux   contoso, pools/render.yaml\n"
        "    . waiting: 1 of 2, AllocationTimedout: no capacity; asked for again at "
        "2025-07-01T12:05:00Z (AllocationFailed)\n"
        "No changes. 1 pool matches sha256:0123456789ab, 1 waiting.\n");
  pool.memory.allocation_due = pool.context.now;
  CHECK(Text(Account({pool.Decide()})) ==
        "~ pool render-linux   contoso, pools/render.yaml\n"
        "    ~ retry allocation (1 of 2, AllocationTimedout, 1st try)\n"
        "Plan: 0 to create, 1 to change, 0 blocked.\n");
}

TEST_CASE("what left the spec and what is released say what becomes of it") {
  OnePool pool;
  pool.WantNothingOf("metadata");
  pool.WantNothingOf("targetDedicatedNodes");
  pool.spec.scale_left = {"targetDedicatedNodes"};
  CHECK(Text(Account({pool.Decide()})) ==
        "~ pool render-linux   contoso, pools/render.yaml\n"
        "    metadata.team    \"render\" -> (removed)    SpecChanged   left the spec\n"
        "    released targetDedicatedNodes, stays 2; write 0 to empty the pool\n"
        "Plan: 0 to create, 1 to change, 0 blocked.\n");
}

TEST_CASE("a member that goes away is told from one whose default takes its place") {
  OnePool pool;
  pool.Want("startTask", R"({"commandLine": "hostname", "waitForSuccess": false,
      "environmentSettings": [{"name": "A", "value": "1"}]})");
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  pool.Want("startTask", R"({"commandLine": "hostname"})");
  const std::string text = Text(Account({pool.Decide()}));
  CHECK(text.find("startTask.waitForSuccess         false -> true (default) ") !=
        std::string::npos);
  CHECK(text.find(R"(startTask.environmentSettings    [{"name":"A","value":"1"}] -> (removed) )") !=
        std::string::npos);
}

TEST_CASE("a hold uses the words of the lines above it") {
  OnePool pool;
  pool.Set("taskSlotsPerNode", "4");
  pool.Want("taskSlotsPerNode", "null");
  const std::string text = Text(Account({pool.Decide()}));
  CHECK(text.find("    taskSlotsPerNode    4 -> 1 (default) ") != std::string::npos);
  CHECK(text.find("    ! NeedsEmptyPool: taskSlotsPerNode 4 -> 1 (default) needs an empty pool") !=
        std::string::npos);
}

TEST_CASE("a value from a folder's defaults names their file") {
  OnePool pool;
  pool.Remember();
  pool.spec.positions["targetDedicatedNodes"] = Line(7, "pools/defaults.yaml");
  pool.Want("targetDedicatedNodes", "4");
  CHECK(Text(Account({pool.Decide()})).find("2 -> 4    pools/defaults.yaml:7, SpecChanged\n") !=
        std::string::npos);
}

TEST_CASE("a formula of many lines is one line") {
  OnePool pool;
  pool.WantNothingOf("targetDedicatedNodes");
  pool.Want("enableAutoScale", "true");
  pool.Want(
      "autoScaleFormula",
      R"("// first\n$TargetDedicatedNodes = 1; // and a comment that is longer than a line of a plan should ever be\n")");
  const std::string text = Text(Account({pool.Decide()}));
  CHECK(text.find("autoScaleFormula    (none) -> \"// first\\n$TargetDedicatedNodes = ") !=
        std::string::npos);
  CHECK(text.find("...") != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 4);
}

TEST_CASE("kept values, orphans, unmanaged pools and renames are never silent") {
  OnePool pool;
  pool.Set("startTask", R"({"commandLine": "HOSTNAME"})");
  pool.memory.kept_proven["startTask"] = RawDigest(*pool.live.body.Find("startTask"));
  pool.Done(pool.Write(pool.Decide(), StepKind::kRecordKept));
  AccountPlan plan = Account({pool.Decide()});
  plan.orphans = {"a", "b"};
  plan.unmanaged = {"c"};
  plan.pools[0].renamed_from = "render-old";
  CHECK(Text(plan) ==
        "rename: render-old -> render-linux: the old pool stays as an orphan, nothing is deleted; "
        "move its jobs, then delete it by hand\n"
        "2 orphans: a, b (ours, and no spec names them); put the spec back, or delete by hand\n"
        "1 pool without our owner and without a spec left alone\n"
        "1 kept by the service as another value\n"
        "No changes. 1 pool matches sha256:0123456789ab.\n");
}

TEST_CASE("a parked plan begins with the guard") {
  OnePool pool;
  pool.Remember();
  pool.Want("targetDedicatedNodes", "0");
  AccountPlan plan = Account({pool.Decide()});
  plan.parked.emplace();
  plan.parked->reason = Reason::kGuardTripped;
  plan.parked->message = "5 of 6 owned pools would be lost";
  CHECK(Text(plan) ==
        "! GuardTripped: 5 of 6 owned pools would be lost\n"
        "~ pool render-linux   contoso, pools/render.yaml\n"
        "    targetDedicatedNodes    2 -> 0    line 14, SpecChanged\n"
        "Plan: 0 to create, 1 to change, 0 blocked; parked, nothing is carried out.\n");
}

TEST_CASE("a freeze shows what it holds and hides what needs nothing") {
  OnePool same;
  same.context.frozen = true;
  OnePool pool;
  pool.Remember();
  pool.context.frozen = true;
  pool.Want("targetDedicatedNodes", "4");
  CHECK(Text(Account({same.Decide()})) == "No changes. 1 pool matches sha256:0123456789ab.\n");
  CHECK(Text(Account({same.Decide(), pool.Decide()})) ==
        "~ pool render-linux   contoso, pools/render.yaml\n"
        "    targetDedicatedNodes    2 -> 4    line 14, SpecChanged\n"
        "    ! FreezeFile: a freeze file stops all writes; remove the file `freeze` from the state "
        "folder or from /run/poolkeeper\n"
        "Plan: 0 to create, 0 to change, 0 blocked, 1 frozen.\n");
}

TEST_CASE("pools that one broken file froze are one line, one that differs as well stands apart") {
  OnePool pool;
  pool.spec.frozen_reason = "defaults d.yaml cannot be read";
  std::vector<PoolPlan> pools;
  for (const char* name : {"a", "b", "c", "d"}) {
    pools.push_back(pool.Decide());
    pools.back().pool = name;
  }
  pool.Want("targetDedicatedNodes", "4");
  pools.push_back(pool.Decide());
  CHECK(Text(Account(pools)) ==
        "~ pool render-linux   contoso, pools/render.yaml\n"
        "    targetDedicatedNodes    2 -> 4    line 14, Unknown\n"
        "    ! SpecUnreadable: defaults d.yaml cannot be read\n"
        "! 4 pools frozen (a, b, c and 1 more): defaults d.yaml cannot be read\n"
        "Plan: 0 to create, 0 to change, 0 blocked, 5 frozen.\n");
  CHECK(Text(Account({pools[0]})) ==
        ". pool a   contoso, pools/render.yaml\n"
        "    ! SpecUnreadable: defaults d.yaml cannot be read\n"
        "No changes. 0 pools match sha256:0123456789ab, 1 frozen.\n");
}

TEST_CASE("without maxNodes a plan that adds nodes prints the sum of all targets") {
  OnePool pool;
  pool.Want("targetDedicatedNodes", "4");
  AccountPlan plan = Account({pool.Decide()});
  plan.nodes_max.reset();
  CHECK(Text(plan).find("4 nodes in all targets after this plan (the account has no maxNodes)\n") !=
        std::string::npos);
  OnePool task;
  task.Want("startTask", R"({"commandLine": "printenv"})");
  plan = Account({task.Decide()});
  plan.nodes_max.reset();
  CHECK(Text(plan).find("maxNodes") == std::string::npos);
}

TEST_CASE("colours only when asked for") {
  OnePool change;
  change.Want("targetDedicatedNodes", "4");
  OnePool blocked;
  blocked.Want("vmSize", R"("standard_d4_v3")");
  OnePool absent;
  const AccountPlan plan = Account({change.Decide(), blocked.Decide(), absent.DecideAbsent()});
  CHECK(Text(plan).find('\x1b') == std::string::npos);
  const std::string text = RenderPlan(plan, {.color = true});
  CHECK(text.find("\x1b[33m~\x1b[0m pool render-linux") != std::string::npos);
  CHECK(text.find("\x1b[31m! NeedsEmptyPool:") != std::string::npos);
  CHECK(text.find("\x1b[32m+\x1b[0m pool render-linux") != std::string::npos);
}

TEST_CASE("a narrow terminal cuts values, not reasons") {
  OnePool pool;
  pool.Want("startTask", R"({"commandLine": "a command line of some length, longer than 16"})");
  const std::string text = RenderPlan(Account({pool.Decide()}), {.color = false, .width = 80});
  CHECK(text.find("\"a command...16\"") != std::string::npos);
  CHECK(text.find("reaches nodes when they restart") != std::string::npos);
}

TEST_CASE("a value is one line of JSON, cut in the middle, never inside a character") {
  CHECK(RenderValue(std::nullopt, false) == "(none)");
  CHECK(RenderValue(Value("secret"), true) == "(sensitive)");
  CHECK(RenderValue(Value("a\nb"), false) == R"("a\nb")");
  CHECK(RenderValue(Value(Object{{"b", 1}, {"a", true}}), false) == R"({"a":true,"b":1})");
  CHECK(RenderValue(Value(std::string(100, 'x')), false, 20) == "\"xxxxxxxxxxx...xxxx\"");
  CHECK(RenderValue(Value("\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4"), false,
                    9) == "\"\u00e4\u00e4\u00e4...\u00e4\"");
}

TEST_CASE("the plan for machines is sorted, stable and hides secrets") {
  OnePool pool;
  pool.Remember();
  pool.Want("targetDedicatedNodes", "4");
  OnePool same;
  const AccountPlan plan = Account({pool.Decide(), same.Decide()});
  const Value json = PlanToJson({plan});
  CHECK(json.StringOr("formatVersion") == "1");
  const Value& account = json.Find("accounts")->AsArray().at(0);
  CHECK(account.IntOr("checked", 0) == 2);
  CHECK(account.IntOr("toChange", 0) == 1);
  CHECK(account.Find("parked")->IsNull());
  REQUIRE(account.Find("pools")->AsArray().size() == 1);
  CHECK(WriteJson(account.Find("pools")->AsArray()[0]) ==
        R"({"action":"change","blocked":[],"changes":[{"after":4,"before":2,)"
        R"("cause":"SpecChanged","column":3,"cost":"scale","file":"pools/render.yaml","line":14,)"
        R"("note":"","path":"targetDedicatedNodes","property":"targetDedicatedNodes",)"
        R"("sensitive":false}],"column":3,"file":"pools/render.yaml","holds":[],"kept":[],)"
        R"("line":4,"nodesAfter":4,"nodesBefore":2,"observeOnly":false,"pool":"render-linux",)"
        R"("presence":"present","released":[],"steps":[{"step":"resize","summary":"",)"
        R"("targetDedicatedNodes":4,"targetLowPriorityNodes":0}]})");
  CHECK(WriteJson(json) == WriteJson(PlanToJson({plan})));

  OnePool hidden;
  hidden.secrets.digests["token"] = "digest-of-the-token";
  hidden.Want("startTask", R"({"commandLine": "x", "environmentSettings": [
      {"name": "TOKEN", "value": {"secretRef": "token"}}]})");
  const std::string text = WriteJson(PlanToJson({Account({hidden.DecideAbsent()})}));
  CHECK(text.find("secretRef") == std::string::npos);
  CHECK(text.find("\"after\":\"(sensitive)\"") != std::string::npos);
}

}  // namespace
}  // namespace reconciler::plan
