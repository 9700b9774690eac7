#include "reconciler/plan/cut_pair.h"

#include <doctest/doctest.h>

#include <string>

#include "reconciler/plan/render_table.h"

namespace reconciler::plan {
namespace {

std::string Both(std::string_view left, std::string_view right, std::size_t columns_max) {
  const TextPair pair = CutPair(left, right, columns_max);
  return pair.left + " -> " + pair.right;
}

std::string Letters(std::size_t count, char letter = 'x') { return std::string(count, letter); }

TEST_CASE("cut pair: what has room stays whole") {
  CHECK(Both("hostname", "printenv", 16) == "hostname -> printenv");
  CHECK(Both("", "a", 16) == " -> a");
  CHECK(Both("same", "same", 16) == "same -> same");
}

TEST_CASE("cut pair: a difference in the middle stands between the beginning and the end") {
  const std::string front = "/subscriptions/0000-1111/resourceGroups/";
  const std::string back = "/providers/Microsoft.Network/virtualNetworks/v/subnets/nodes";
  CHECK(Both(front + "alpha" + back, front + "beta" + back, 40) ==
        "/subscript...roups/alpha/provid.../nodes -> /subscript...roups/beta/provide.../nodes");
}

TEST_CASE(
    "cut pair: a difference at the beginning needs no cut before it, one at the end none "
    "behind it") {
  CHECK(Both("a" + Letters(60), "b" + Letters(60), 20) ==
        "axxxxxxxxxxxx...xxxx -> bxxxxxxxxxxxx...xxxx");
  CHECK(Both(Letters(60) + "a", Letters(60) + "b", 20) == "xxxxx...xxxa -> xxxxx...xxxb");
}

TEST_CASE("cut pair: where one text is the beginning of the other, the longer one shows more") {
  CHECK(Both(Letters(60), Letters(60) + "yz", 20) == "xxxxx...xxx -> xxxxx...xxxyz");
  CHECK(Both("xxx", Letters(60), 20) == "xxx -> xxxxxxxxxxxxx...xxxx");
}

TEST_CASE("cut pair: characters and escapes are never cut, and count as one column") {
  const std::string umlauts = "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4";
  const TextPair pair = CutPair(umlauts + umlauts + "a", umlauts + umlauts + "\n", 16);
  CHECK(pair.left == "\u00e4\u00e4\u00e4\u00e4...\u00e4\u00e4a");
  CHECK(pair.right == "\u00e4\u00e4\u00e4\u00e4...\u00e4\u00e4\\n");
  CHECK(CutPair(Letters(30) + R"(\u0001)", Letters(30) + R"(\u0002)", 16).left ==
        R"(xxxx...xx\u0001)");
}

TEST_CASE("cut pair: texts that differ are never shown alike, whatever stands in them") {
  // What is left out reads as its own mark.
  CHECK(Both("xxxxxxxxxx...xxx", Letters(40), 16) != "xxxxxxxxxx...xxx -> xxxxxxxxxx...xxx");
  for (std::size_t length = 0; length < 90; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string other = Letters(length, '.');
      other[at] = 'y';
      for (const std::size_t columns : {0U, 16U, 23U, 60U}) {
        CAPTURE(length);
        CAPTURE(at);
        const TextPair pair = CutPair(Letters(length, '.'), other, columns);
        CHECK(pair.left != pair.right);
        CHECK(pair.right.find('y') != std::string::npos);
        const TextPair shorter = CutPair(Letters(at, '.'), Letters(length, '.'), columns);
        CHECK(shorter.left != shorter.right);
      }
    }
  }
}

TEST_CASE("cut pair: the width holds where the cut alone tells the texts apart") {
  for (std::size_t at = 0; at < 200; ++at) {
    std::string other = Letters(200);
    other[at] = 'y';
    const TextPair pair = CutPair(Letters(200), other, 24);
    CHECK(Columns(pair.left) <= 24);
    CHECK(Columns(pair.right) <= 24);
  }
}

}  // namespace
}  // namespace reconciler::plan
