#include "reconciler/plan/image_table.h"

#include <doctest/doctest.h>

#include "reconciler/core/time_text.h"

namespace reconciler::plan {
namespace {

const Instant kNow = *ParseTime("2026-07-01T12:00:00Z");

SupportedImage Image(const char* offer, const char* sku, const char* agent, int days_left = 0) {
  SupportedImage image;
  image.publisher = "canonical";
  image.offer = offer;
  image.sku = sku;
  image.node_agent = agent;
  image.os_type = "linux";
  image.verified = true;
  if (days_left != 0) image.end_of_life = kNow + std::chrono::hours(24 * days_left + 1);
  return image;
}

ImageList Ubuntu() {
  ImageList list;
  list.images = {Image("ubuntuserver", "18.04-lts", "batch.node.ubuntu 18.04", -400),
                 Image("focal", "20_04-lts", "batch.node.ubuntu 20.04", 60),
                 Image("jammy", "22_04-lts", "batch.node.ubuntu 22.04"),
                 Image("jammy", "22_04-lts-gen2", "batch.node.ubuntu 22.04"),
                 Image("noble", "server", "batch.node.ubuntu 24.04")};
  list.images[3].verified = false;
  list.images[3].capabilities = {"Generation2VMImage"};
  return list;
}

ImageUse Use(const char* pool, const char* offer, const char* sku, const char* agent = "") {
  return {pool, {"Canonical", offer, sku}, agent};
}

std::string Skus(const std::vector<ImageRow>& rows) {
  std::string text;
  for (const ImageRow& row : rows) text += (text.empty() ? "" : " ") + row.image.sku;
  return text;
}

}  // namespace

TEST_CASE("images: all verified ones in natural order, unverified ones when asked for") {
  const ImageList list = Ubuntu();
  CHECK(Skus(ImageTable(list, {}, {}, kNow)) == "20_04-lts 22_04-lts server 18.04-lts");
  CHECK(Skus(ImageTable(list, {}, {.include_unverified = true}, kNow)) ==
        "20_04-lts 22_04-lts 22_04-lts-gen2 server 18.04-lts");
  CHECK(Skus(ImageTable(list, {}, {.sku_pattern = "2?_*LTS"}, kNow)) == "20_04-lts 22_04-lts");
  CHECK(Skus(ImageTable(list, {}, {.capability = "generation2vmimage", .include_unverified = true},
                        kNow)) == "22_04-lts-gen2");
  CHECK(ImageTable(list, {}, {.os_type = "windows"}, kNow).empty());
}

TEST_CASE("images: those in use stand in the order of what is left to them, with their pools") {
  const ImageList list = Ubuntu();
  const std::vector<ImageUse> uses = {Use("b", "focal", "20_04-lts", "batch.node.ubuntu 20.04"),
                                      Use("a", "Focal", "20_04-LTS"),
                                      Use("a", "focal", "20_04-lts", "batch.node.ubuntu 20.04"),
                                      Use("old", "ubuntuserver", "18.04-lts"),
                                      Use("gone", "bionic", "18_04-lts", "batch.node.ubuntu 18.04"),
                                      Use("gen2", "jammy", "22_04-lts-gen2")};
  const std::vector<ImageRow> rows = ImageTable(list, uses, {.in_use = true}, kNow);
  REQUIRE(Skus(rows) == "18_04-lts 18.04-lts 20_04-lts 22_04-lts-gen2");
  CHECK_FALSE(rows[0].listed);
  CHECK(rows[0].pools == std::vector<std::string>{"gone"});
  CHECK(*rows[1].days_left == -400);
  CHECK(*rows[2].days_left == 60);
  CHECK(rows[2].pools == std::vector<std::string>{"a", "b"});
  REQUIRE(rows[2].successor != nullptr);
  CHECK(rows[2].successor->sku == "22_04-lts");
  // 20.04 ends too soon to be moved to.
  REQUIRE(rows[1].successor != nullptr);
  CHECK(rows[1].successor->sku == "22_04-lts");
  REQUIRE(rows[0].successor != nullptr);
  CHECK(rows[0].successor->sku == "22_04-lts");
  CHECK_FALSE(rows[3].days_left.has_value());
  CHECK(rows[3].successor == nullptr);
}

TEST_CASE("images: what follows an image has all that it has, and the same kind of agent") {
  ImageList list = Ubuntu();
  SupportedImage docker = Image("docker", "1-18", "batch.node.ubuntu 18.04");
  docker.capabilities = {"DockerCompatible"};
  CHECK(SuccessorOf(docker, list, kNow) == nullptr);
  list.images.push_back(Image("docker", "1-24", "batch.node.ubuntu 24.04"));
  list.images.back().capabilities = {"DockerCompatible", "NvidiaTeslaDriverInstalled"};
  REQUIRE(SuccessorOf(docker, list, kNow) != nullptr);
  CHECK(SuccessorOf(docker, list, kNow)->sku == "1-24");
  // Of one agent and offer, only what differs in digits alone is newer.
  SupportedImage early = Image("jammy", "21_10-lts", "batch.node.ubuntu 22.04");
  early.capabilities = {};
  CHECK(SuccessorOf(early, list, kNow)->sku == "22_04-lts");
  list.images[3].verified = true;
  CHECK(SuccessorOf(list.images[2], list, kNow)->sku == "server");
  SupportedImage debian = Image("debian", "10", "batch.node.debian 10");
  CHECK(SuccessorOf(debian, list, kNow) == nullptr);
  CHECK(SuccessorOf(list.images[4], list, kNow) == nullptr);
}

}  // namespace reconciler::plan
