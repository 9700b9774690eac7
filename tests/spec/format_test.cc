#include "reconciler/spec/format.h"

#include <doctest/doctest.h>

#include "reconciler/spec/comment_scan.h"
#include "tests/spec/corpus.h"

namespace reconciler::spec {
namespace {

std::string Formatted(const std::string& text) {
  FindingSink sink;
  const Source source = MakeSource("a.yaml", text);
  return FormatFile(source, sink).value_or("(nothing)");
}

TEST_CASE("format: order, spelling, quotes and short forms") {
  CHECK(Formatted("kind: Pool\n"
                  "apiVersion: \"poolkeeper/v1\"\n"
                  "metadata:\n"
                  "    name: 'a'\n"
                  "spec:\n"
                  "    taskSchedulingPolicy:\n"
                  "        nodeFillType: PACK\n"
                  "    vmSize: Standard_D2_v3\n"
                  "    metadata: [{value: '1', name: x}]\n") ==
        "apiVersion: poolkeeper/v1\n"
        "kind: Pool\n"
        "metadata: {name: a}\n"
        "spec:\n"
        "  vmSize: Standard_D2_v3\n"
        "  taskSchedulingPolicy: {nodeFillType: pack}\n"
        "  metadata:\n"
        "    - {name: x, value: \"1\"}\n");
}

TEST_CASE("format: comments stay with what they are about") {
  const std::string text =
      "# yaml-language-server: $schema=../schemas/pool.schema.json\n"
      "# The pool of the night.\n"
      "kind: Pool  # not a Config\n"
      "apiVersion: poolkeeper/v1\n"
      "metadata: {name: a}\n"
      "spec:\n"
      "  # how many\n"
      "  targetDedicatedNodes: 2  # of them\n"
      "\n"
      "\n"
      "  # how big\n"
      "  vmSize: a#b\n"
      "  metadata:\n"
      "    # whose\n"
      "    - name: team  # ours\n"
      "      value: \"#1\"\n"
      "# the end\n";
  const std::string formatted =
      "# yaml-language-server: $schema=../schemas/pool.schema.json\n"
      "# The pool of the night.\n"
      "apiVersion: poolkeeper/v1\n"
      "kind: Pool  # not a Config\n"
      "metadata: {name: a}\n"
      "spec:\n"
      "\n"
      "  # how big\n"
      "  vmSize: a#b\n"
      "  # how many\n"
      "  targetDedicatedNodes: 2  # of them\n"
      "  metadata:\n"
      "    # whose\n"
      "    - {name: team, value: \"#1\"}  # ours\n"
      "# the end\n";
  CHECK(Formatted(text) == formatted);
  CHECK(Formatted(formatted) == formatted);
}

TEST_CASE("format: a comment that ends a block stays in it") {
  const std::string text =
      "apiVersion: poolkeeper/v1\n"
      "kind: Pool\n"
      "metadata: {name: a}\n"
      "spec:\n"
      "  vmSize: a\n"
      "  startTask:\n"
      "    commandLine: hostname\n"
      "    environmentSettings:\n"
      "      - {name: A, value: b}\n"
      "      # - {name: C, value: d}\n"
      "    # waitForSuccess: false\n"
      "  taskSlotsPerNode: 4\n"
      "  # last of the spec\n"
      "policy: {adopt: true}\n"
      "# the end\n";
  CHECK(Formatted(text) == text);
}

TEST_CASE("format: several documents, defaults among them, and texts of several lines") {
  const std::string text =
      "apiVersion: poolkeeper/v1\n"
      "kind: PoolDefaults\n"
      "spec: {vmSize: a}\n"
      "---\n"
      "# second\n"
      "apiVersion: poolkeeper/v1\n"
      "kind: Pool\n"
      "metadata: {name: a}\n"
      "spec:\n"
      "  startTask:\n"
      "    commandLine: >-\n"
      "      one # no comment\n"
      "      two\n"
      "  enableAutoScale: true\n"
      "  autoScaleFormula: |  # formula\n"
      "    # a comment of the formula\n"
      "    $TargetDedicatedNodes = 1;\n";
  CHECK(Formatted(text) ==
        "apiVersion: poolkeeper/v1\n"
        "kind: PoolDefaults\n"
        "spec:\n"
        "  vmSize: a\n"
        "---\n"
        "# second\n"
        "apiVersion: poolkeeper/v1\n"
        "kind: Pool\n"
        "metadata: {name: a}\n"
        "spec:\n"
        "  enableAutoScale: true\n"
        "  autoScaleFormula: |  # formula\n"
        "    # a comment of the formula\n"
        "    $TargetDedicatedNodes = 1;\n"
        "  startTask: {commandLine: \"one # no comment two\"}\n");
}

TEST_CASE("format: where nothing is written, nothing is written after it") {
  const std::string text =
      "apiVersion: poolkeeper/v1\n"
      "kind: Pool\n"
      "metadata: {name: a}\n"
      "spec:\n"
      "  vmSize: a\n"
      "  targetDedicatedNodes:  # how many?\n"
      "  targetLowPriorityNodes: null\n"
      "  startTask:\n"
      "    commandLine:\n"
      "  metadata:\n"
      "    -\n"
      "policy:\n";
  CHECK(Formatted(text) == text);
  CHECK(Formatted("kind: PoolDefaults\nspec: {vmSize: , displayName: ~}\n") ==
        "kind: PoolDefaults\nspec:\n  displayName: null\n  vmSize:\n");
}

TEST_CASE("format: comments above the first line of dashes are those of its document") {
  const std::string text = "kind: PoolDefaults\nspec:\n  vmSize: a\n";
  CHECK(Formatted("# $schema=x\n# licence\n\n---\n# own\n" + text) ==
        "# $schema=x\n# licence\n# own\n" + text);
  CHECK(Formatted("# licence\n---  # here\n" + text) == "# licence\n# here\n" + text);
}

TEST_CASE("format: wherever a comment stands, formatting again changes nothing") {
  const std::string key =
      "kind: PoolDefaults\nspec:\n  startTask:\n    # only\n    commandLine:   # c1\n"
      "      # c2\n      text here  # c3\n";
  const std::string bracket =
      "kind: PoolDefaults\nspec:\n  metadata: [ # a\n    {name: x, # b\n     value: y1}, # c\n"
      "    # d\n    {name: z, value: w} # e\n  ] # f\n  vmSize: a\n";
  for (const std::string& text : {key, bracket}) {
    const std::string once = Formatted(text);
    CHECK(once != "(nothing)");
    CHECK(Formatted(once) == once);
  }
}

TEST_CASE("format: what cannot be read, or is no document of ours, stays") {
  CHECK(Formatted("kind: Pool\nspec: [\n") == "(nothing)");
  CHECK(Formatted("a:   1\n") == "a:   1\n");
  CHECK(Formatted("kind: Pool\nspec: {displayName: a \u2028}\n") == "(nothing)");
  CHECK(Formatted("") == "");
  CHECK(Formatted("# nothing but this\n") == "# nothing but this\n");
}

TEST_CASE("format: formatting again changes nothing, whatever the spec") {
  for (const BadCase& bad_case : ReadBadCases(POOLKEEPER_SOURCE_DIR "/tests/spec/bad")) {
    for (const auto& [path, bytes] : bad_case.files) {
      CAPTURE(path);
      FindingSink sink;
      const Source source = MakeSource(path, bytes);
      const auto once = FormatFile(source, sink);
      if (!once) continue;
      CHECK(Formatted(*once) == *once);
    }
  }
}

TEST_CASE("comments: what is one and what is not") {
  const auto texts = [](std::string_view text) {
    std::string all;
    for (const SourceComment& comment : ScanLines(text).comments) all += comment.text + ";";
    return all;
  };
  CHECK(texts("a: b # c\n") == "# c;");
  CHECK(texts("a: b# c\n") == "");
  CHECK(texts("a: \"b # c\" # d\n") == "# d;");
  CHECK(texts("a: 'it''s # c' # d\n") == "# d;");
  CHECK(texts("a: it's # c\n") == "# c;");
  CHECK(texts("a: \"b\n  # c\" # d\n") == "# d;");
  CHECK(texts("a: [b, # c\n  'd # e']\n") == "# c;");
  CHECK(texts("a: |\n  # b\n\n  c\nd: 1 # e\n") == "# e;");
  CHECK(texts("- a: >-\n    # b\n  c: 1 # d\n") == "# d;");
  CHECK(texts("- |\n # b\n- c # d\n") == "# d;");
  CHECK(texts("a: b | # c\n  # d\n") == "# c;# d;");
  CHECK(texts("a: \"\\\" # b\"\n") == "");
}

}  // namespace
}  // namespace reconciler::spec
