// One SendAll on its way through the I/O thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <string>
#include <vector>

#include "reconciler/core/ports.h"

namespace reconciler::batch {

/// Lives on the stack of the calling thread, which waits until it is finished. Between Submit and
/// the end only the I/O thread touches it, but for what the loop's mutex guards.
struct CurlCall {
  const Endpoint& endpoint;
  const ExchangeLimits& limits;
  std::vector<HttpRequest>& requests;
  std::vector<HttpAnswer> answers{};  // as many as requests

  std::size_t next = 0;  // first request that was not started
  std::size_t done = 0;
  int in_flight = 0;
  int unreachable_in_row = 0;  // exchanges without a connection since one had one
  bool withdrawn = false;

  // Guarded by the loop's mutex.
  bool withdraw_asked = false;
  bool finished = false;
  std::condition_variable ended{};
};

}  // namespace reconciler::batch
