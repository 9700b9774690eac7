#include "reconciler/spec/yaml_tree.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/core/json.h"
#include "reconciler/spec/limits.h"

namespace reconciler::spec {
namespace {

struct Reading {
  explicit Reading(std::string bytes) : text(std::move(bytes)) {
    documents = ReadYaml(source, sink);
    for (const Finding& finding : sink.Take()) {
      findings += std::to_string(finding.position.line) + ":" +
                  std::to_string(finding.position.column) + ": " + finding.message + "\n";
    }
  }
  std::string Json(std::size_t i = 0) const { return WriteJson(ToValue(documents[i].root)); }

  std::string text;
  Source source = MakeSource("a.yaml", text);
  FindingSink sink{};
  std::vector<Document> documents{};
  std::string findings{};
};

std::string PlaceOf(const Node& node) {
  return std::to_string(node.place.line) + ":" + std::to_string(node.place.column);
}

TEST_CASE("yaml: a file of several documents gives one tree for each") {
  const Reading read("# first\n---\na: 1\n---\nb: [x, 'y']\n...\n");
  CHECK(read.findings == "");
  REQUIRE(read.documents.size() == 2);
  CHECK(read.Json(0) == R"({"a":1})");
  CHECK(read.Json(1) == R"({"b":["x","y"]})");
  CHECK(read.documents[1].root.members[0].place.line == 5);
  CHECK(read.documents[0].clean);
}

TEST_CASE("yaml: a file of comments holds no document") {
  CHECK(Reading("# nothing\n\n  # more\n").documents.empty());
  CHECK(Reading("\n").documents.empty());
}

TEST_CASE("yaml: a document that cannot be read hides no other") {
  const Reading read("a: 1\n---\nb: [\n---\nc: 'x\n---\nd: 4\n");
  REQUIRE(read.documents.size() == 4);
  CHECK(read.Json(0) == R"({"a":1})");
  CHECK_FALSE(read.documents[1].clean);
  CHECK_FALSE(read.documents[2].clean);
  CHECK(read.Json(3) == R"({"d":4})");
  CHECK(read.findings ==
        "3:4: not YAML: this bracket is not closed (end of sequence flow not found)\n"
        "5:4: not YAML: the quoted text that begins here never ends\n");
}

TEST_CASE("yaml: scalars are typed as the core schema of YAML 1.2 says") {
  const Reading read(
      "[1, -2, +3, 0, 1.5, 1e3, .5, true, false, ~, null, '5', \"true\", 1.2.3, 2025-06-01,"
      " 12:30, 1_000, 0.0, -0, x y, 08x, 0xg, -]");
  CHECK(read.findings == "");
  CHECK(read.Json() ==
        R"([1,-2,3,0,1.5,1000.0,0.5,true,false,null,null,"5","true","1.2.3","2025-06-01",)"
        R"("12:30","1_000",0.0,0,"x y","08x","0xg","-"])");
}

TEST_CASE("yaml: block scalars keep their lines") {
  const Reading read("a: |\n  one\n  two\nb: >-\n  one\n  two\nc: |\n  # no comment\n  x: y\n");
  CHECK(read.Json() == R"({"a":"one\ntwo\n","b":"one two","c":"# no comment\nx: y\n"})");
  CHECK(PlaceOf(*read.documents[0].root.Find("b")) == "4:4");
}

TEST_CASE("yaml: positions are those of keys and values") {
  const Reading read("spec:\n  task:\n    - {a: 1,\n       b: two}\n  empty:\n  other: ~\n");
  const Node& spec = *read.documents[0].root.Find("spec");
  CHECK(PlaceOf(spec) == "1:1");  // a mapping below its key stands at the key
  const Node& item = spec.Find("task")->items[0];
  CHECK(PlaceOf(item) == "3:7");
  CHECK(PlaceOf(*item.Find("b")) == "4:11");
  CHECK(PlaceOf(*spec.Find("empty")) == "5:3");
  CHECK(spec.Find("empty")->text == "");
  CHECK(PlaceOf(*spec.Find("other")) == "6:10");
  CHECK(spec.Find("other")->text == "~");
}

TEST_CASE("yaml: a byte order mark and carriage returns change nothing") {
  const Reading read("\xEF\xBB\xBF---\r\na: 1\r\n---\r\nb: x\r\n");
  CHECK(read.findings == "");
  REQUIRE(read.documents.size() == 2);
  CHECK(read.Json(1) == R"({"b":"x"})");
  CHECK(read.documents[1].root.members[0].place.line == 4);
}

TEST_CASE("yaml: depth is limited, exactly") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(Reading(nested(kDepthMax)).findings == "");
  CHECK(Reading(nested(kDepthMax + 1)).findings ==
        "1:33: lists and mappings are nested more than 32 deep\n");
  CHECK(Reading(nested(100'000)).findings ==
        "1:33: lists and mappings are nested more than 32 deep\n");
  std::string block;
  for (int i = 0; i < 60; ++i) block += "- ";
  CHECK(Reading(block + "x").findings == "1:65: lists and mappings are nested more than 32 deep\n");
}

TEST_CASE("yaml: the number of values is limited, exactly") {
  const auto list = [](std::size_t items) {
    std::string text;
    for (std::size_t i = 0; i < items; ++i) text += "- x\n";
    return text;
  };
  CHECK(Reading(list(kDocumentNodesMax - 1)).findings == "");
  CHECK(Reading(list(kDocumentNodesMax)).findings ==
        "20000:3: document has more than 20000 values\n");
}

TEST_CASE("yaml: the size of a document is limited, exactly, and no other suffers") {
  const std::string one = "a: " + std::string(kDocumentBytesMax - 3, 'x');
  CHECK(Reading(one).findings == "");
  const Reading read("b: 1\n---\n" + one + "x\n---\nc: 1\n");
  CHECK(read.findings == "2:1: document is larger than 256 KiB (262150 bytes)\n");
  CHECK(read.Json(2) == R"({"c":1})");
}

TEST_CASE("yaml: text that the parser would read without end is an error") {
  CHECK(Reading(",\n").findings.starts_with("1:1: text outside of the document"));
  CHECK(Reading("- a: b\n  c:\n    (d\n\"e\",\n    \"f\"\n    ) )\n")
            .findings.starts_with("4:1: text outside of the document"));
  CHECK(Reading("{:").findings != "");
  CHECK(Reading("[:").findings != "");
  CHECK(Reading("{# ke\ny{:").findings != "");
  CHECK(Reading("!2").findings != "");
}

TEST_CASE("yaml: a thousand anchors are a few findings") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "- &a x\n";
  const std::string findings = Reading(text).findings;
  CHECK(std::count(findings.begin(), findings.end(), '\n') == 5);
}

TEST_CASE("yaml: a tree survives the way to a plain value and back") {
  const Reading read("{a: [1, 2.5, true, ~, x], b: {c: {}}}");
  const Value value = ToValue(read.documents[0].root);
  CHECK(ToValue(FromValue(value)) == value);
}

}  // namespace
}  // namespace reconciler::spec
