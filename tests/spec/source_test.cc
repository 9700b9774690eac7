#include "reconciler/spec/source.h"

#include <doctest/doctest.h>

namespace reconciler::spec {
namespace {

std::string LineOf(const Source& source, int line) { return QuoteLine(source, line, 1).text; }

TEST_CASE("source: a line is quoted as it stands, without its end") {
  const Source source = MakeSource("a", "one\r\n  two\t\x1B[0m\nthree");
  CHECK(LineOf(source, 1) == "one");
  CHECK(LineOf(source, 2) == "  two\t\x1B[0m");
  CHECK(LineOf(source, 3) == "three");
  CHECK(LineOf(source, 4) == "");
  CHECK(LineOf(source, 0) == "");
}

TEST_CASE("source: of a long line the part around the column is kept, counted in characters") {
  std::string line;
  for (int i = 0; i < 1000; ++i) line += "\xC3\xA9";
  const Source source = MakeSource("a", line);
  CHECK(QuoteLine(source, 1, 1).from == 0);
  CHECK(QuoteLine(source, 1, 1).text == line.substr(0, 800));
  const QuotedLine middle = QuoteLine(source, 1, 500);
  CHECK(middle.from == 299);
  CHECK(middle.text == line.substr(0, 800));
  CHECK(QuoteLine(source, 1, 5000).text == "");
}

TEST_CASE("source: a line that may hold a secret in clear is not shown") {
  CHECK(LineOf(MakeSource("a", "    password: hunter2"), 1) == "");
  CHECK(LineOf(MakeSource("a", "{name: u, Password: hunter2}"), 1) == "");
  CHECK(LineOf(MakeSource("a", "httpUrl: https://a/b?sv=1&sig=abc"), 1) == "");
  CHECK(LineOf(MakeSource("a", "password: {secretRef: x}"), 1) == "password: {secretRef: x}");
}

}  // namespace
}  // namespace reconciler::spec
