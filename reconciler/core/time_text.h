// Points in time as the service and HTTP write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace reconciler {

using Instant = std::chrono::sys_time<std::chrono::nanoseconds>;

/// "2024-04-18T00:32:00.6188622Z"; zero to nine fraction digits; only UTC ("Z").
std::optional<Instant> ParseTime(std::string_view text);
/// "2024-04-18T00:32:00Z", without a fraction.
std::string FormatTime(Instant time);
/// RFC 1123 for HTTP headers: "Tue, 01 Jul 2025 12:00:00 GMT".
std::string FormatHttpDate(Instant time);
/// Reads RFC 1123 with "GMT" or "UTC" at the end.
std::optional<Instant> ParseHttpDate(std::string_view text);

}  // namespace reconciler
