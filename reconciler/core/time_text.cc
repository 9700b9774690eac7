#include "reconciler/core/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace reconciler {
namespace {

namespace chr = std::chrono;

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

/// The number in exactly `text`, digits only.
std::optional<int> Digits(std::string_view text) {
  int number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return text.empty() ? std::nullopt : std::optional(number);
}

struct Fields {
  std::optional<int> year, month, day, hour, minute, second;
};

std::optional<Instant> Assemble(const Fields& at) {
  if (!at.year || !at.month || !at.day || !at.hour || !at.minute || !at.second) return std::nullopt;
  const chr::year_month_day date{chr::year(*at.year), chr::month(static_cast<unsigned>(*at.month)),
                                 chr::day(static_cast<unsigned>(*at.day))};
  if (!date.ok() || *at.year < 1700 || *at.year > 2200) return std::nullopt;
  if (*at.hour > 23 || *at.minute > 59 || *at.second > 60) return std::nullopt;
  return Instant(chr::sys_days(date)) + chr::hours(*at.hour) + chr::minutes(*at.minute) +
         chr::seconds(*at.second);
}

struct Split {
  chr::year_month_day date;
  chr::hh_mm_ss<chr::seconds> time;
  unsigned weekday;
};

Split SplitTime(Instant time) {
  const auto day = chr::floor<chr::days>(time);
  return {chr::year_month_day(day), chr::hh_mm_ss(chr::floor<chr::seconds>(time - day)),
          chr::weekday(day).c_encoding()};
}

}  // namespace

std::optional<Instant> ParseTime(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':' || text.back() != 'Z') {
    return std::nullopt;
  }
  const auto whole = Assemble({Digits(text.substr(0, 4)), Digits(text.substr(5, 2)),
                               Digits(text.substr(8, 2)), Digits(text.substr(11, 2)),
                               Digits(text.substr(14, 2)), Digits(text.substr(17, 2))});
  std::string_view fraction = text.substr(19, text.size() - 20);
  if (!whole || fraction.empty()) return whole;
  if (fraction.front() != '.' || fraction.size() < 2 || fraction.size() > 10) return std::nullopt;
  std::string padded(fraction.substr(1));
  padded.resize(9, '0');
  const auto nanoseconds = Digits(padded);
  if (!nanoseconds) return std::nullopt;
  return *whole + chr::nanoseconds(*nanoseconds);
}

std::string FormatTime(Instant time) {
  const Split at = SplitTime(time);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(at.date.year()), static_cast<unsigned>(at.date.month()),
                static_cast<unsigned>(at.date.day()), static_cast<int>(at.time.hours().count()),
                static_cast<int>(at.time.minutes().count()),
                static_cast<int>(at.time.seconds().count()));
  return text.data();
}

std::string FormatHttpDate(Instant time) {
  const Split at = SplitTime(time);
  std::array<char, 60> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays[at.weekday].data(), static_cast<unsigned>(at.date.day()),
                kMonths[static_cast<unsigned>(at.date.month()) - 1].data(),
                static_cast<int>(at.date.year()), static_cast<int>(at.time.hours().count()),
                static_cast<int>(at.time.minutes().count()),
                static_cast<int>(at.time.seconds().count()));
  return text.data();
}

std::optional<Instant> ParseHttpDate(std::string_view text) {
  // "Tue, 01 Jul 2025 12:00:00 GMT"
  if (text.size() != 29 || !(text.ends_with("GMT") || text.ends_with("UTC"))) return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  return Assemble({Digits(text.substr(12, 4)), static_cast<int>(month - kMonths.begin()) + 1,
                   Digits(text.substr(5, 2)), Digits(text.substr(17, 2)),
                   Digits(text.substr(20, 2)), Digits(text.substr(23, 2))});
}

}  // namespace reconciler
