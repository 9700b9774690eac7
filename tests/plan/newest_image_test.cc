#include "reconciler/plan/newest_image.h"

#include <doctest/doctest.h>

#include <initializer_list>

#include "reconciler/core/json.h"
#include "reconciler/plan/image_table.h"
#include "reconciler/plan/pool_diff.h"
#include "reconciler/plan/render.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

const Instant kNow = At("2026-07-01T12:00:00Z");
constexpr const char* kOffer = "0001-com-ubuntu-server-jammy";
constexpr const char* kUbuntu22 = "batch.node.ubuntu 22.04";

SupportedImage Row(const char* sku, const char* agent = kUbuntu22, const char* end = "") {
  SupportedImage image;
  image.publisher = "canonical";
  image.offer = kOffer;
  image.sku = sku;
  image.node_agent = agent;
  image.verified = true;
  if (*end != '\0') image.end_of_life = At(end);
  return image;
}

ImageList ListOf(std::initializer_list<SupportedImage> rows) { return {{rows}, kNow}; }

ImageList Named(std::initializer_list<const char*> skus) {
  ImageList list{{}, kNow};
  for (const char* sku : skus) list.images.push_back(Row(sku));
  return list;
}

PoolSpec Asking(const char* pattern, const char* agent = "") {
  PoolSpec spec;
  spec.id = "p";
  Value machine = Object{{"imageReference", Object{{"publisher", "Canonical"}, {"offer", kOffer}}}};
  if (*agent != '\0') machine.Set("nodeAgentSKUId", agent);
  spec.body = Object{{"virtualMachineConfiguration", machine}};
  spec.policy.newest_sku_pattern = pattern;
  return spec;
}

std::string Pick(const char* pattern, const ImageList& list) {
  const NewestImage newest = PickNewest(Asking(pattern), list, kNow);
  return newest.row == nullptr ? std::string(ReasonName(newest.blocked)) : newest.row->sku;
}

std::string Message(const char* pattern, const ImageList& list) {
  return PickNewest(Asking(pattern), list, kNow).message;
}

}  // namespace

TEST_CASE("newest: runs of digits count as numbers in the names of real lists") {
  CHECK(Pick("*", Named({"20_04-lts", "22_04-lts", "8_04-lts"})) == "22_04-lts");
  CHECK(Pick("*", Named({"16.04-lts", "18.04-lts"})) == "18.04-lts");
  CHECK(Pick("*", Named({"16.04.0-LTS", "16.04.10-lts", "16.04.9-lts"})) == "16.04.10-lts");
  CHECK(Pick("*-gen2", Named({"20_04-lts-gen2", "22_04-lts-gen2", "22_04-lts"})) ==
        "22_04-lts-gen2");
  CHECK(Pick("8_*", Named({"8_4", "8_5", "8_10", "8_5-gen2-x"})) == "ImageAmbiguous");
  CHECK(Pick("8_?*", Named({"8_4", "8_5", "8_10"})) == "8_10");
  CHECK(Pick("7?", Named({"74", "78", "8", "8_5"})) == "78");
  CHECK(Pick("7-*", Named({"7-4", "7-8", "7-10"})) == "7-10");
  CHECK(Pick("2*04", Named({"1804", "2004", "2204", "2404"})) == "2404");
  CHECK(Pick("server", Named({"server", "server-arm64", "server-gen1"})) == "server");
  CHECK(Pick("20*-datacenter", Named({"2016-datacenter", "2022-datacenter",
                                      "2019-datacenter-core"})) == "2022-datacenter");
  CHECK(Pick("*", Named({"22_4-lts", "22_04-lts"})) == Pick("*", Named({"22_04-lts", "22_4-lts"})));
}

TEST_CASE("newest: candidates that differ in more than digits are an error that lists them") {
  CHECK(Message("22*", Named({"22_04-lts", "22_04-lts-gen2", "22_04-lts-arm64", "20_04-lts",
                              "22_04-daily-lts", "22_04-lts-gen2"})) ==
        "images like Canonical/0001-com-ubuntu-server-jammy/22* differ in more than digits: "
        "22_04-daily-lts, 22_04-lts, 22_04-lts-arm64, 22_04-lts-gen2; narrow "
        "policy.image.newest.skuPattern");
  CHECK(Pick("server*", Named({"server", "server-arm64"})) == "ImageAmbiguous");
  CHECK(Pick("*", Named({"78", "8_5"})) == "ImageAmbiguous");
  CHECK(Pick("*", Named({"18.04-lts", "20_04-lts"})) == "ImageAmbiguous");
  CHECK(Pick("*-daily", Named({"20_04-daily", "22_04-daily", "22_04"})) == "22_04-daily");
  // What may not be taken anyway is no candidate.
  ImageList list = Named({"22_04-lts", "22_04-lts-gen2"});
  list.images[1].verified = false;
  CHECK(Pick("*", list) == "22_04-lts");
}

TEST_CASE("newest: a name that is greater and has the older node agent decides nothing") {
  const ImageList list = ListOf({Row("810", "batch.node.el 8"), Row("94", "batch.node.el 9")});
  CHECK(Message("*", list) ==
        "of the images like Canonical/0001-com-ubuntu-server-jammy/*, 810 is the greatest by its "
        "name (batch.node.el 8), and 94 has the newer node agent (batch.node.el 9); narrow "
        "policy.image.newest.skuPattern");
  CHECK(Pick("9*", list) == "94");
}

TEST_CASE("newest: what ends within 90 days, has ended or is unverified is left out") {
  const ImageList list = ListOf({Row("18_04-lts", kUbuntu22, "2023-05-30T00:00:00Z"),
                                 Row("20_04-lts", kUbuntu22, "2026-09-29T12:00:01Z"),
                                 Row("21_04-lts", kUbuntu22, "2026-09-29T12:00:00Z")});
  CHECK(Pick("*", list) == "20_04-lts");  // a second more than 90 days
  CHECK(Pick("21*", list) == "ImageEnded");
  ImageList unverified = list;
  unverified.images[1].verified = false;
  CHECK(Message("*", unverified) ==
        "no image like Canonical/0001-com-ubuntu-server-jammy/* is verified and supported for 90 "
        "more days: 18_04-lts (support ended on 2023-05-30), 20_04-lts (unverified), 21_04-lts "
        "(support ends on 2026-09-29); widen policy.image.newest.skuPattern, or name the sku in "
        "imageReference");
  CHECK(Pick("20*", unverified) == "ImageUnverified");
  PoolSpec allowing = Asking("20*");
  allowing.policy.allow_unverified = true;  // for images that a person names
  CHECK(PickNewest(allowing, unverified, kNow).blocked == Reason::kImageUnverified);
}

TEST_CASE("newest: without a match the nearest images are named") {
  CHECK(Message("26_*", Named({"22_04-lts"})) ==
        "no image like Canonical/0001-com-ubuntu-server-jammy/26_* is among the 1 supported images "
        "of the account (as of 2026-07-01); nearest: 22_04-lts (batch.node.ubuntu 22.04); mend "
        "publisher, offer or policy.image.newest.skuPattern");
  CHECK(Pick("*", ListOf({})) == "ImageNotListed");
}

TEST_CASE("newest: a named node agent chooses among the images, and must fit one") {
  const ImageList list =
      ListOf({Row("20_04-lts", "batch.node.ubuntu 20.04"), Row("22_04-lts", kUbuntu22)});
  const PoolSpec spec = Asking("*", "BATCH.node.ubuntu 20.04");
  CHECK(PickNewest(spec, list, kNow).row->sku == "20_04-lts");
  const NewestImage none = PickNewest(Asking("22*", "batch.node.ubuntu 18.04"), list, kNow);
  CHECK(none.blocked == Reason::kImageAgentMismatch);
  CHECK(none.message ==
        "node agent 'batch.node.ubuntu 18.04' does not match any image like "
        "Canonical/0001-com-ubuntu-server-jammy/22*, which need 'batch.node.ubuntu 22.04'; leave "
        "nodeAgentSKUId out");
}

TEST_CASE("newest: resolves to SKU and agent, and waits for the list") {
  const ImageList list = Named({"20_04-lts", "22_04-lts"});
  const ImageResolution image = ResolveImage(Asking("2?_04-lts"), &list, kNow);
  CHECK(image.sku == "22_04-lts");
  CHECK(image.node_agent == kUbuntu22);
  const ImageResolution waiting = ResolveImage(Asking("2?_04-lts"), nullptr, kNow);
  CHECK(waiting.blocked == Reason::kImageListMissing);
  CHECK(waiting.message ==
        "image Canonical/0001-com-ubuntu-server-jammy/2?_04-lts waits for the list of supported "
        "images, which could not be read yet");
}

namespace {

constexpr const char* kNewestBody = R"({
  "vmSize": "standard_d2_v3",
  "virtualMachineConfiguration": {"imageReference":
    {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy"}},
  "targetDedicatedNodes": 2})";

constexpr const char* kMachine = "virtualMachineConfiguration";

/// A pool that was made from the newest image of `pattern`.
struct NewestPool : OnePool {
  explicit NewestPool(const char* pattern = "2?_04-lts") : OnePool(kNewestBody) {
    spec.policy.newest_sku_pattern = pattern;
    prepared = Prepare(spec, secrets, *context.table);
    live.body.Set("metadata", *Created().Find("metadata"));
    live.body.Set(kMachine, *Created().Find(kMachine));
    Remember();
  }
  Value Created() const {
    return BuildCreate(context, prepared, "0123456789abcdef0123456789abcdef").body;
  }
  void RunsSku(const char* sku, const char* agent) {
    Value* machine = live.body.Find(kMachine);
    machine->Find("imageReference")->Set("sku", sku);
    machine->Set("nodeAgentSKUId", agent);
  }
};

}  // namespace

TEST_CASE("newest: a create sends the SKU and the agent of the list, and the plan shows them") {
  NewestPool pool;
  CHECK(WriteJson(*pool.Created().Find(kMachine)) ==
        R"({"imageReference":{"publisher":"canonical","offer":"0001-com-ubuntu-server-jammy",)"
        R"("sku":"22_04-lts"},"nodeAgentSKUId":"batch.node.ubuntu 22.04"})");
  const PoolPlan plan = pool.DecideAbsent();
  const Change* sku = FindChange(plan.changes, "virtualMachineConfiguration.imageReference.sku");
  REQUIRE(sku != nullptr);
  CHECK(*sku->after == Value("22_04-lts"));
  CHECK(StepsOf(plan) == "create");
  pool.spec.policy.newest_sku_pattern = "*";
  pool.images.images.push_back(pool.images.images.front());
  pool.images.images.back().sku = "22_04-lts-gen2";
  const PoolPlan blocked = pool.DecideAbsent();
  CHECK(FindHold(blocked, Reason::kImageAmbiguous) != nullptr);
  CHECK(StepsOf(blocked).empty());
}

TEST_CASE("newest: a live pool of a matching image is in sync, and a newer one is a note") {
  NewestPool pool;
  CHECK_FALSE(pool.Decide().Differs());
  CHECK(pool.Decide().newer_sku.empty());
  pool.RunsSku("20_04-lts", "batch.node.ubuntu 20.04");
  const PoolPlan older = pool.Decide();
  CHECK_FALSE(older.Differs());
  CHECK(older.holds.empty());
  CHECK(older.newer_sku == "22_04-lts");
  AccountPlan account;
  account.revision = "sha256:1";
  account.checked = 1;
  account.pools.push_back(older);
  CHECK(RenderPlan(account, {}) ==
        "render-linux: a new pool would get the newer image 22_04-lts (policy.image.newest)\n"
        "No changes. 1 pool matches sha256:1.\n");
  CHECK(WriteJson(PlanToJson({account})).find(R"("newerSku":"22_04-lts")") != std::string::npos);
  // Neither an image that left the list nor an empty list makes a difference.
  pool.images.images.clear();
  CHECK_FALSE(pool.Decide().Differs());
  pool.context.images = nullptr;
  CHECK_FALSE(pool.Decide().Differs());
  CHECK(pool.Decide().newer_sku.empty());
}

TEST_CASE("newest: a live pool of another image differs, and is shown what it should have") {
  NewestPool pool("22_*");
  pool.RunsSku("20_04-lts", "batch.node.ubuntu 20.04");
  const PoolPlan plan = pool.Decide();
  const Change* sku = FindChange(plan.blocked, "virtualMachineConfiguration.imageReference.sku");
  REQUIRE(sku != nullptr);
  CHECK(*sku->before == Value("20_04-lts"));
  CHECK(*sku->after == Value("22_04-lts"));
  CHECK(sku->cause == Cause::kPoolChanged);
  const Change* agent = FindChange(plan.blocked, "virtualMachineConfiguration.nodeAgentSKUId");
  REQUIRE(agent != nullptr);
  CHECK(*agent->after == Value("batch.node.ubuntu 22.04"));
  CHECK(plan.newer_sku.empty());
  pool.context.images = nullptr;
  const PoolPlan unlisted = pool.Decide();
  sku = FindChange(unlisted.blocked, "virtualMachineConfiguration.imageReference.sku");
  REQUIRE(sku != nullptr);
  CHECK(*sku->after == Value("22_*"));
  CHECK(FindHold(unlisted, Reason::kImageListMissing) != nullptr);
}

TEST_CASE("newest: another pattern is a change of the spec") {
  NewestPool pool("20_*");
  REQUIRE_FALSE(pool.Decide().Differs());
  pool.spec.policy.newest_sku_pattern = "22_*";
  const PoolPlan plan = pool.Decide();
  REQUIRE(plan.blocked.size() == 2);
  CHECK(plan.blocked.front().cause == Cause::kSpecChanged);
}

TEST_CASE("newest: diff --all shows the pattern beside the live SKU") {
  NewestPool pool;
  const PoolPlan plan = pool.Decide();
  const PoolDiff diff =
      DiffPool(pool.prepared, &pool.live, plan, *pool.context.table, "2025-06-01", true);
  const auto row = std::find_if(diff.rows.begin(), diff.rows.end(), [](const DiffRow& candidate) {
    return candidate.path == "virtualMachineConfiguration.imageReference.sku";
  });
  REQUIRE(row != diff.rows.end());
  CHECK(row->state == DiffState::kInSync);
  CHECK(*row->spec == Value("2?_04-lts"));
  CHECK(*row->live == Value("22_04-lts"));
}

TEST_CASE("newest: the table of images tells what is newer, and counts a pool once") {
  const ImageList list = Named({"20_04-lts", "22_04-lts"});
  std::vector<ImageUse> uses = {{"P", {"canonical", kOffer, "20_04-lts"}, kUbuntu22}};
  AddUseOfSpec(Asking("2?_04-lts"), list, kNow, uses);
  REQUIRE(uses.size() == 1);
  const std::vector<ImageRow> rows = ImageTable(list, uses, {.in_use = true}, kNow);
  REQUIRE(rows.size() == 1);
  CHECK(rows.front().newer ==
        std::map<std::string, std::vector<std::string>>{{"22_04-lts", {"P"}}});
  // Not made yet: the use of what it would get.
  uses.clear();
  AddUseOfSpec(Asking("2?_04-lts"), list, kNow, uses);
  REQUIRE(uses.size() == 1);
  CHECK(uses.front().triple.sku == "22_04-lts");
  CHECK(uses.front().newer_sku.empty());
  AddUseOfSpec(Asking("26_*"), list, kNow, uses);
  CHECK(uses.size() == 1);
}

}  // namespace reconciler::plan
