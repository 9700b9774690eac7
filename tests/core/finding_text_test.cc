#include <doctest/doctest.h>

#include <string>

#include "reconciler/core/pool.h"

namespace reconciler {
namespace {

std::string QuoteOf(const std::string& line, int column, int from = 0) {
  Finding finding;
  finding.position = {std::make_shared<const std::string>("p.yaml"), 3, column};
  finding.message = "m";
  finding.line_text = line;
  finding.line_text_from = from;
  const std::string text = FormatFinding(finding);
  const std::size_t end = text.find('\n');
  return end == std::string::npos ? "" : text.substr(end + 1);
}

TEST_CASE("finding text: the caret stands under the character of its column") {
  CHECK(QuoteOf("key: x", 6) == "    key: x\n         ^");
  CHECK(QuoteOf("clé: x", 6) == "    clé: x\n         ^");
  CHECK(QuoteOf("x", 4) == "    x\n       ^");
  CHECK(QuoteOf("", 1) == "");
  CHECK(QuoteOf("x", 0) == "");
}

TEST_CASE("finding text: wide letters take two columns, combining marks none") {
  CHECK(QuoteOf("名: x", 4) == "    名: x\n        ^");
  CHECK(QuoteOf("e\xCC\x81: x", 5) == "    e\xCC\x81: x\n       ^");
}

TEST_CASE("finding text: nothing of the line steers a terminal") {
  CHECK(QuoteOf("a\x1B[31mb", 7) == "    a\\x1b[31mb\n             ^");
  CHECK(QuoteOf("a\tb\x7F\r", 3) == "    a b\\x7f\\x0d\n      ^");
  CHECK(QuoteOf("a\xC2\x9B"
                "b",
                3) == "    a\\u009bb\n           ^");
  CHECK(QuoteOf("a\xE2\x80\xAE"
                "b",
                3) == "    a\\u202eb\n           ^");
  CHECK(QuoteOf("a\xFF\xC3", 3) == "    a\\xff\\xc3\n         ^");
}

TEST_CASE("finding text: a long line is cut around the column") {
  const std::string line = std::string(300, 'a') + "X" + std::string(300, 'b');
  const std::string shown = "    ..." + std::string(80, 'a') + "X" + std::string(79, 'b') + "...";
  const std::string under = std::string(4 + 3 + 80, ' ') + "^";
  CHECK(QuoteOf(line, 301) == shown + "\n" + under);
  CHECK(QuoteOf(line.substr(200), 301, 200) == shown + "\n" + under);
  CHECK(QuoteOf(line, 1) == "    " + std::string(160, 'a') + "...\n    ^");
  CHECK(QuoteOf(line, 602) == "    ..." + std::string(80, 'b') + "\n" + under);
  CHECK(QuoteOf(std::string(160, 'a'), 160) ==
        "    " + std::string(160, 'a') + "\n" + std::string(4 + 159, ' ') + "^");
}

}  // namespace
}  // namespace reconciler
