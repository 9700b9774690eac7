#include "reconciler/core/duration.h"

#include <charconv>
#include <cstdint>
#include <limits>

namespace reconciler {
namespace {

constexpr std::int64_t kTicksPerSecond = 10'000'000;

/// Reads digits from the front; nullopt if there are none or the number is too large.
std::optional<std::int64_t> TakeNumber(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || number < 0 || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Reads ".497" as ticks; keeps seven digits and drops the rest, as the service does.
std::optional<std::int64_t> TakeFraction(std::string_view& text) {
  if (text.empty() || (text.front() != '.' && text.front() != ',')) return 0;
  text.remove_prefix(1);
  std::int64_t ticks = 0;
  std::int64_t weight = kTicksPerSecond / 10;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    ticks += (text.front() - '0') * weight;
    weight /= 10;
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  return ticks;
}

struct Unit {
  char letter;
  std::int64_t seconds;
};

/// Reads "<number><letter>" groups whose letters must come in the order of `units`.
std::optional<std::int64_t> TakeGroups(std::string_view& text, const Unit* unit, const Unit* end,
                                       bool fraction_allowed, bool& any) {
  std::int64_t total = 0;
  while (!text.empty() && text.front() != 'T') {
    const auto number = TakeNumber(text);
    if (!number) return std::nullopt;
    const bool has_fraction = !text.empty() && (text.front() == '.' || text.front() == ',');
    const auto fraction = TakeFraction(text);
    if (!fraction || text.empty()) return std::nullopt;
    while (unit != end && unit->letter != text.front()) ++unit;
    if (unit == end) return std::nullopt;
    if (has_fraction && (!fraction_allowed || unit->letter != 'S')) return std::nullopt;
    if (*number > std::numeric_limits<std::int64_t>::max() / kTicksPerSecond / unit->seconds / 4) {
      return std::nullopt;
    }
    total += *number * unit->seconds * kTicksPerSecond + *fraction;
    any = true;
    ++unit;
    text.remove_prefix(1);
  }
  return total;
}

}  // namespace

std::optional<Ticks> ParseIsoDuration(std::string_view text) {
  constexpr Unit kDate[] = {{'W', 604'800}, {'D', 86'400}};
  constexpr Unit kTime[] = {{'H', 3'600}, {'M', 60}, {'S', 1}};
  if (!text.starts_with('P')) return std::nullopt;
  text.remove_prefix(1);
  bool any = false;
  const auto date = TakeGroups(text, std::begin(kDate), std::end(kDate), false, any);
  if (!date) return std::nullopt;
  std::int64_t total = *date;
  if (!text.empty()) {
    text.remove_prefix(1);  // the 'T'
    bool any_time = false;
    const auto time = TakeGroups(text, std::begin(kTime), std::end(kTime), true, any_time);
    if (!time || !any_time || !text.empty()) return std::nullopt;
    total += *time;
    any = true;
  }
  if (!any) return std::nullopt;
  return Ticks(total);
}

std::string FormatIsoDuration(Ticks duration) {
  std::int64_t ticks = duration.count();
  if (ticks == 0) return "PT0S";
  std::string text = "P";
  const std::int64_t days = ticks / (86'400 * kTicksPerSecond);
  if (days > 0) text += std::to_string(days) + "D";
  ticks %= 86'400 * kTicksPerSecond;
  if (ticks == 0) return text;
  text += "T";
  const std::int64_t hours = ticks / (3'600 * kTicksPerSecond);
  if (hours > 0) text += std::to_string(hours) + "H";
  ticks %= 3'600 * kTicksPerSecond;
  const std::int64_t minutes = ticks / (60 * kTicksPerSecond);
  if (minutes > 0) text += std::to_string(minutes) + "M";
  ticks %= 60 * kTicksPerSecond;
  if (ticks == 0) return text;
  text += std::to_string(ticks / kTicksPerSecond);
  if (std::int64_t fraction = ticks % kTicksPerSecond; fraction > 0) {
    std::string digits = std::to_string(kTicksPerSecond + fraction).substr(1);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  return text + "S";
}

std::optional<std::chrono::seconds> ParseShortDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto number = TakeNumber(text);
  if (!number || text.size() != 1 || *number > 1'000'000'000) return std::nullopt;
  switch (text.front()) {
    case 's':
      return std::chrono::seconds(*number);
    case 'm':
      return std::chrono::minutes(*number);
    case 'h':
      return std::chrono::hours(*number);
    case 'd':
      return std::chrono::hours(24 * *number);
    default:
      return std::nullopt;
  }
}

std::string HumanDuration(std::chrono::seconds duration) {
  const std::int64_t seconds = duration.count();
  const auto two = [](std::int64_t big, const char* big_unit, std::int64_t small,
                      const char* small_unit) {
    std::string text = std::to_string(big) + " " + big_unit;
    if (small > 0) text += " " + std::to_string(small) + " " + small_unit;
    return text;
  };
  if (seconds < 60) return std::to_string(seconds) + " s";
  if (seconds < 3'600) return two(seconds / 60, "min", seconds % 60, "s");
  if (seconds < 86'400) return two(seconds / 3'600, "h", seconds % 3'600 / 60, "min");
  return two(seconds / 86'400, "d", seconds % 86'400 / 3'600, "h");
}

}  // namespace reconciler
