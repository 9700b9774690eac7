#include "reconciler/plan/name_list.h"

#include <fmt/format.h>

namespace reconciler::plan {

std::string JoinSome(std::span<const std::string> names) {
  constexpr std::size_t kShownMax = 12;
  // "and 1 more" is no shorter than its name.
  if (names.size() <= kShownMax + 1) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.first(kShownMax), ", "),
                     names.size() - kShownMax);
}

}  // namespace reconciler::plan
