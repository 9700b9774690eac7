// Values of a formula.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reconciler/autoscale/types.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/result.h"
#include "reconciler/core/time_text.h"

namespace reconciler::autoscale {

using Vector = std::vector<double>;
/// 100 ns, as the service counts; years 1 to 9999.
using Timestamp = std::chrono::sys_time<Ticks>;
/// requeue, terminate, taskcompletion, retaineddata.
struct Option {
  std::string name;
};

using Value = std::variant<double, Vector, std::string, Timestamp, Ticks, Option>;

Type TypeOf(const Value& value);
Timestamp ToTimestamp(Instant instant);

/// `ticks` as an interval; nullopt if it is none (NaN) or outside of 64 bits.
std::optional<Ticks> MakeInterval(double ticks);
/// nullopt outside of the years 1 to 9999.
std::optional<Timestamp> MakeTimestamp(Timestamp base, Ticks offset);

/// As `results` shows it: 2, [1,1], 2016-10-13T19:18:47.805Z. An interval as .NET writes it
/// (01:30:00), which no recording shows.
std::string ValueText(const Value& value);

/// "2016-10-13T19:18:47.805Z": .year .month .day .weekday (1 is Monday) .hour .minute .second;
/// nullopt for another name.
std::optional<double> TimeMember(Timestamp time, std::string_view name);
bool IsTimeMember(std::string_view name);

}  // namespace reconciler::autoscale
