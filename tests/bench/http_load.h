// Many callers of one server, each on a connection of its own that it keeps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct Load {
  double seconds = 0;  // from the first byte sent to the last one received
  std::size_t bytes = 0;
};

/// Sends each request once, as it stands: a connection takes the next one when its answer is there.
/// Throws std::runtime_error on an answer other than 2xx, with its beginning.
Load SendAll(std::uint16_t port, const std::vector<std::string>& requests, std::size_t connections);

/// The bytes of a request to the emulator, signed with the well-known key, good for 15 minutes.
std::string SignedRequest(const std::string& account, const std::string& method,
                          const std::string& target, const std::string& body = "");

}  // namespace bench
