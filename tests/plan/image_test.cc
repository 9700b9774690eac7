#include "reconciler/plan/image.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/plan/json_literal.h"

namespace reconciler::plan {
namespace {

Instant At(std::string_view text) { return *ParseTime(text); }
const Instant kNow = At("2025-07-01T00:00:00Z");

SupportedImage Image(std::string publisher, std::string offer, std::string sku, std::string agent,
                     bool verified = true, std::string_view end = "") {
  SupportedImage image;
  image.publisher = std::move(publisher);
  image.offer = std::move(offer);
  image.sku = std::move(sku);
  image.node_agent = std::move(agent);
  image.verified = verified;
  if (!end.empty()) image.end_of_life = At(end);
  return image;
}

const std::string kUbuntu20 = "batch.node.ubuntu 20.04";
const std::string kUbuntu22 = "batch.node.ubuntu 22.04";

ImageList List() {
  const std::string jammy = "0001-com-ubuntu-server-jammy";
  ImageList list;
  list.fetched = kNow;
  list.images = {
      Image("canonical", "0001-com-ubuntu-server-focal", "20_04-lts", kUbuntu20),
      Image("canonical", jammy, "22_04-lts", kUbuntu22),
      Image("canonical", jammy, "22_04-lts-gen2", kUbuntu22, false),
      Image("canonical", "ubuntuserver", "18.04-lts", "batch.node.ubuntu 18.04", true,
            "2023-05-30T00:00:00Z"),
      Image("debian", "debian-11", "11", "batch.node.debian 11", false, "2024-01-01T00:00:00Z"),
      Image("many", "agents", "1", "batch.node.el 9"),
      Image("many", "agents", "1", "batch.node.el 10"),
      Image("many", "agents", "1", "batch.node.el 11", false)};
  return list;
}

PoolSpec Spec(const std::string& triple, const std::string& agent = "") {
  std::vector<std::string> parts{""};
  for (const char c : triple) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  REQUIRE(parts.size() == 3);
  Value machine = Object{
      {"imageReference", Object{{"publisher", parts[0]}, {"offer", parts[1]}, {"sku", parts[2]}}}};
  if (!agent.empty()) machine.Set("nodeAgentSKUId", agent);
  PoolSpec spec;
  spec.body = Object{{"virtualMachineConfiguration", machine}};
  return spec;
}

ImageResolution Resolve(const PoolSpec& spec) {
  const ImageList list = List();
  return ResolveImage(spec, &list, kNow);
}

void CheckBlocked(const ImageResolution& resolution, Reason reason, const std::string& message) {
  CHECK(resolution.blocked == reason);
  CHECK(resolution.message == message);
  CHECK(resolution.node_agent.empty());
}

void CheckUsed(const ImageResolution& resolution, const std::string& agent) {
  CHECK(resolution.blocked == Reason::kNone);
  CHECK(resolution.node_agent == agent);
  CHECK(resolution.message.empty());
}

TEST_CASE("image: a listed image gets the agent of the list, without case") {
  CheckUsed(Resolve(Spec("Canonical/0001-com-ubuntu-server-JAMMY/22_04-LTS")), kUbuntu22);
  CheckUsed(
      Resolve(Spec("canonical/0001-com-ubuntu-server-jammy/22_04-lts", "BATCH.node.ubuntu 22.04")),
      kUbuntu22);
}

TEST_CASE("image: an unknown SKU names the nearest SKUs of the offer, nearest first") {
  CheckBlocked(Resolve(Spec("canonical/0001-com-ubuntu-server-jammy/22_04-ltss")),
               Reason::kImageNotListed,
               "image canonical/0001-com-ubuntu-server-jammy/22_04-ltss is not among the 8 "
               "supported images of the account (as of 2025-07-01); nearest: 22_04-lts "
               "(batch.node.ubuntu 22.04), 22_04-lts-gen2 (batch.node.ubuntu 22.04); name one "
               "that is listed, or set policy.image.allowUnlisted and nodeAgentSKUId");
}

TEST_CASE("image: an unknown offer names the nearest offers with their nearest SKU") {
  const ImageResolution resolution =
      Resolve(Spec("canonical/0001-com-ubuntu-server-jami/22_04-lts"));
  CHECK(resolution.blocked == Reason::kImageNotListed);
  CHECK(
      resolution.message.find(
          "; nearest: canonical/0001-com-ubuntu-server-jammy/22_04-lts (batch.node.ubuntu "
          "22.04), canonical/0001-com-ubuntu-server-focal/20_04-lts (batch.node.ubuntu 20.04), ") !=
      std::string::npos);
}

TEST_CASE("image: an empty list names nothing") {
  const ImageList empty{{}, kNow};
  CheckBlocked(ResolveImage(Spec("a/b/c"), &empty, kNow), Reason::kImageNotListed,
               "image a/b/c is not among the 0 supported images of the account (as of "
               "2025-07-01); name one that is listed, or set policy.image.allowUnlisted and "
               "nodeAgentSKUId");
}

TEST_CASE("image: an agent that does not match names the right one") {
  CheckBlocked(Resolve(Spec("canonical/0001-com-ubuntu-server-jammy/22_04-lts", kUbuntu20)),
               Reason::kImageAgentMismatch,
               "node agent 'batch.node.ubuntu 20.04' does not match image "
               "canonical/0001-com-ubuntu-server-jammy/22_04-lts, which needs 'batch.node.ubuntu "
               "22.04'; leave nodeAgentSKUId out or write that");
  PoolSpec spec = Spec("many/agents/1", "batch.node.el 8");
  spec.policy.allow_unlisted = true;
  CHECK(Resolve(spec).blocked == Reason::kImageAgentMismatch);
  CHECK(Resolve(spec).message.find("needs 'batch.node.el 10' or 'batch.node.el 11' or "
                                   "'batch.node.el 9'") != std::string::npos);
}

TEST_CASE("image: of several agents the verified one of the greatest number is taken") {
  CheckUsed(Resolve(Spec("many/agents/1")), "batch.node.el 10");
  CheckUsed(Resolve(Spec("many/agents/1", "batch.node.el 9")), "batch.node.el 9");
  CHECK(Resolve(Spec("many/agents/1", "batch.node.el 11")).blocked == Reason::kImageUnverified);
}

TEST_CASE("image: nodes for containers need an image that is listed as able to run them") {
  ImageList list = List();
  list.images[0].capabilities = {"dockercompatible"};
  PoolSpec spec = Spec("canonical/0001-com-ubuntu-server-jammy/22_04-lts");
  Value* const machine = spec.body.FindPath("virtualMachineConfiguration");
  machine->Set("containerConfiguration", Object{{"type", "dockerCompatible"}});
  CheckBlocked(ResolveImage(spec, &list, kNow), Reason::kImageLacksContainers,
               "virtualMachineConfiguration.containerConfiguration needs an image that can run "
               "containers, and image canonical/0001-com-ubuntu-server-jammy/22_04-lts is listed "
               "without the capability DockerCompatible; `poolkeeper images --capability "
               "DockerCompatible` lists those that have it");
  spec.policy.allow_unlisted = true;
  CheckUsed(ResolveImage(spec, &list, kNow), kUbuntu22);
  spec.policy.allow_unlisted = false;
  machine->Set("containerConfiguration", Object{{"type", "criCompatible"}});
  CheckUsed(ResolveImage(spec, &list, kNow), kUbuntu22);
  PoolSpec able = Spec("canonical/0001-com-ubuntu-server-focal/20_04-lts");
  able.body.FindPath("virtualMachineConfiguration")
      ->Set("containerConfiguration", Object{{"type", "DockerCompatible"}});
  CheckUsed(ResolveImage(able, &list, kNow), kUbuntu20);
}

TEST_CASE("image: an unverified image needs consent") {
  PoolSpec spec = Spec("canonical/0001-com-ubuntu-server-jammy/22_04-lts-gen2");
  CheckBlocked(Resolve(spec), Reason::kImageUnverified,
               "image canonical/0001-com-ubuntu-server-jammy/22_04-lts-gen2 is listed as "
               "unverified; name a verified image, or set policy.image.allowUnverified: true");
  spec.policy.allow_unverified = true;
  CheckUsed(Resolve(spec), kUbuntu22);
}

TEST_CASE("image: an ended image needs consent, and consent to one thing is not to another") {
  PoolSpec spec = Spec("canonical/ubuntuserver/18.04-lts");
  CheckBlocked(Resolve(spec), Reason::kImageEnded,
               "support of image canonical/ubuntuserver/18.04-lts ended on 2023-05-30; name a "
               "newer image, or set policy.image.allowEnded: true");
  spec.policy.allow_ended = true;
  CheckUsed(Resolve(spec), "batch.node.ubuntu 18.04");
  PoolSpec both = Spec("debian/debian-11/11");
  CHECK(Resolve(both).blocked == Reason::kImageEnded);
  both.policy.allow_ended = true;
  CHECK(Resolve(both).blocked == Reason::kImageUnverified);
  both.policy.allow_unverified = true;
  CheckUsed(Resolve(both), "batch.node.debian 11");
}

TEST_CASE("image: an image ends at its date, not before") {
  const ImageList list{{Image("a", "b", "c", "agent", true, "2025-07-01T00:00:00Z")}, kNow};
  CHECK(ResolveImage(Spec("a/b/c"), &list, kNow).blocked == Reason::kImageEnded);
  CHECK(ResolveImage(Spec("a/b/c"), &list, kNow - std::chrono::seconds(1)).blocked ==
        Reason::kNone);
}

TEST_CASE("image: an unlisted image needs consent and an agent") {
  PoolSpec spec = Spec("a/b/c");
  spec.policy.allow_unlisted = true;
  CHECK(Resolve(spec).blocked == Reason::kImageNotListed);
  PoolSpec with_agent = Spec("a/b/c", "my agent");
  CHECK(Resolve(with_agent).blocked == Reason::kImageNotListed);
  with_agent.policy.allow_unlisted = true;
  CheckUsed(Resolve(with_agent), "my agent");
}

TEST_CASE("image: without a list only what needs it waits") {
  CheckBlocked(ResolveImage(Spec("a/b/c"), nullptr, kNow), Reason::kImageListMissing,
               "image a/b/c waits for the list of supported images, which could not be read yet");
  PoolSpec spec = Spec("a/b/c", "my agent");
  CHECK(ResolveImage(spec, nullptr, kNow).blocked == Reason::kImageListMissing);
  spec.policy.allow_unlisted = true;
  CheckUsed(ResolveImage(spec, nullptr, kNow), "my agent");
}

TEST_CASE("image: a gallery image needs an agent and no list") {
  PoolSpec spec;
  spec.body = Json(R"({"virtualMachineConfiguration":{"imageReference":
                       {"virtualMachineImageId":"/subscriptions/x"}}})");
  CheckBlocked(Resolve(spec), Reason::kImageNotListed,
               "a gallery image is in no list: name its node agent in "
               "virtualMachineConfiguration.nodeAgentSKUId");
  spec.body.Find("virtualMachineConfiguration")->Set("nodeAgentSKUId", "my agent");
  CheckUsed(ResolveImage(spec, nullptr, kNow), "my agent");
  CHECK(!TripleOf(spec.body).has_value());
  CHECK(NoticeOf(spec.body, List(), kNow).reason == Reason::kNone);
}

ImageNotice NoticeAfter(std::string_view end) {
  const ImageList list{{Image("a", "b", "c", "agent", true, end)}, kNow};
  return NoticeOf(Spec("A/B/C", "agent").body, list, kNow);
}

TEST_CASE("notice: each step warns from its day on, up to the next") {
  const std::vector<std::pair<int, int>> days_and_step{{181, 0}, {180, 180}, {91, 180}, {90, 90},
                                                       {31, 90}, {30, 30},   {1, 30}};
  for (const auto& [days, step] : days_and_step) {
    const ImageNotice notice = NoticeAfter(FormatTime(kNow + std::chrono::days(days)));
    CAPTURE(days);
    CHECK(notice.warn_step_days == step);
    CHECK(notice.days_left == days);
    CHECK(notice.reason == Reason::kNone);
    CHECK(notice.message.empty() == (step == 0));
  }
  CHECK(NoticeAfter("2025-07-31T00:00:00Z").message ==
        "support of image A/B/C ends in 30 days, on 2025-07-31; name a newer image");
  CHECK(NoticeAfter("2025-07-01T12:00:00Z").message ==
        "support of image A/B/C ends today, on 2025-07-01; name a newer image");
}

TEST_CASE("notice: past the end is a condition, not a warning") {
  const ImageNotice notice = NoticeAfter("2025-06-30T00:00:00Z");
  CHECK(notice.reason == Reason::kImageEndOfLife);
  CHECK(notice.days_left == -1);
  CHECK(notice.warn_step_days == 0);
  CHECK(notice.message == "support of image A/B/C ended on 2025-06-30; name a newer image");
}

TEST_CASE("notice: an image that left the list is a condition, one without a date is silent") {
  const ImageNotice gone = NoticeOf(Spec("a/b/c").body, List(), kNow);
  CHECK(gone.reason == Reason::kImageNotListed);
  CHECK(gone.message ==
        "image a/b/c is no longer listed by the service: the pool runs on, a new one could not be "
        "made; name a listed image");
  const ImageNotice fine =
      NoticeOf(Spec("canonical/0001-com-ubuntu-server-jammy/22_04-lts").body, List(), kNow);
  CHECK(fine.reason == Reason::kNone);
  CHECK(!fine.days_left.has_value());
  CHECK(fine.message.empty());
}

}  // namespace
}  // namespace reconciler::plan
