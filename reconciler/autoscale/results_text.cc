#include "reconciler/autoscale/results_text.h"

#include <fmt/format.h>

namespace reconciler::autoscale {

std::string ResultsText(const Evaluation& evaluation) {
  std::string text =
      fmt::format("$TargetDedicatedNodes={};$TargetLowPriorityNodes={};$NodeDeallocationOption={}",
                  evaluation.targets.dedicated, evaluation.targets.low_priority,
                  evaluation.targets.node_deallocation_option);
  for (const auto& [name, value] : evaluation.variables) {
    text += fmt::format(";{}={}", name, ValueText(value));
  }
  return text;
}

}  // namespace reconciler::autoscale
