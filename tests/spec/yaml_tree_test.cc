#include "reconciler/spec/yaml_tree.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"

namespace reconciler::spec {
namespace {

TEST_CASE("a file of several documents gives one tree for each") {
  const std::string text = "# first\n---\na: 1\n---\nb: [x, 'y']\n";
  const Source source = MakeSource("a.yaml", text);
  FindingSink sink;
  const std::vector<Document> documents = ReadYaml(source, sink);
  REQUIRE(documents.size() == 2);
  CHECK(WriteJson(ToValue(documents[0].root)) == R"({"a":1})");
  CHECK(WriteJson(ToValue(documents[1].root)) == R"({"b":["x","y"]})");
  CHECK(documents[1].root.members[0].place.line == 5);
}

}  // namespace
}  // namespace reconciler::spec
