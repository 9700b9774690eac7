// Names in a sentence.
#pragma once

#include <span>
#include <string>

namespace reconciler::plan {

/// "a, b, c"; of more than a dozen the first ones, "and 488 more".
std::string JoinSome(std::span<const std::string> names);

}  // namespace reconciler::plan
