// Addresses of a host, without waiting for a name server that never answers.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

namespace reconciler::daemon {

struct NameLookup {
  std::vector<std::string> addresses;  // as text, in the order in which they are tried
  std::string problem;                 // why there are none: "name or service not known"
};

/// Asks as getaddrinfo(3) does; the host may be an address. Returns after `limit`, or at a stop,
/// with a problem; the look-up itself then ends by itself, in a thread that nobody waits for.
NameLookup LookUpName(const std::string& host, std::chrono::milliseconds limit,
                      const std::stop_token& stop);

}  // namespace reconciler::daemon
