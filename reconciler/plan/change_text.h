// Both sides of a change as words in one line.
#pragma once

#include <cstddef>

#include "reconciler/plan/cut_pair.h"
#include "reconciler/plan/plan.h"

namespace reconciler::plan {

/// Live and desired as JSON, cut around their first difference and never alike. Absent before:
/// "(none)"; absent after: `true (default)` where the service's default takes its place, else
/// "(removed)".
TextPair RenderChange(const Change& change, std::size_t columns_max = 60);
/// The same for a sentence: texts without quotes, unless both would read alike.
TextPair PlainChange(const Change& change);

}  // namespace reconciler::plan
