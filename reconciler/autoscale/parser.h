// Text of a formula to its syntax tree.
#pragma once

#include <string_view>
#include <vector>

#include "reconciler/autoscale/problem.h"
#include "reconciler/autoscale/syntax.h"

namespace reconciler::autoscale {

/// Of the service, in characters. Source: error code AutoScalingFormulaTooLong.
constexpr std::size_t kFormulaLengthMax = 8192;
/// Ours: parentheses, conditions and signs within each other.
constexpr int kNestingMax = 100;

struct Parsed {
  Formula formula;                // complete only without problems
  std::vector<Problem> problems;  // at most one a statement beside those of single characters
};

/// Any bytes may come in. Time and memory are linear in the length.
Parsed Parse(std::string_view source);

/// The operator's spelling and its precedence, 1 (`||`) to 6 (`*`).
std::string_view Spelling(Operator op);
int Precedence(Operator op);

}  // namespace reconciler::autoscale
