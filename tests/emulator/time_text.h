// Instants and durations as the service spells them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;
using Duration = std::chrono::nanoseconds;

/// What was before or comes after is taken for these: not much more fits.
inline constexpr Instant kEarliest = std::chrono::sys_days{std::chrono::year{1678} / 1 / 1};
inline constexpr Instant kLatest = std::chrono::sys_days{std::chrono::year{2261} / 12 / 31};

/// `2024-04-18T00:32:00.6188622Z`: up to seven fraction digits (at most nine), no trailing zeros.
std::string FormatTime(Instant instant, std::size_t fraction_digits = 7);
/// The same with any number of fraction digits; nothing when malformed.
std::optional<Instant> ParseTime(std::string_view text);

/// `Tue, 01 Jul 2025 12:00:00 GMT`.
std::string FormatHttpDate(Instant instant);
/// Takes `GMT` and, as a Go client sends it, `UTC`.
std::optional<Instant> ParseHttpDate(std::string_view text);

/// Canonical ISO 8601, `PT1H` rather than `PT60M`; zero is `PT0S`.
std::string FormatDuration(Duration duration);
/// Weeks, days, hours, minutes, seconds with fraction; no years or months, and nothing that is
/// longer than 100 years.
std::optional<Duration> ParseDuration(std::string_view text);

/// 100 ns since the year 1, the unit that etags are made of.
std::uint64_t Ticks(Instant instant);

}  // namespace emulator
