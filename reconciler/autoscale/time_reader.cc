#include "reconciler/autoscale/time_reader.h"

#include <string>

namespace reconciler::autoscale {
namespace {

namespace chr = std::chrono;

/// Takes pieces off the front of a text; after one that does not fit, `failed`.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool failed() const { return failed_; }
  bool done() const { return rest_.empty(); }
  bool Is(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool Take(char c) {
    if (!Is(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Need(char c) {
    if (!Take(c)) failed_ = true;
  }
  /// Exactly `count` digits.
  int Number(std::size_t count) {
    const std::string_view digits = TakeDigits(count);
    if (digits.size() < count) failed_ = true;
    int number = 0;
    for (const char c : digits) number = number * 10 + (c - '0');
    return number;
  }
  /// Digits behind a decimal point, as ticks: one to seven.
  Ticks Fraction() {
    std::string digits(TakeDigits(7));
    if (digits.empty()) failed_ = true;
    digits.resize(7, '0');
    return Ticks(std::stoll(digits));
  }

 private:
  std::string_view TakeDigits(std::size_t most) {
    std::size_t length = 0;
    while (length < most && length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') {
      ++length;
    }
    const std::string_view digits = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return digits;
  }

  std::string_view rest_;
  bool failed_ = false;
};

std::optional<chr::minutes> ReadOffset(Reader& reader) {
  if (reader.Take('Z')) return chr::minutes(0);
  const int sign = reader.Take('+') ? 1 : reader.Take('-') ? -1 : 0;
  if (sign == 0) return std::nullopt;
  const int hours = reader.Number(2);
  reader.Need(':');
  const int minutes = reader.Number(2);
  if (hours > 14 || minutes > 59) return std::nullopt;
  return chr::minutes(sign * (hours * 60 + minutes));
}

/// Behind the "T": the time of the day, less its offset from UTC.
std::optional<Ticks> ReadClock(Reader& reader) {
  const int hour = reader.Number(2);
  reader.Need(':');
  const int minute = reader.Number(2);
  const int second = reader.Take(':') ? reader.Number(2) : 0;
  const Ticks fraction = reader.Take('.') ? reader.Fraction() : Ticks(0);
  const auto offset = ReadOffset(reader);
  if (!offset || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Ticks(chr::hours(hour) + chr::minutes(minute) + chr::seconds(second)) + fraction - *offset;
}

std::optional<Timestamp> ReadW3c(std::string_view text) {
  Reader reader(text);
  const chr::year year(reader.Number(4));
  const bool has_month = reader.Take('-');
  const int month = has_month ? reader.Number(2) : 1;
  const int day = has_month && reader.Take('-') ? reader.Number(2) : 1;
  const chr::year_month_day date{year, chr::month(static_cast<unsigned>(month)),
                                 chr::day(static_cast<unsigned>(day))};
  if (reader.failed() || !date.ok() || year < chr::year(1)) return std::nullopt;
  std::optional<Ticks> clock = Ticks(0);
  if (text.size() > 10 && reader.Take('T')) clock = ReadClock(reader);
  if (!clock || reader.failed() || !reader.done()) return std::nullopt;
  return MakeTimestamp(chr::sys_days(date), *clock);
}

}  // namespace

std::optional<Timestamp> ReadTimestamp(std::string_view text) {
  if (const auto http = ParseHttpDate(text)) return ToTimestamp(*http);
  return ReadW3c(text);
}

}  // namespace reconciler::autoscale
