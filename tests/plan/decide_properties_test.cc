// The owned properties outside the scale group, through DecidePool.
#include "reconciler/plan/plan.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

TEST_CASE("a pool that is what its spec made needs nothing and teaches what was seen") {
  OnePool pool;
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  CHECK_FALSE(plan.Differs());
  CHECK(plan.holds.empty());
  CHECK(plan.released.empty());
  REQUIRE(plan.in_sync.size() == 4);
  CHECK(plan.in_sync.back().first == "metadata.team");
  CHECK(plan.scale_in_sync.has_value());
  CHECK(plan.owned);
  CHECK(plan.nodes_before == 2);
  CHECK(plan.nodes_after == 2);
}

TEST_CASE("a changed start task is one patch of cost reboot, cause SpecChanged, with its line") {
  OnePool pool;
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  CHECK(plan.steps.front().properties == std::vector<std::string>{"startTask"});
  const Change* change = FindChange(plan.changes, "startTask.commandLine");
  REQUIRE(change != nullptr);
  CHECK(change->property == "startTask");
  CHECK(*change->before == Value("hostname"));
  CHECK(*change->after == Value("printenv"));
  CHECK(change->cost == Cost::kReboot);
  CHECK(change->cause == Cause::kSpecChanged);
  CHECK(change->position.line == 21);
  CHECK(change->note == "reaches nodes when they restart");
}

TEST_CASE("a live value that moved is PoolChanged if this process saw it before, else Unknown") {
  OnePool pool;
  SUBCASE("seen") { pool.Remember(); }
  SUBCASE("not seen") {}
  const bool seen = !pool.memory.seen.empty();
  pool.Set("startTask", R"({"commandLine": "evil"})");
  const PoolPlan plan = pool.Decide();
  const Change* change = FindChange(plan.changes, "startTask.commandLine");
  REQUIRE(change != nullptr);
  CHECK(change->cause == (seen ? Cause::kPoolChanged : Cause::kUnknown));
  CHECK(StepsOf(plan) == "patch");
}

TEST_CASE("a spec and a pool that both moved are the work of both") {
  OnePool pool;
  pool.Remember();
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  pool.Set("startTask", R"({"commandLine": "evil"})");
  const PoolPlan plan = pool.Decide();
  REQUIRE(FindChange(plan.changes, "startTask.commandLine") != nullptr);
  CHECK(FindChange(plan.changes, "startTask.commandLine")->cause == Cause::kBoth);
}

TEST_CASE("a metadata item is compared as text and patched alone") {
  OnePool pool;
  pool.Want("metadata", R"([{"name": "team", "value": "film"}])");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].path == "metadata.team");
  CHECK(*plan.changes[0].before == Value("render"));
  CHECK(*plan.changes[0].after == Value("film"));
  CHECK(plan.changes[0].position.line == 30);
}

TEST_CASE("foreign metadata items and properties that the spec does not name are left alone") {
  OnePool pool;
  Value items = *pool.live.body.Find("metadata");
  items.AsArray().push_back(Object{{"name", "cost-center"}, {"value", "7"}});
  pool.Set("metadata", WriteJson(items));
  pool.Set("taskSlotsPerNode", "4");
  CHECK_FALSE(pool.Decide().Differs());
}

TEST_CASE("a change of data disks says that an empty pool may not be enough, others do not") {
  const auto text_of = [](const std::string& machine) {
    OnePool pool;
    pool.Want("virtualMachineConfiguration", machine);
    const PoolPlan plan = pool.Decide();
    const Hold* hold = FindHold(plan, Reason::kNeedsEmptyPool);
    return hold == nullptr ? std::string() : hold->message;
  };
  const std::string image = R"("imageReference": {"publisher": "canonical",)"
                            R"( "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"})";
  const std::string disks =
      text_of("{" + image + R"(, "dataDisks": [{"lun": 0, "diskSizeGB": 9}]})");
  CHECK(disks.find("needs an empty pool") != std::string::npos);
  CHECK(
      disks.ends_with("; data disks are documented as not changeable even while the pool has no "
                      "nodes; whether the service refuses it is not confirmed"));
  const std::string os_disk = text_of("{" + image + R"(, "osDisk": {"diskSizeGB": 99}})");
  CHECK(os_disk.find("needs an empty pool") != std::string::npos);
  CHECK(os_disk.find("data disks") == std::string::npos);
}

TEST_CASE("a VM size is blocked, says what it would take, and does not hold the rest") {
  OnePool pool;
  pool.Want("vmSize", R"("standard_d4_v3")");
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  REQUIRE(plan.blocked.size() == 1);
  CHECK(plan.blocked[0].cost == Cost::kEmpty);
  CHECK(plan.IsBlocked());
  const Hold* hold = FindHold(plan, Reason::kNeedsEmptyPool);
  REQUIRE(hold != nullptr);
  CHECK(hold->message ==
        "vmSize standard_d2_v3 -> standard_d4_v3 needs an empty pool: resize to 0, PATCH, grow "
        "back; not executed by this version");
  CHECK(hold->property == "vmSize");
  CHECK_FALSE(hold->lifted_by_time);
  CHECK(hold->position.line == 8);
}

TEST_CASE("before api-version 2024-07-01 the same change needs a new pool") {
  OnePool pool;
  pool.context.api_version = "2023-11-01.18.0";
  pool.Want("vmSize", R"("standard_d4_v3")");
  const PoolPlan plan = pool.Decide();
  const Hold* hold = FindHold(plan, Reason::kNeedsReplacement);
  REQUIRE(hold != nullptr);
  CHECK(hold->message ==
        "vmSize standard_d2_v3 -> standard_d4_v3 needs a new pool: write a spec with a new name "
        "beside this one and move the jobs; not executed by this version");
}

TEST_CASE("a property of the management plane names the command") {
  OnePool pool;
  pool.context.api_version = "2023-11-01.18.0";
  pool.Want("resourceTags", R"({"team": "render"})");
  const PoolPlan plan = pool.Decide();
  const Hold* hold = FindHold(plan, Reason::kNeedsManagementPlane);
  REQUIRE(hold != nullptr);
  CHECK(hold->message.find("az resource update --resource-type "
                           "Microsoft.Batch/batchAccounts/pools --parent batchAccounts/contoso "
                           "--name render-linux --set properties.resourceTags=...") !=
        std::string::npos);
}

TEST_CASE("a new image shows the agent that the list gives for it") {
  OnePool pool;
  pool.Want("virtualMachineConfiguration", R"({"imageReference": {"publisher": "canonical",
      "offer": "0001-com-ubuntu-server-jammy", "sku": "20_04-lts"}})");
  const PoolPlan plan = pool.Decide();
  const Change* agent = FindChange(plan.blocked, "virtualMachineConfiguration.nodeAgentSKUId");
  REQUIRE(agent != nullptr);
  CHECK(*agent->before == Value("batch.node.ubuntu 22.04"));
  CHECK(*agent->after == Value("batch.node.ubuntu 20.04"));
  CHECK(FindHold(plan, Reason::kNeedsEmptyPool) != nullptr);
}

TEST_CASE("a new image that is not listed says so beside the cost") {
  OnePool pool;
  pool.Want("virtualMachineConfiguration", R"({"imageReference": {"publisher": "canonical",
      "offer": "0001-com-ubuntu-server-jammy", "sku": "99_04-lts"}})");
  const PoolPlan plan = pool.Decide();
  CHECK(FindHold(plan, Reason::kImageNotListed) != nullptr);
  CHECK(FindHold(plan, Reason::kNeedsEmptyPool) != nullptr);
}

TEST_CASE("while the live triple is the spec's an image that left the list is no difference") {
  OnePool pool;
  pool.images.images.clear();
  CHECK_FALSE(pool.Decide().Differs());
  pool.context.images = nullptr;
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.Differs());
  CHECK(plan.holds.empty());
}

TEST_CASE("another version of the live triple needs no list, and an agent that is named does") {
  OnePool pool;
  pool.images.images.clear();
  pool.Want("virtualMachineConfiguration", R"({"imageReference": {"publisher": "canonical",
      "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts", "version": "22.04.2025"}})");
  PoolPlan plan = pool.Decide();
  CHECK(FindHold(plan, Reason::kNeedsEmptyPool) != nullptr);
  CHECK(FindHold(plan, Reason::kImageNotListed) == nullptr);
  pool.Want("virtualMachineConfiguration", R"({"imageReference": {"publisher": "canonical",
      "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"},
      "nodeAgentSKUId": "batch.node.ubuntu 18.04"})");
  pool.images = MakeImages();
  plan = pool.Decide();
  CHECK(FindHold(plan, Reason::kImageAgentMismatch) != nullptr);
}

TEST_CASE("a start task that left the spec is removed by a call of its own, on a steady pool") {
  OnePool pool;
  pool.WantNothingOf("startTask");
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "remove start task");
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].path == "startTask");
  CHECK(plan.changes[0].cause == Cause::kSpecChanged);
  CHECK_FALSE(plan.changes[0].after.has_value());
  CHECK(plan.changes[0].position.line == 0);

  pool.Set("allocationState", R"("resizing")");
  plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  const Hold* hold = FindHold(plan, Reason::kResizing);
  REQUIRE(hold != nullptr);
  CHECK(hold->lifted_by_time);
  CHECK(hold->message == "the start task is removed once the pool is steady; it is resizing");
}

TEST_CASE("a start task of null is the same, and is in sync where there is none") {
  OnePool pool;
  pool.Want("startTask", "null");
  CHECK(StepsOf(pool.Decide()) == "remove start task");
  Value body = pool.live.body;
  body.Erase("startTask");
  pool.live = MakeLive(std::move(body));
  CHECK_FALSE(pool.Decide().Differs());
}

TEST_CASE("packages and metadata items that left the spec go back to the default by one patch") {
  OnePool pool(R"({"vmSize": "standard_d2_v3", "virtualMachineConfiguration": {"imageReference":
      {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"}},
      "applicationPackageReferences": [{"applicationId": "blender", "version": "4"}],
      "metadata": [{"name": "team", "value": "render"}]})");
  pool.WantNothingOf("applicationPackageReferences");
  pool.WantNothingOf("metadata");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  REQUIRE(plan.changes.size() == 2);
  const WriteIntent intent = pool.Write(plan, StepKind::kPatch);
  CHECK(*intent.body.Find("applicationPackageReferences") == Value(Array{}));
  CHECK(ItemOf(intent.body, "team") == "");
  pool.Done(intent);
  CHECK_FALSE(pool.Decide().HasWork());
}

TEST_CASE("an item that left the spec and is gone already is only forgotten") {
  OnePool pool;
  pool.WantNothingOf("metadata");
  const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kPatch);
  Value items{Array{}};
  for (const MetadataItem& item : ReadMetadata(pool.live.body)) {
    if (item.name != "team") {
      items.AsArray().push_back(Object{{"name", item.name}, {"value", item.value}});
    }
  }
  pool.Set("metadata", WriteJson(items));
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.Differs());
  CHECK(StepsOf(plan) == "forget");
  pool.Done(pool.Write(plan, StepKind::kForget));
  CHECK(StepsOf(pool.Decide()) == "");
}

TEST_CASE("a property of another cost that left the spec is released once and stays") {
  OnePool pool;
  pool.WantNothingOf("vmSize");
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.Differs());
  REQUIRE(plan.released.size() == 1);
  CHECK(plan.released[0].text == "released vmSize, stays standard_d2_v3");
  CHECK(StepsOf(plan) == "forget");
  pool.Done(pool.Write(plan, StepKind::kForget));
  const PoolPlan after = pool.Decide();
  CHECK(after.released.empty());
  CHECK(StepsOf(after) == "");
}

TEST_CASE("nothing counts as having left the spec while the record is reduced or absent") {
  OnePool pool;
  pool.WantNothingOf("startTask");
  Stamp stamp = ReadStamp(ReadMetadata(pool.live.body));
  SUBCASE("reduced") { stamp.record = Record{.reduced = true, .entries = {}}; }
  SUBCASE("absent") { stamp.record.reset(); }
  const bool reduced = stamp.record.has_value();
  pool.Set("metadata",
           WriteJson(WriteMetadata(WithStamp(ReadMetadata(pool.live.body), {}, stamp))));
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.Differs());
  CHECK_FALSE(plan.HasWork());
  CHECK(plan.memory_reduced == reduced);
}

TEST_CASE("a value that the service respells is kept once proven, and the record learns it") {
  OnePool pool;
  pool.Set("startTask", R"({"commandLine": "HOSTNAME"})");
  CHECK(StepsOf(pool.Decide()) == "patch");
  const Value& live = *pool.live.body.Find("startTask");
  pool.memory.kept_proven["startTask"] = RawDigest(live);
  PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.Differs());
  CHECK(plan.kept.size() == 1);
  CHECK(StepsOf(plan) == "record kept");
  pool.Done(pool.Write(plan, StepKind::kRecordKept));
  pool.memory.kept_proven.clear();
  plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  CHECK(plan.kept.size() == 1);
  CHECK_FALSE(plan.Differs());
}

TEST_CASE("a proof about another desired value proves nothing") {
  OnePool pool;
  pool.Set("startTask", R"({"commandLine": "HOSTNAME"})");
  pool.memory.kept_proven["startTask"] = RawDigest(*pool.live.body.Find("startTask"));
  pool.memory.kept_desired["startTask"] = "anything";
  CHECK(StepsOf(pool.Decide()) == "patch");
}

TEST_CASE("a kept value rides on a patch that is due anyway") {
  OnePool pool;
  pool.Set("startTask", R"({"commandLine": "HOSTNAME"})");
  pool.memory.kept_proven["startTask"] = RawDigest(*pool.live.body.Find("startTask"));
  pool.Want("metadata", R"([{"name": "team", "value": "film"}])");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  const WriteIntent intent = pool.Write(plan, StepKind::kPatch);
  CHECK(ItemOf(intent.body, "poolkeeper.applied")
            .find("~" + RawDigest(*pool.live.body.Find("startTask"))) != std::string::npos);
}

TEST_CASE("a changed secret is patched and never printed") {
  OnePool pool;
  pool.secrets.digests["token"] = "digest-one-of-the-token";
  pool.Want("startTask", kSecretTask);
  WriteIntent intent = pool.Write(pool.Decide(), StepKind::kPatch);
  CHECK(*intent.body.FindPath("startTask.commandLine") == Value("hostname"));
  pool.Done(intent);
  pool.Set("startTask", R"({"commandLine": "hostname", "environmentSettings": [
      {"name": "TOKEN", "value": "abc"}]})");
  CHECK_FALSE(pool.Decide().HasWork());

  pool.secrets.digests["token"] = "digest-two-of-the-token";
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].sensitive);
  CHECK(plan.changes[0].note == "the secret changed, reaches nodes when they restart");
  CHECK(*plan.changes[0].before == Value("(sensitive)"));
  CHECK(plan.changes[0].path == "startTask.environmentSettings[TOKEN].value");
}

TEST_CASE("a changed secret is told beside other differences") {
  constexpr const char* kTask =
      R"({"commandLine": "hostname", "environmentSettings": [
          {"name": "TOKEN", "value": {"secretRef": "token"}},
          {"name": "OTHER", "value": {"secretRef": "other"}}]})";
  OnePool pool;
  pool.secrets.digests["token"] = "digest-one-of-the-token";
  pool.secrets.digests["other"] = "digest-one-of-the-other";
  pool.Want("startTask", kTask);
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  pool.Set("startTask", R"({"commandLine": "evil", "environmentSettings": [
      {"name": "TOKEN", "value": "abc"}, {"name": "OTHER", "value": "def"}]})");
  CHECK(pool.Decide().changes.size() == 1);

  pool.secrets.digests["other"] = "digest-two-of-the-other";
  const PoolPlan plan = pool.Decide();
  REQUIRE(plan.changes.size() == 2);
  CHECK(plan.changes[0].path == "startTask.commandLine");
  CHECK(plan.changes[1].path == "startTask.environmentSettings[OTHER].value");
  CHECK(plan.changes[1].note == "the secret changed, reaches nodes when they restart");
}

TEST_CASE("a secret that was recorded under another key is reported and not acted upon") {
  OnePool pool;
  pool.secrets.digests["token"] = "digest-one-of-the-token";
  pool.Want("startTask", kSecretTask);
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  pool.secrets.key_id = "zzzz";
  pool.secrets.digests["token"] = "digest-under-the-other-key";
  PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.HasWork());
  CHECK_FALSE(plan.Differs());
  CHECK(FindHold(plan, Reason::kSecretUnknown) != nullptr);
  CHECK_FALSE(plan.IsBlocked());

  pool.Want("metadata", R"([{"name": "team", "value": "film"}])");
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  plan = pool.Decide();
  CHECK(plan.holds.empty());
}

TEST_CASE("a secret that cannot be read blocks its property and nothing else") {
  OnePool pool;
  pool.secrets.problems["token"] = "secret 'token': no such file";
  pool.Want("startTask", kSecretTask);
  pool.Want("metadata", R"([{"name": "team", "value": "film"}])");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  CHECK(plan.steps[0].properties == std::vector<std::string>{"metadata.team"});
  const Hold* hold = FindHold(plan, Reason::kSecretMissing);
  REQUIRE(hold != nullptr);
  CHECK(hold->property == "startTask");
  CHECK(hold->message.find("no such file") != std::string::npos);
}

TEST_CASE("differences since the adoption are called so until something is written") {
  OnePool pool;
  Stamp stamp = ReadStamp(ReadMetadata(pool.live.body));
  stamp.revision.clear();
  stamp.record.reset();
  pool.Set("metadata",
           WriteJson(WriteMetadata(WithStamp(ReadMetadata(pool.live.body), {}, stamp))));
  pool.Set("startTask", R"({"commandLine": "old"})");
  pool.Set("targetDedicatedNodes", "9");
  const PoolPlan plan = pool.Decide();
  REQUIRE(FindChange(plan.changes, "startTask.commandLine") != nullptr);
  CHECK(FindChange(plan.changes, "startTask.commandLine")->cause == Cause::kAdopted);
  CHECK(FindChange(plan.changes, "targetDedicatedNodes")->cause == Cause::kAdopted);
}

}  // namespace
}  // namespace reconciler::plan
