#include <doctest/doctest.h>

#include <regex>
#include <sstream>

#include "reconciler/spec/assemble.h"
#include "tests/spec/corpus.h"

namespace reconciler::spec {
namespace {

const std::string kFolder = POOLKEEPER_SOURCE_DIR "/tests/spec/bad";

TEST_CASE("bad specs: each gives exactly the messages that are pinned beside it") {
  const std::vector<BadCase> cases = ReadBadCases(kFolder);
  CHECK(cases.size() >= 80);
  for (const BadCase& bad_case : cases) {
    CAPTURE(bad_case.name);
    CHECK_FALSE(bad_case.expected.empty());
    CHECK(FindingsOf(bad_case) == bad_case.expected);
  }
}

TEST_CASE("bad specs: each message names file, line and column") {
  const std::regex position("^[A-Za-z0-9_./-]+:[1-9][0-9]*:[1-9][0-9]*: .+");
  for (const BadCase& bad_case : ReadBadCases(kFolder)) {
    CAPTURE(bad_case.name);
    std::istringstream lines(FindingsOf(bad_case));
    int messages = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("    ")) continue;  // the quoted line and its caret
      ++messages;
      CAPTURE(line);
      CHECK(std::regex_match(line, position));
    }
    CHECK(messages > 0);
  }
}

TEST_CASE("bad specs: no message shows a secret that was written in clear") {
  for (const BadCase& bad_case : ReadBadCases(kFolder)) {
    CAPTURE(bad_case.name);
    CHECK(FindingsOf(bad_case).find("hunter2") == std::string::npos);
    CHECK(FindingsOf(bad_case).find("c2VjcmV0") == std::string::npos);
  }
}

}  // namespace
}  // namespace reconciler::spec
