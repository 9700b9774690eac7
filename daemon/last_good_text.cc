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

std::string LastGoodRemedy(const std::string& problem) {
  if (!IsDamagedLastGood(problem)) return "run it as root or as the user of the service";
  return "put the file back from a backup, or move it away: poolkeeper then remembers anew, leaves "
         "alone pools whose specs are broken now, and does not miss what left the specs before";
}

}  // namespace reconciler::daemon
