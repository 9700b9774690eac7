#include "reconciler/spec/yaml_text.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {
namespace {

Value Parsed(const std::string& json) {
  auto value = ParseJson(json);
  REQUIRE(value);
  return *value;
}

std::string Written(const std::string& json, const Comments& comments = {}) {
  return WriteYaml(Parsed(json), PoolPropertyTable().Root(), {comments, {}, {}});
}

TEST_CASE("yaml text: what other readers of YAML take for another thing is quoted") {
  for (const char* const text :
       {"2024-01-01", "2024-01-01T00:00:00Z", "1:30", "-1:30:00", "1_000", "+1_0.5"}) {
    CAPTURE(text);
    CHECK(YamlScalar(Value(text), false) == "\"" + std::string(text) + "\"");
  }
  for (const char* const text : {"22_04-lts", "7-8", "18.04-lts", "10.0.0.4:/a", "a:30"}) {
    CAPTURE(text);
    CHECK(YamlScalar(Value(text), false) == text);
  }
}

TEST_CASE("yaml text: a question mark within brackets is quoted, since the reader takes none") {
  CHECK(YamlScalar(Value("https://a.example/?b=1"), true) == "\"https://a.example/?b=1\"");
  CHECK(YamlScalar(Value("https://a.example/?b=1"), false) == "https://a.example/?b=1");
}

TEST_CASE("yaml text: the order of the table, what is short on one line") {
  CHECK(Written(R"({"spec": {"targetDedicatedNodes": 2, "vmSize": "a",
                    "metadata": [{"value": "b", "name": "a"}],
                    "startTask": {"commandLine": "echo a; echo b", "waitForSuccess": true}},
                    "kind": "Pool", "other": [1, 2]})") ==
        "kind: Pool\n"
        "spec:\n"
        "  vmSize: a\n"
        "  targetDedicatedNodes: 2\n"
        "  startTask: {commandLine: echo a; echo b, waitForSuccess: true}\n"
        "  metadata:\n"
        "    - {name: a, value: b}\n"
        "other: [1, 2]\n");
}

TEST_CASE("yaml text: lines of a text stand as they are") {
  CHECK(
      Written(R"({"spec": {"autoScaleFormula": "a = 1;\n\n  b = 2;\n", "displayName": "x\ny"}})") ==
      "spec:\n"
      "  displayName: |-\n"
      "    x\n"
      "    y\n"
      "  autoScaleFormula: |\n"
      "    a = 1;\n"
      "\n"
      "      b = 2;\n");
}

TEST_CASE("yaml text: comments stand above what they are about") {
  const Comments comments{{"spec.vmSize", {"one", "two"}}, {"spec.metadata[0].name", {"three"}}};
  CHECK(Written(R"({"spec": {"vmSize": "a", "metadata": [{"name": "a", "value": "b"}]}})",
                comments) ==
        "spec:\n"
        "  # one\n"
        "  # two\n"
        "  vmSize: a\n"
        "  metadata:\n"
        "    # three\n"
        "    - name: a\n"
        "      value: b\n");
}

TEST_CASE("yaml text: what would mean something else is quoted") {
  for (const char* text :
       {"",   "null", "~",    "true", "yes", "010", "0x10", "1",  "-1", "1.5", ".inf", " a",
        "a ", "a: b", "a #b", "a:",   "- a", "#a",  "&a",   "*a", "!a", "|",   ">",    "%a",
        "@a", "`a",   "'a",   "\"a",  "[a",  "{a",  "<<",   "=",  "?",  "a\tb"}) {
    CAPTURE(text);
    CHECK(YamlScalar(text, false).starts_with('"'));
  }
  CHECK(YamlScalar("a, b", true) == "\"a, b\"");
  CHECK(YamlScalar("a, b", false) == "a, b");
  CHECK(YamlScalar("\xE2\x80\xAEx", false) == "\"\\u202Ex\"");
  CHECK(YamlScalar("\xC3\xBC", false) == "\"\xC3\xBC\"");
}

TEST_CASE("yaml text: what is written is read again") {
  const char* texts[] = {"a",
                         "",
                         "null",
                         "a: b",
                         "x\ny",
                         "x\ny\n",
                         "x\n\n",
                         " x\ny",
                         "x \ny",
                         "\n",
                         "#a\nb",
                         "a\\b\"c",
                         "\xC3\xBC",
                         "a\tb",
                         "\xC2\xA0",
                         "x\r\ny",
                         "- a\n- b",
                         "a\n b",
                         "\xF0\x9F\x90\xA7",
                         "'",
                         "a, b]",
                         "10:20",
                         "1e3",
                         "2020-01-01",
                         "a\n\n\n",
                         "---\na",
                         "... a"};
  for (const char* text : texts) {
    const Value document =
        Object{{"spec", Object{{"displayName", text},
                               {"metadata", Array{Object{{"name", text}, {"value", text}}}}}}};
    const std::string yaml = WriteYaml(document, PoolPropertyTable().Root());
    CAPTURE(yaml);
    FindingSink sink;
    const Source source = MakeSource("a.yaml", yaml);
    const std::vector<Document> documents = ReadYaml(source, sink);
    const std::vector<Finding> findings = sink.Take();
    for (const Finding& finding : findings) {
      CAPTURE(finding.message);
      CHECK(finding.level != Finding::Level::kError);
    }
    REQUIRE(documents.size() == 1);
    CHECK(ToValue(documents[0].root) == document);
  }
}

}  // namespace
}  // namespace reconciler::spec
