// The peer of the quiet cycle: libcurl alone, fetching the same pages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reconciler/core/secret.h"

namespace bench {

/// Fetches the targets one after the other on one kept connection, signed, and drops the bodies.
/// Returns the bytes that came; throws std::runtime_error on any answer but 200.
std::size_t BareFetch(void* curl_easy, std::uint16_t port, const reconciler::Secret& key,
                      const std::vector<std::string>& targets);

}  // namespace bench
