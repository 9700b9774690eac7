// The forms of time that a formula may write.
#pragma once

#include <optional>
#include <string_view>

#include "reconciler/autoscale/value.h"

namespace reconciler::autoscale {

/// W3C-DTF from a year alone ("2025") to a fraction of a second with an offset
/// ("2025-07-01T12:00:00.5+02:00"), and RFC 1123 ("Tue, 01 Jul 2025 12:00:00 GMT"). A fraction has
/// at most seven digits: formulas with nanoseconds are reported to fail (nextflow, issue 3866).
std::optional<Timestamp> ReadTimestamp(std::string_view text);

}  // namespace reconciler::autoscale
