// What is read of an answer, whoever gave it: answers are hostile input.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/ports.h"

namespace reconciler {

/// Text from the network on one line: control characters become blanks, bytes that are not UTF-8
/// become '?', what is longer than `bytes_max` ends in "...".
std::string Printable(std::string_view text, std::size_t bytes_max = 1'000);

/// The first header of that name, without case; empty if absent.
std::string_view HeaderOf(const HttpAnswer& answer, std::string_view name);

/// Retry-After as seconds or as an HTTP date; what is neither counts as absent. At most 300 s, so
/// that no answer can put an account to sleep.
std::optional<std::chrono::milliseconds> ReadRetryAfter(const HttpAnswer& answer, Instant wall);

}  // namespace reconciler
