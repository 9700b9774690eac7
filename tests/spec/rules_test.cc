// The list of rules in rules.md names its specs, and all of them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "tests/spec/corpus.h"

namespace reconciler::spec {
namespace {

const std::string kFolder = POOLKEEPER_SOURCE_DIR "/tests/spec";

std::string ReadList() {
  std::ifstream stream(kFolder + "/rules.md");
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::set<std::string> Matches(const std::string& text, const std::regex& form) {
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), form), end; match != end; ++match) {
    found.insert((*match)[1]);
  }
  return found;
}

TEST_CASE("rules: each has a spec that breaks it, or the reason why not") {
  const std::string list = ReadList();
  constexpr int kRules = 66;
  for (int number = 1; number <= kRules; ++number) {
    const std::regex row(
        fmt::format("\n\\| R-{:02} \\| (`[^|]+`) \\| {{1,2}}\\||"
                    "\n\\| R-{:02} \\|  \\| [^|]+ \\|",
                    number, number));
    CAPTURE(number);
    CHECK(std::regex_search(list, row));
  }
}

TEST_CASE("rules: the specs of the list are there, and no other is") {
  std::set<std::string> named = Matches(ReadList(), std::regex("`((?:rule|limit|missing)-[^`]+)`"));
  std::set<std::string> there;
  for (const BadCase& bad_case : ReadBadCases(kFolder + "/bad")) there.insert(bad_case.name);
  for (const std::string& name : named) {
    CAPTURE(name);
    CHECK(there.contains(name));
  }
  for (const std::string& name : there) {
    CAPTURE(name);
    CHECK((!name.starts_with("rule-") || named.contains(name)));
  }
}

TEST_CASE("rules: a spec for a rule has that one finding") {
  // Two findings where one value breaks two halves of a rule.
  const std::set<std::string> two = {"rule-autoscale-and-target", "rule-image-version-with-id",
                                     "rule-nat-reserved", "rule-gallery-image",
                                     "rule-newest-gallery"};
  for (const BadCase& bad_case : ReadBadCases(kFolder + "/bad")) {
    if (!bad_case.name.starts_with("rule-") || two.contains(bad_case.name)) continue;
    CAPTURE(bad_case.name);
    const std::string findings = "\n" + bad_case.expected;
    CHECK(Matches(findings, std::regex("\n([A-Za-z0-9_.-]+:[0-9]+:[0-9]+): ")).size() == 1);
  }
}

}  // namespace
}  // namespace reconciler::spec
