#include "reconciler/spec/formula_rules.h"

#include <doctest/doctest.h>

#include "reconciler/spec/assemble.h"
#include "tests/spec/world.h"

namespace reconciler::spec {
namespace {

std::string Check(const std::string& formula) {
  const std::string text = PoolText("p", "  enableAutoScale: true\n  autoScaleFormula: " + formula);
  return TextOf(ValidateFiles({{"a.yaml", text}}, {{"contoso"}}));
}

TEST_CASE("formula rules: what is right is silent, in each style of YAML") {
  CHECK(Check("$TargetDedicatedNodes = 1;\n") == "");
  CHECK(Check("\"$TargetDedicatedNodes = 1;\\n\"\n") == "");
  CHECK(Check("|\n    // one\n    $TargetDedicatedNodes = 1;\n") == "");
  CHECK(Check(">-\n    $TargetDedicatedNodes =\n    1;\n") == "");
}

TEST_CASE("formula rules: a warning is one") {
  const std::string text = PoolText("p", "  enableAutoScale: true\n  autoScaleFormula: $x = 1;\n");
  const std::vector<Finding> findings = ValidateFiles({{"a.yaml", text}}, {{"contoso"}});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].level == Finding::Level::kWarning);
  CHECK(findings[0].message ==
        "spec.autoScaleFormula: Neither $TargetDedicatedNodes nor $TargetLowPriorityNodes is set");
}

TEST_CASE("formula rules: with carriage returns, lines are those of the file") {
  CHECK(Check("|\r\n    $TargetDedicatedNodes =\r\n      $x;\r\n")
            .find(":11:7: spec.autoScaleFormula: Undefined symbol: $x") != std::string::npos);
}

TEST_CASE("formula rules: without autoscale a formula is not looked at") {
  const std::string text = PoolText("p", "  autoScaleFormula: $x\n");
  CHECK(TextOf(ValidateFiles({{"a.yaml", text}}, {{"contoso"}})).find("symbol") ==
        std::string::npos);
}

}  // namespace
}  // namespace reconciler::spec
