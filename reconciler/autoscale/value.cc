#include "reconciler/autoscale/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace reconciler::autoscale {
namespace {

namespace chr = std::chrono;

constexpr Timestamp kEarliest = chr::sys_days(chr::year(1) / chr::January / 1);
constexpr Timestamp kLatest = chr::sys_days(chr::year(10000) / chr::January / 1) - Ticks(1);

struct Split {
  chr::year_month_day date;
  chr::hh_mm_ss<Ticks> time;
  unsigned weekday;
};

Split SplitTime(Timestamp at) {
  const auto day = chr::floor<chr::days>(at);
  return {chr::year_month_day(day), chr::hh_mm_ss<Ticks>(at - day),
          chr::weekday(day).iso_encoding()};
}

std::string NumberText(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  return fmt::format("{}", number + 0.0);  // without the sign of a negative zero
}

struct Texts {
  std::string operator()(double number) const { return NumberText(number); }
  std::string operator()(const Vector& vector) const {
    std::string text = "[";
    for (const double number : vector) {
      if (text.size() > 1) text += ',';
      text += NumberText(number);
    }
    return text + "]";
  }
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(Timestamp at) const {
    const Split split = SplitTime(at);
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(split.date.year()),
        static_cast<unsigned>(split.date.month()), static_cast<unsigned>(split.date.day()),
        split.time.hours().count(), split.time.minutes().count(), split.time.seconds().count(),
        split.time.subseconds().count() / 10'000);
  }
  std::string operator()(Ticks interval) const {
    const bool negative = interval < Ticks(0);
    // The least value has no positive twin.
    const Ticks size = interval == Ticks::min() ? Ticks::max() : negative ? -interval : interval;
    const auto days = chr::floor<chr::days>(size);
    const chr::hh_mm_ss<Ticks> rest(size - days);
    std::string text = negative ? "-" : "";
    if (days.count() > 0) text += fmt::format("{}.", days.count());
    text += fmt::format("{:02}:{:02}:{:02}", rest.hours().count(), rest.minutes().count(),
                        rest.seconds().count());
    if (rest.subseconds().count() > 0) text += fmt::format(".{:07}", rest.subseconds().count());
    return text;
  }
  std::string operator()(const Option& option) const { return option.name; }
};

constexpr std::string_view kTimeMembers[] = {"year", "month",  "day",   "weekday",
                                             "hour", "minute", "second"};

}  // namespace

Type TypeOf(const Value& value) {
  constexpr Type kTypes[] = {Type::kDouble,    Type::kVector,   Type::kText,
                             Type::kTimestamp, Type::kInterval, Type::kOption};
  return kTypes[value.index()];
}

Timestamp ToTimestamp(Instant instant) { return chr::floor<Ticks>(instant); }

std::optional<Ticks> MakeInterval(double ticks) {
  constexpr double kLimit = 9.2e18;  // below the 64 bits
  if (!(std::abs(ticks) < kLimit)) return std::nullopt;
  return Ticks(static_cast<std::int64_t>(std::nearbyint(ticks)));
}

std::optional<Timestamp> MakeTimestamp(Timestamp base, Ticks offset) {
  if (offset > kLatest - base || offset < kEarliest - base) return std::nullopt;
  return base + offset;
}

std::string ValueText(const Value& value) { return std::visit(Texts{}, value); }

std::optional<double> TimeMember(Timestamp time, std::string_view name) {
  const Split at = SplitTime(time);
  const double values[] = {static_cast<double>(static_cast<int>(at.date.year())),
                           static_cast<double>(static_cast<unsigned>(at.date.month())),
                           static_cast<double>(static_cast<unsigned>(at.date.day())),
                           static_cast<double>(at.weekday),
                           static_cast<double>(at.time.hours().count()),
                           static_cast<double>(at.time.minutes().count()),
                           static_cast<double>(at.time.seconds().count())};
  const auto found = std::find(std::begin(kTimeMembers), std::end(kTimeMembers), name);
  if (found == std::end(kTimeMembers)) return std::nullopt;
  return values[found - std::begin(kTimeMembers)];
}

bool IsTimeMember(std::string_view name) {
  return std::find(std::begin(kTimeMembers), std::end(kTimeMembers), name) !=
         std::end(kTimeMembers);
}

}  // namespace reconciler::autoscale
