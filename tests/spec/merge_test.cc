#include "reconciler/spec/merge.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {
namespace {

Node Tree(std::string_view json) {
  const Result<Value> value = ParseJson(json);
  REQUIRE(value.has_value());
  return FromValue(*value);
}

/// The merged spec of two specs.
std::string Merge(const std::string& base, const std::string& patch) {
  const Node merged =
      MergeDocuments(Tree("{\"spec\":" + base + "}"), Tree("{\"spec\":" + patch + "}"));
  return WriteSortedJson(ToValue(*merged.Find("spec")));
}

TEST_CASE("merge: mappings merge, lists and scalars are replaced") {
  CHECK(Merge(R"({"a":{"x":1,"y":2},"l":[1,2]})", R"({"a":{"y":3},"l":[4]})") ==
        R"({"a":{"x":1,"y":3},"l":[4]})");
}

TEST_CASE("merge: null takes the inherited member away, and stays where it meets nothing") {
  CHECK(Merge(R"({"startTask":{"commandLine":"x"},"b":1})", R"({"startTask":null})") ==
        R"({"b":1})");
  CHECK(Merge(R"({"b":1})", R"({"startTask":null})") == R"({"b":1,"startTask":null})");
  CHECK(Merge(R"({"b":null})", R"({"b":null})") == R"({"b":null})");
  CHECK(Merge(R"({"b":null})", R"({"b":2})") == R"({"b":2})");
}

TEST_CASE("merge: metadata merges by the name of its items") {
  CHECK(Merge(R"({"metadata":[{"name":"a","value":"1"},{"name":"b","value":"2"}]})",
              R"({"metadata":[{"name":"c","value":"3"},{"name":"a","value":"9"}]})") ==
        R"({"metadata":[{"name":"a","value":"9"},{"name":"b","value":"2"},)"
        R"({"name":"c","value":"3"}]})");
  CHECK(Merge(R"({"metadata":[{"name":"a","value":"1"},{"name":"b","value":"2"}]})",
              R"({"metadata":[{"name":"a","value":null}]})") ==
        R"({"metadata":[{"name":"b","value":"2"}]})");
}

TEST_CASE("merge: alternatives are replaced whole") {
  CHECK(
      Merge(R"({"virtualMachineConfiguration":{"licenseType":"x",
                  "imageReference":{"publisher":"p","offer":"o","sku":"s"}}})",
            R"({"virtualMachineConfiguration":{"imageReference":{"sharedGalleryImageId":"g"}}})") ==
      R"({"virtualMachineConfiguration":{"imageReference":{"sharedGalleryImageId":"g"},)"
      R"("licenseType":"x"}})");
  CHECK(Merge(R"({"startTask":{"commandLine":"c","userIdentity":{"autoUser":{"scope":"pool"}}}})",
              R"({"startTask":{"userIdentity":{"username":"u"}}})") ==
        R"({"startTask":{"commandLine":"c","userIdentity":{"username":"u"}}})");
}

TEST_CASE("merge: a spec that chooses how to scale inherits nothing of the scale group") {
  const std::string automatic =
      R"({"autoScaleEvaluationInterval":"PT5M","autoScaleFormula":"f","enableAutoScale":true,)"
      R"("resizeTimeout":"PT20M","vmSize":"v"})";
  CHECK(Merge(automatic, R"({"targetDedicatedNodes":2})") ==
        R"({"targetDedicatedNodes":2,"vmSize":"v"})");
  CHECK(Merge(automatic, R"({"targetDedicatedNodes":2,"autoScaleFormula":null})") ==
        R"({"targetDedicatedNodes":2,"vmSize":"v"})");
  CHECK(Merge(R"({"targetDedicatedNodes":2,"targetLowPriorityNodes":3})",
              R"({"targetDedicatedNodes":4})") == R"({"targetDedicatedNodes":4})");
}

TEST_CASE("merge: a parameter of scaling alone chooses nothing") {
  CHECK(Merge(R"({"targetDedicatedNodes":2})", R"({"resizeTimeout":"PT20M"})") ==
        R"({"resizeTimeout":"PT20M","targetDedicatedNodes":2})");
  CHECK(Merge(R"({"targetDedicatedNodes":2,"targetLowPriorityNodes":3})",
              R"({"targetLowPriorityNodes":null})") == R"({"targetDedicatedNodes":2})");
}

TEST_CASE("merge: values keep their positions") {
  const Source below = MakeSource("d.yaml", "spec: {a: 1, b: 2}");
  const Source above = MakeSource("p.yaml", "\nspec: {b: 3}");
  FindingSink sink;
  const auto base = ReadYaml(below, sink);
  const auto patch = ReadYaml(above, sink);
  const Node merged = MergeDocuments(base[0].root, patch[0].root);
  const Node& spec = *merged.Find("spec");
  CHECK(FormatPosition(ToPosition(spec.FindMember("a")->place)) == "d.yaml:1:8");
  CHECK(FormatPosition(ToPosition(spec.FindMember("b")->place)) == "p.yaml:2:8");
}

}  // namespace
}  // namespace reconciler::spec
