#include "daemon/last_good_text.h"

namespace reconciler::daemon {

bool IsDamagedLastGood(const std::string& problem) {
  return problem.rfind("last-good.json", 0) == 0;
}

std::string DescribeLastGoodProblem(const std::string& state_folder, const std::string& problem) {
  if (problem.empty()) return {};
  return "the last good state of the specs is unknown: " +
         (IsDamagedLastGood(problem) ? state_folder + "/" + problem : problem);
}

}  // namespace reconciler::daemon
