#include "reconciler/spec/source.h"

#include <doctest/doctest.h>

namespace reconciler::spec {
namespace {

TEST_CASE("source: a line is shown as it stands, without what a terminal would obey") {
  const Source source = MakeSource("a", "one\r\n  two\t\x1B[0m\nthree");
  CHECK(LineText(source, 1) == "one");
  CHECK(LineText(source, 2) == "  two ?[0m");
  CHECK(LineText(source, 3) == "three");
  CHECK(LineText(source, 4) == "");
  CHECK(LineText(source, 0) == "");
}

TEST_CASE("source: a long line is cut") {
  CHECK(LineText(MakeSource("a", std::string(1000, 'x')), 1).size() == 160);
}

TEST_CASE("source: a line that may hold a secret in clear is not shown") {
  CHECK(LineText(MakeSource("a", "    password: hunter2"), 1) == "");
  CHECK(LineText(MakeSource("a", "{name: u, Password: hunter2}"), 1) == "");
  CHECK(LineText(MakeSource("a", "httpUrl: https://a/b?sv=1&sig=abc"), 1) == "");
  CHECK(LineText(MakeSource("a", "password: {secretRef: x}"), 1) == "password: {secretRef: x}");
}

}  // namespace
}  // namespace reconciler::spec
