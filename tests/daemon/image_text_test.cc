#include "daemon/image_text.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "reconciler/core/time_text.h"
#include "tests/daemon/output_schema.h"

namespace reconciler::daemon {
namespace {

/// One account: an image that two pools use and that ends in 30 days, one that is not listed.
AccountImages Sample() {
  AccountImages account;
  account.account = "demo";
  account.list.fetched = *ParseTime("2026-07-01T12:00:00Z");
  SupportedImage focal;
  focal.publisher = "canonical";
  focal.offer = "focal";
  focal.sku = "20_04-lts";
  focal.node_agent = "batch.node.ubuntu 20.04";
  focal.os_type = "linux";
  focal.verified = true;
  focal.end_of_life = *ParseTime("2026-07-31T13:00:00Z");
  SupportedImage jammy = focal;
  jammy.offer = "jammy";
  jammy.sku = "22_04-lts";
  jammy.node_agent = "batch.node.ubuntu 22.04";
  jammy.capabilities = {"DockerCompatible"};
  jammy.end_of_life.reset();
  SupportedImage hidden = jammy;
  hidden.verified = false;
  account.list.images = {focal, jammy, hidden};
  plan::ImageRow gone;
  gone.image.publisher = "canonical";
  gone.image.offer = "bionic";
  gone.image.sku = "18_04-lts";
  gone.listed = false;
  gone.pools = {"old"};
  account.rows = {gone, {focal, true, 30, {"a", "b"}, &account.list.images[1]}};
  return account;
}

}  // namespace

TEST_CASE("images: in use, each with its pools and what follows") {
  const AccountImages account = Sample();
  CHECK(RenderImages({account}, {.in_use = true}, {}) ==
        "PUBLISHER  OFFER   SKU        NODE AGENT               VERIFIED  END OF LIFE          "
        "CAPABILITIES\n"
        "canonical  bionic  18_04-lts  -                        -         not listed\n"
        "    used by old\n"
        "canonical  focal   20_04-lts  batch.node.ubuntu 20.04  yes       2026-07-31, 30 days\n"
        "    used by a, b\n"
        "    next: canonical/jammy/22_04-lts (batch.node.ubuntu 22.04)\n"
        "2 of 3 images.\n");
}

TEST_CASE("images: a narrow terminal loses columns, the last line says what is hidden") {
  AccountImages account = Sample();
  account.rows = {{account.list.images[1], true, {}, {}, nullptr}};
  const Screen narrow{.terminal = true, .color = false, .width = 60};
  CHECK(RenderImages({account}, {}, narrow) ==
        "OFFER  SKU        NODE AGENT               END OF LIFE\n"
        "jammy  22_04-lts  batch.node.ubuntu 22.04  -\n"
        "1 of 3 images, 1 unverified (--include-unverified shows them).\n");
}

TEST_CASE("images: where no column may go, agent and end of life move below the line") {
  AccountImages account = Sample();
  account.rows = {{account.list.images[0], true, 30, {}, nullptr}};
  const Screen narrow{.terminal = true, .color = false, .width = 40};
  CHECK(RenderImages({account}, {}, narrow) ==
        "OFFER  SKU\n"
        "focal  20_04-lts\n"
        "    node agent batch.node.ubuntu 20.04,\n"
        "    end of life 2026-07-31, 30 days\n"
        "1 of 3 images, 1 unverified (--include-unverified shows them).\n");
}

TEST_CASE("images: only unverified images that the filter lets through are told of") {
  AccountImages account = Sample();
  account.rows.clear();
  CHECK(
      RenderImages({account}, {.capability = "NodePublicIP"}, {}) ==
      "0 of 3 images.\nNo image has the capability 'NodePublicIP'; there are DockerCompatible.\n");
  CHECK(RenderImages({account}, {.capability = "dockercompatible"}, {}) ==
        "0 of 3 images, 1 unverified (--include-unverified shows them).\n");
}

TEST_CASE("images: JSON is what its schema says") {
  const Value json = ImagesToJson(
      {Sample()}, {Object{{"account", "lab"}, {"kind", "transient"}, {"message", "x"}}});
  CHECK(SchemaProblem("images.output.schema.json", json) == "");
  Value wrong = json;
  wrong.Set("formatVersion", Value(1));
  CHECK(SchemaProblem("images.output.schema.json", wrong) == "#/formatVersion: enum");
}

}  // namespace reconciler::daemon
