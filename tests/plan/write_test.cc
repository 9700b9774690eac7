#include "reconciler/plan/write.h"

#include "reconciler/core/json.h"
#include "reconciler/plan/secret_places.h"
#include "reconciler/plan/write_record.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

std::vector<std::string> ItemNames(const Value& body) {
  std::vector<std::string> names;
  for (const MetadataItem& item : ReadMetadata(body)) names.push_back(item.name);
  return names;
}

Record RecordOf(const Value& body) {
  const std::optional<Record> record = ReadRecord(ItemOf(body, "poolkeeper.applied"));
  REQUIRE(record.has_value());
  return *record;
}

TEST_CASE("a create sends the spec, the agent that was resolved, both targets and the stamp") {
  OnePool pool;
  const WriteIntent intent = BuildCreate(pool.context, pool.prepared, std::string(32, 'a'));
  CHECK(intent.kind == StepKind::kCreate);
  CHECK(intent.pool_id == "render-linux");
  CHECK(intent.if_match == "");
  const Value& body = intent.body;
  CHECK(body.StringOr("id") == "render-linux");
  CHECK(body.FindPath("virtualMachineConfiguration.nodeAgentSKUId")->AsString() ==
        "batch.node.ubuntu 22.04");
  CHECK(body.IntOr("targetDedicatedNodes", -1) == 2);
  CHECK(body.IntOr("targetLowPriorityNodes", -1) == 0);
  CHECK(ItemNames(body) == std::vector<std::string>{"team", "poolkeeper.owner", "poolkeeper.source",
                                                    "poolkeeper.pool", "poolkeeper.incarnation",
                                                    "poolkeeper.revision", "poolkeeper.applied"});
  CHECK(ItemOf(body, "poolkeeper.owner") == "contoso-batch");
  CHECK(ItemOf(body, "poolkeeper.source") == "pools-main");
  CHECK(ItemOf(body, "poolkeeper.pool") == "render-linux");
  CHECK(ItemOf(body, "poolkeeper.incarnation") == std::string(32, 'a'));
  CHECK(ItemOf(body, "poolkeeper.revision") == "sha256:0123456789ab");
  const Record record = RecordOf(body);
  CHECK(record.entries.size() == 4);
  REQUIRE(record.Find("startTask") != nullptr);
  // Every node will be newer than the pool.
  CHECK_FALSE(record.Find("startTask")->changed_minute.has_value());
  CHECK_FALSE(record.Find("vmSize")->changed_minute.has_value());
  CHECK(record.Find("targetDedicatedNodes") == nullptr);
}

TEST_CASE("a create leaves nulls out, and so does the size that nobody owns") {
  OnePool pool;
  pool.Want("displayName", "null");
  pool.Want("networkConfiguration", R"({"subnetId": "s", "endpointConfiguration": null})");
  pool.WantNothingOf("targetDedicatedNodes");
  pool.Decide();
  const Value body = BuildCreate(pool.context, pool.prepared, "i").body;
  CHECK(body.Find("displayName") == nullptr);
  CHECK(body.FindPath("networkConfiguration.subnetId") != nullptr);
  CHECK(body.FindPath("networkConfiguration.endpointConfiguration") == nullptr);
  CHECK(body.IntOr("targetDedicatedNodes", -1) == 0);
  CHECK(body.IntOr("targetLowPriorityNodes", -1) == 0);
}

TEST_CASE("a create with autoscale sends no targets and no timeout") {
  OnePool pool;
  pool.WantNothingOf("targetDedicatedNodes");
  pool.Want("enableAutoScale", "true");
  pool.Want("autoScaleFormula", R"("$TargetDedicatedNodes = 1;")");
  pool.Want("resizeTimeout", R"("PT20M")");
  pool.Decide();
  const Value body = BuildCreate(pool.context, pool.prepared, "i").body;
  CHECK(body.Find("targetDedicatedNodes") == nullptr);
  CHECK(body.Find("targetLowPriorityNodes") == nullptr);
  CHECK(body.Find("resizeTimeout") == nullptr);
  CHECK(body.StringOr("autoScaleFormula") == "$TargetDedicatedNodes = 1;");
}

TEST_CASE("a secret stays a reference in every body") {
  OnePool pool;
  pool.secrets.digests["token"] = "digest-of-the-token";
  pool.Want("startTask", R"({"commandLine": "x", "environmentSettings":
      [{"name": "T", "value": {"secretRef": "token"}}]})");
  pool.Decide();
  const std::string text = WriteJson(BuildCreate(pool.context, pool.prepared, "i").body);
  CHECK(text.find(R"({"secretRef":"token"})") != std::string::npos);
  CHECK(text.find("digest-of-the-token") == std::string::npos);
}

TEST_CASE("adopting writes the stamp beside the items as they were, no revision and no record") {
  OnePool pool;
  pool.spec.policy.adopt = true;
  pool.Set("metadata", R"([{"name": "z", "value": "1"}, {"name": "a", "value": "2"}])");
  const std::optional<AdoptablePool> adoptable = ProveAdoptable(pool.live, pool.spec);
  REQUIRE(adoptable.has_value());
  const WriteIntent intent =
      BuildAdopt(pool.context, pool.prepared, {}, *adoptable, std::string(32, 'b'));
  CHECK(intent.kind == StepKind::kAdopt);
  CHECK(intent.if_match == "0x8DC1");
  CHECK(intent.body.AsObject().size() == 1);
  CHECK(ItemNames(intent.body) == std::vector<std::string>{"z", "a", "poolkeeper.owner",
                                                           "poolkeeper.source", "poolkeeper.pool",
                                                           "poolkeeper.incarnation"});
}

TEST_CASE("adopting records the secrets that nobody can compare, and nothing else") {
  OnePool pool;
  pool.spec.policy.adopt = true;
  pool.ownership = Ownership::kUnclaimed;
  pool.Set("metadata", "[]");
  pool.secrets.digests["token"] = "digest-of-the-token";
  pool.Want("userAccounts", R"([{"name": "alice", "password": {"secretRef": "token"}}])");
  pool.Set("userAccounts", R"([{"name": "alice"}])");
  const PoolPlan plan = pool.Decide();
  REQUIRE(plan.secret_unknown == std::vector<std::string>{"userAccounts"});
  const std::optional<AdoptablePool> adoptable = ProveAdoptable(pool.live, pool.spec);
  REQUIRE(adoptable.has_value());
  const WriteIntent intent = BuildAdopt(pool.context, pool.prepared, plan, *adoptable, "i");
  const Record record = RecordOf(intent.body);
  CHECK(record.entries.size() == 1);
  REQUIRE(record.Find("userAccounts") != nullptr);
  CHECK_FALSE(record.Find("userAccounts")->secret_digest.empty());
  CHECK(ItemOf(intent.body, "poolkeeper.revision").empty());
}

TEST_CASE("a record that is too long loses the tags of secrets first") {
  Stamp stamp;
  stamp.record = Record{};
  AppliedEntry entry;
  entry.digest = entry.secret_digest = "AAAAAAAA";
  entry.secret_key_id = "key1";
  entry.secret_tags = std::string(kTagsMax * kTagCharacters, 't');
  for (const char c : std::string("abcdefghij")) stamp.record->entries[{c}] = entry;
  REQUIRE(StampBytes(stamp) > kRecordBytesMax);
  Reduce(stamp, false);
  CHECK_FALSE(stamp.record->reduced);
  CHECK(stamp.record->Find("a")->secret_tags.empty());
  CHECK(stamp.record->Find("a")->secret_digest == "AAAAAAAA");
  stamp.owner = std::string(kRecordBytesMax, 'o');
  Reduce(stamp, false);
  CHECK(stamp.record->reduced);
}

TEST_CASE("a patch sends what changed and the whole metadata list, under the pool's ETag") {
  OnePool pool;
  pool.context.wall = At("2025-07-01T13:00:59Z");
  pool.context.revision = "sha256:newnewnewnew";
  pool.Want("startTask", R"({"commandLine": "printenv"})");
  const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kPatch);
  CHECK(intent.pool_id == "render-linux");
  CHECK(intent.if_match == "0x8DC1");
  CHECK(intent.properties == std::vector<std::string>{"startTask"});
  REQUIRE(intent.body.AsObject().size() == 2);
  CHECK(*intent.body.FindPath("startTask.commandLine") == Value("printenv"));
  CHECK(ItemNames(intent.body).size() == 7);
  CHECK(ItemOf(intent.body, "team") == "render");
  CHECK(ItemOf(intent.body, "poolkeeper.revision") == "sha256:newnewnewnew");
  CHECK(ItemOf(intent.body, "poolkeeper.incarnation") == "0123456789abcdef0123456789abcdef");
  const Record record = RecordOf(intent.body);
  CHECK(record.Find("startTask")->digest == RawDigest(*pool.spec.body.Find("startTask")));
  CHECK(record.Find("startTask")->changed_minute == 29189520 + 60);
}

TEST_CASE("calls use the live spelling of the id") {
  OnePool pool;
  pool.Set("id", R"("Render-Linux")");
  pool.Want("targetDedicatedNodes", "4");
  CHECK(pool.Decide().pool == "Render-Linux");
  CHECK(pool.Write(pool.Decide(), StepKind::kResize).pool_id == "Render-Linux");
}

TEST_CASE("blocked properties keep their old entry, those in sync are refreshed") {
  OnePool pool;
  const std::string old_size = RecordOf(pool.live.body).Find("vmSize")->digest;
  // The entry of the image is lost, although it is in sync.
  Stamp stamp = ReadStamp(ReadMetadata(pool.live.body));
  stamp.record->entries.erase("virtualMachineConfiguration");
  stamp.record->entries["startTask"].changed_minute = 29189520;  // 2025-07-01 12:00
  pool.Set("metadata",
           WriteJson(WriteMetadata(WithStamp(ReadMetadata(pool.live.body), {}, stamp))));
  pool.Want("vmSize", R"("standard_d4_v3")");
  pool.Want("metadata", R"([{"name": "team", "value": "film"}])");
  const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kPatch);
  const Record record = RecordOf(intent.body);
  CHECK(record.Find("vmSize")->digest == old_size);
  CHECK(record.Find("virtualMachineConfiguration") != nullptr);
  CHECK(record.Find("metadata.team")->digest == RawDigest(Value("film")));
  CHECK(record.Find("startTask")->changed_minute == 29189520);  // not touched by this write
}

TEST_CASE("foreign items keep their order and their place in a patch") {
  OnePool pool;
  std::vector<MetadataItem> items = ReadMetadata(pool.live.body);
  items.insert(items.begin(), {"zeta", "1"});
  items.push_back({"alpha", "2"});
  pool.Set("metadata", WriteJson(WriteMetadata(items)));
  pool.Want("metadata", R"([{"name": "team", "value": "film"}, {"name": "new", "value": "n"}])");
  const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kPatch);
  const std::vector<std::string> names = ItemNames(intent.body);
  REQUIRE(names.size() == 10);
  CHECK(std::vector<std::string>(names.begin(), names.begin() + 4) ==
        std::vector<std::string>{"zeta", "team", "alpha", "new"});
}

TEST_CASE("a record without room, or that the service refused, becomes 0") {
  OnePool pool;
  pool.Want("metadata", R"([{"name": "team", "value": "film"}])");
  SUBCASE("refused by the service") {
    const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kPatch, true);
    CHECK(ItemOf(intent.body, "poolkeeper.applied") == "0");
    CHECK(ItemOf(intent.body, "poolkeeper.owner") == "contoso-batch");
  }
  SUBCASE("too long") {
    Value items{Array{}};
    for (int i = 0; i < 40; ++i) {
      items.AsArray().push_back(
          Object{{"name", "a-rather-long-name-" + std::to_string(i)}, {"value", "v"}});
    }
    pool.Want("metadata", WriteJson(items));
    const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kPatch);
    CHECK(ItemOf(intent.body, "poolkeeper.applied") == "0");
    pool.Done(intent);
    const PoolPlan plan = pool.Decide();
    CHECK(plan.memory_reduced);
    CHECK_FALSE(plan.HasWork());
  }
}

TEST_CASE("removing a start task sends metadata and packages as read, without a condition") {
  OnePool pool;
  pool.Set("applicationPackageReferences", R"([{"applicationId": "blender"}])");
  pool.WantNothingOf("startTask");
  const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kRemoveStartTask);
  CHECK(intent.if_match == "");
  CHECK(intent.properties == std::vector<std::string>{"startTask"});
  REQUIRE(intent.body.AsObject().size() == 2);
  CHECK(WriteJson(*intent.body.Find("applicationPackageReferences")) ==
        R"([{"applicationId":"blender"}])");
  CHECK(ItemOf(intent.body, "team") == "render");
  CHECK(RecordOf(intent.body).Find("startTask") == nullptr);
  pool.Done(intent);
  CHECK_FALSE(pool.Decide().HasWork());
}

TEST_CASE("older api-versions send certificates and the communication mode as well") {
  OnePool pool;
  pool.context.api_version = "2024-07-01.20.0";
  pool.Set("targetNodeCommunicationMode", R"("simplified")");
  pool.WantNothingOf("startTask");
  const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kRemoveStartTask);
  CHECK(*intent.body.Find("certificateReferences") == Value(Array{}));
  CHECK(*intent.body.Find("applicationPackageReferences") == Value(Array{}));
  CHECK(intent.body.StringOr("targetNodeCommunicationMode") == "simplified");
}

TEST_CASE("a patch beside a removal keeps the start task in the record until it is gone") {
  OnePool pool;
  pool.WantNothingOf("startTask");
  pool.Want("metadata", R"([{"name": "team", "value": "film"}])");
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch, remove start task");
  const WriteIntent patch = pool.Write(plan, StepKind::kPatch);
  CHECK(patch.body.Find("startTask") == nullptr);
  CHECK(RecordOf(patch.body).Find("startTask") != nullptr);
  pool.Done(patch);
  plan = pool.Decide();
  CHECK(StepsOf(plan) == "remove start task");
  pool.Done(pool.Write(plan, StepKind::kRemoveStartTask));
  CHECK_FALSE(pool.Decide().HasWork());
}

TEST_CASE("a property of null is patched to the service's default") {
  OnePool pool;
  pool.context.api_version = "2024-07-01.20.0";
  pool.Set("targetNodeCommunicationMode", R"("simplified")");
  pool.Set("applicationPackageReferences", R"([{"applicationId": "blender"}])");
  pool.Want("targetNodeCommunicationMode", "null");
  pool.Want("applicationPackageReferences", "null");
  const WriteIntent intent = pool.Write(pool.Decide(), StepKind::kPatch);
  CHECK(intent.body.StringOr("targetNodeCommunicationMode") == "default");
  CHECK(*intent.body.Find("applicationPackageReferences") == Value(Array{}));
}

TEST_CASE("a resize sends both targets, and how nodes leave only when some do") {
  OnePool pool;
  pool.Want("targetDedicatedNodes", "4");
  WriteIntent intent = pool.Write(pool.Decide(), StepKind::kResize);
  CHECK(WriteJson(intent.body) == R"({"targetDedicatedNodes":4,"targetLowPriorityNodes":0})");
  CHECK(intent.if_match == "0x8DC1");
  pool.Want("resizeTimeout", R"("PT20M")");
  pool.Want("targetDedicatedNodes", "1");
  pool.spec.policy.node_deallocation_option = "taskcompletion";
  intent = pool.Write(pool.Decide(), StepKind::kResize);
  CHECK(WriteJson(intent.body) ==
        R"({"targetDedicatedNodes":1,"targetLowPriorityNodes":0,"resizeTimeout":"PT20M",)"
        R"("nodeDeallocationOption":"taskcompletion"})");
}

TEST_CASE("enabling autoscale sends formula and interval, disabling and stopping send no body") {
  OnePool pool;
  pool.WantNothingOf("targetDedicatedNodes");
  pool.Want("enableAutoScale", "true");
  pool.Want("autoScaleFormula", R"("$TargetDedicatedNodes = 1;\n")");
  pool.Want("autoScaleEvaluationInterval", R"("PT60M")");
  WriteIntent intent = pool.Write(pool.Decide(), StepKind::kEnableAutoScale);
  CHECK(intent.body.StringOr("autoScaleFormula") == "$TargetDedicatedNodes = 1;\n");
  CHECK(intent.body.StringOr("autoScaleEvaluationInterval") == "PT1H");
  CHECK(intent.if_match == "0x8DC1");

  OnePool fixed;
  fixed.Set("enableAutoScale", "true");
  intent = fixed.Write(fixed.Decide(), StepKind::kDisableAutoScale);
  CHECK(intent.body.IsNull());
  CHECK(intent.if_match == "");
  OnePool stop;
  stop.spec.policy.on_pending = OnPending::kStop;
  stop.Set("allocationState", R"("resizing")");
  stop.Set("targetDedicatedNodes", "9");
  intent = stop.Write(stop.Decide(), StepKind::kStopResize);
  CHECK(intent.body.IsNull());
  CHECK(intent.if_match == "0x8DC1");
}

TEST_CASE("a record is reduced one byte beyond the limit, or when the service has refused it") {
  Stamp stamp;
  stamp.record = Record{};
  stamp.owner = "a";
  stamp.owner.append(kRecordBytesMax - StampBytes(stamp), 'a');
  REQUIRE(StampBytes(stamp) == kRecordBytesMax);
  Reduce(stamp, false);
  CHECK_FALSE(stamp.record->reduced);
  Stamp longer = stamp;
  longer.owner += "a";
  Reduce(longer, false);
  CHECK(longer.record->reduced);
  Reduce(stamp, true);
  CHECK(stamp.record->reduced);
}

}  // namespace
}  // namespace reconciler::plan
