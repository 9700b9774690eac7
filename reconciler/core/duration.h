// Durations as the service writes them (ISO 8601) and as the configuration writes them (60s, 5m).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace reconciler {

/// ISO 8601 duration in 100 ns ticks: "PT15M", "P7D", "PT7M9.497S". Weeks, days, hours, minutes and
/// seconds with a fraction; years and months have no fixed length and are refused, as are signs.
using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
std::optional<Ticks> ParseIsoDuration(std::string_view text);
/// Canonical form: "PT0S", "PT15M", "P1DT2H". Equal durations give equal text.
std::string FormatIsoDuration(Ticks duration);

/// An integer and one of s, m, h, d: "60s", "24h". No sign, no blank, no fraction.
std::optional<std::chrono::seconds> ParseShortDuration(std::string_view text);
/// For people: "45 s", "2 min 5 s", "3 h 20 min", "4 d 2 h". At most two units.
std::string HumanDuration(std::chrono::seconds duration);

}  // namespace reconciler
