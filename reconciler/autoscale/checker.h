// What is wrong with a formula that parses, without a pool to run it on.
#pragma once

#include <optional>
#include <vector>

#include "reconciler/autoscale/syntax.h"

namespace reconciler::autoscale {

/// Of the service. Source: documentation of autoscaling.
constexpr std::size_t kStatementsMax = 100;
/// Samples arrive about a minute late, so that a shorter look back may find none.
constexpr int kWindowSecondsMin = 120;

/// All problems, by place. Errors end an evaluation whenever it gets there; warnings are for what
/// evaluates and is hardly meant.
std::vector<Problem> Check(const Formula& formula);
/// The one problem that the service tells before it runs anything.
std::optional<Problem> TooManyStatements(const Formula& formula);

}  // namespace reconciler::autoscale
