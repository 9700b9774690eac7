// The methods of metrics.
#pragma once

#include <string_view>
#include <vector>

#include "reconciler/autoscale/samples.h"
#include "reconciler/autoscale/signatures.h"

namespace reconciler::autoscale {

/// What a GetSample of a span of time needs if it does not say: a documented answer for such a
/// call reads "wanted 10%".
constexpr double kSamplePercentDefault = 10;

/// Error code "InsufficientSampleData": the evaluation ends, the targets stay.
Error InsufficientData(std::string_view metric, std::string_view detail);

/// A span counts samples after its begin up to its end; its ends may come in either order, and
/// without a second one it ends now. Intervals look back from now.
/// Errors: kInvalidSpec, without a place: wrong arguments; code "InsufficientSampleData":
/// "Insufficient data from data set: $RunningTasks wanted 70%, received 50%".
Result<Value> CallMethod(const Signature& method, std::string_view metric,
                         const std::vector<Sample>& samples, const std::vector<Value>& arguments,
                         Timestamp now);

}  // namespace reconciler::autoscale
