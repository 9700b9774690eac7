#include "tests/emulator/time_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace emulator {

namespace {

namespace chr = std::chrono;

constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads exactly `digits` decimal digits at `at`.
std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<Instant> Compose(int year, int month, int day, int hour, int minute, int second) {
  const chr::year_month_day date{chr::year{year}, chr::month{static_cast<unsigned>(month)},
                                 chr::day{static_cast<unsigned>(day)}};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  // In days: as an Instant it may not fit.
  if (chr::sys_days{date} < chr::floor<chr::days>(kEarliest)) return kEarliest;
  if (chr::sys_days{date} > chr::floor<chr::days>(kLatest)) return kLatest;
  return Instant{chr::sys_days{date}} + chr::hours{hour} + chr::minutes{minute} +
         chr::seconds{second};
}

/// Nanoseconds of a fraction text such as `6188622`; digits past the ninth are dropped.
std::optional<Duration> Fraction(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    const char c = i < digits.size() ? digits[i] : '0';
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return Duration{value};
}

/// Overwrites `digits` characters at `at`. Lists format thousands of times; a format string is
/// slow.
void PutDigits(std::string& text, std::size_t at, std::size_t digits, std::int64_t value) {
  for (std::size_t i = at + digits; i-- > at; value /= 10) {
    text[i] = static_cast<char>('0' + value % 10);
  }
}

}  // namespace

std::string FormatTime(Instant instant, std::size_t fraction_digits) {
  const auto days = chr::floor<chr::days>(instant);
  const chr::year_month_day date{days};
  const chr::hh_mm_ss<Duration> time{instant - days};
  std::string out = "0000-00-00T00:00:00.000000000";
  PutDigits(out, 0, 4, static_cast<int>(date.year()));
  PutDigits(out, 5, 2, static_cast<unsigned>(date.month()));
  PutDigits(out, 8, 2, static_cast<unsigned>(date.day()));
  PutDigits(out, 11, 2, time.hours().count());
  PutDigits(out, 14, 2, time.minutes().count());
  PutDigits(out, 17, 2, time.seconds().count());
  PutDigits(out, 20, 9, time.subseconds().count());
  out.resize(20 + fraction_digits);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out + 'Z';
}

std::optional<Instant> ParseTime(std::string_view text) {
  const auto year = Digits(text, 0, 4), month = Digits(text, 5, 2), day = Digits(text, 8, 2);
  const auto hour = Digits(text, 11, 2), minute = Digits(text, 14, 2), second = Digits(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text.back() != 'Z')
    return std::nullopt;
  auto instant = Compose(*year, *month, *day, *hour, *minute, *second);
  const std::string_view rest = text.substr(19, text.size() - 20);
  if (instant && !rest.empty()) {
    const auto fraction = Fraction(rest.substr(1));
    if (rest[0] != '.' || !fraction) return std::nullopt;
    *instant += *fraction;
  }
  return instant;
}

std::string FormatHttpDate(Instant instant) {
  const auto days = chr::floor<chr::days>(instant);
  const chr::year_month_day date{days};
  const chr::hh_mm_ss<chr::seconds> time{chr::floor<chr::seconds>(instant - days)};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kWeekdays[chr::weekday{days}.c_encoding()], static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

std::optional<Instant> ParseHttpDate(std::string_view text) {
  // Sun, 06 Nov 1994 08:49:37 GMT
  if (text.size() != 29 || (text.substr(25) != " GMT" && text.substr(25) != " UTC")) {
    return std::nullopt;
  }
  const auto day = Digits(text, 5, 2), year = Digits(text, 12, 4), hour = Digits(text, 17, 2);
  const auto minute = Digits(text, 20, 2), second = Digits(text, 23, 2);
  int month = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == text.substr(8, 3)) month = static_cast<int>(i) + 1;
  }
  if (!day || !year || !hour || !minute || !second || month == 0) return std::nullopt;
  return Compose(*year, month, *day, *hour, *minute, *second);
}

std::string FormatDuration(Duration duration) {
  const bool negative = duration < Duration::zero();
  Duration left = negative ? -duration : duration;
  std::string out = negative ? "-P" : "P";
  const auto days = chr::floor<chr::days>(left);
  left -= days;
  if (days.count() != 0) out += fmt::format("{}D", days.count());
  if (left == Duration::zero()) return days.count() != 0 ? out : out + "T0S";
  const chr::hh_mm_ss<Duration> time{left};
  out += 'T';
  if (time.hours().count() != 0) out += fmt::format("{}H", time.hours().count());
  if (time.minutes().count() != 0) out += fmt::format("{}M", time.minutes().count());
  const auto ticks = time.subseconds().count() / 100;
  if (time.seconds().count() != 0 || ticks != 0) {
    std::string seconds = fmt::format("{}", time.seconds().count());
    if (ticks != 0) {
      seconds += fmt::format(".{:07}", ticks);
      seconds.erase(seconds.find_last_not_of('0') + 1);
    }
    out += seconds + 'S';
  }
  return out;
}

namespace {

/// Can be added to any time that comes up.
constexpr Duration kLongest = chr::days{36'500};

/// What one of a unit of ISO 8601 lasts.
std::optional<Duration> UnitLength(char unit, bool in_time) {
  if (!in_time && unit == 'W') return chr::weeks{1};
  if (!in_time && unit == 'D') return chr::days{1};
  if (in_time && unit == 'H') return chr::hours{1};
  if (in_time && unit == 'M') return chr::minutes{1};
  if (in_time && unit == 'S') return chr::seconds{1};
  return std::nullopt;
}

}  // namespace

std::optional<Duration> ParseDuration(std::string_view text) {
  if (text.size() < 3 || text[0] != 'P') return std::nullopt;
  text.remove_prefix(1);
  Duration total{};
  bool in_time = false, any = false;
  while (!text.empty()) {
    if (text[0] == 'T' && !in_time) {
      in_time = true;
      text.remove_prefix(1);
      continue;
    }
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc{} || number < 0 || number > 100'000'000) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
    if (!text.empty() && text[0] == '.' && in_time) {
      const auto end = text.find('S');
      if (end == std::string_view::npos) return std::nullopt;
      const auto fraction = Fraction(text.substr(1, end - 1));
      if (!fraction) return std::nullopt;
      total += *fraction;
      text.remove_prefix(end);
    }
    if (text.empty()) return std::nullopt;
    const char unit = text[0];
    text.remove_prefix(1);
    any = true;
    const auto length = UnitLength(unit, in_time);
    if (!length || number > (kLongest - total) / *length) return std::nullopt;
    total += number * *length;
  }
  return any ? std::optional<Duration>{total} : std::nullopt;
}

std::uint64_t Ticks(Instant instant) {
  constexpr std::uint64_t kUnixEpoch = 621'355'968'000'000'000;
  return kUnixEpoch + static_cast<std::uint64_t>(instant.time_since_epoch().count() / 100);
}

}  // namespace emulator
