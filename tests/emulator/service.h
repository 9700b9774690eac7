// The Batch service as a value: a request in, a response out, the time from a clock that it is
// given.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"
#include "tests/emulator/service_config.h"
#include "tests/emulator/time_text.h"

namespace emulator {

struct Request {
  std::string method;
  /// Path and query as on the wire.
  std::string target;
  /// As they came, in any case.
  Headers headers;
  std::string body;
};

/// How an answer goes over its connection.
enum class Wire {
  kWhole,
  kReset,     // the connection breaks without an answer
  kHang,      // nothing comes, and the connection stays
  kTruncate,  // the first half of the body, then the end
  kSlow,      // in pieces, over `wire_time`
  kRefuse,    // as kReset, and nobody listens for `wire_time`
};

struct Response {
  int status = 0;
  std::string reason;
  /// Complete but for what a connection adds. A success says `Transfer-Encoding: chunked` here, as
  /// the live service does; the body stands in `body` as it is.
  Headers headers;
  std::string body;
  Wire wire = Wire::kWhole;
  std::chrono::milliseconds wire_time{0};
};

/// What callers of Batch operations did so far; requests for tokens do not count. A write is any
/// request that could change something, applied or not.
struct Counters {
  std::uint64_t requests = 0;
  std::uint64_t writes = 0;
  std::uint64_t writes_applied = 0;
};

/// Not safe for threads; the caller serialises. The same configuration, clock and requests give the
/// same answers: no randomness or time but what comes in.
class Service {
 public:
  using Clock = std::function<Instant()>;

  /// `now` drives everything that lives in the service. `wall` (by default the same) is what dates
  /// of signatures are compared with and what the Date header shows.
  Service(ServiceConfig config, Clock now, Clock wall = {});
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Lets the world advance to `now` first.
  Response Handle(const Request& request);

  // For tests in the same process. An unknown account or pool is ignored or gives an empty answer.
  std::vector<std::string> PoolIds(std::string_view account);
  /// The pool as GET shows it at `api_version`.
  std::string PoolJson(std::string_view account, std::string_view pool_id,
                       std::string_view api_version = "2025-06-01");
  const Counters& counters() const { return counters_; }
  void FailNextAllocation(std::string_view account, std::string_view pool_id,
                          AllocationFailure failure);
  void FailStartTasks(std::string_view account, std::string_view pool_id, bool fail);
  /// Takes up to `count` Spot nodes away; returns how many went.
  int Preempt(std::string_view account, std::string_view pool_id, int count);
  /// The account that would answer; empty: the caller is refused.
  std::string AccountOf(const Request& request);
  /// Another ETag, as if somebody had changed something that nobody sees.
  void TouchPool(std::string_view account, std::string_view pool_id);
  /// Somebody else's resize of the dedicated nodes; nothing where the pool could not be resized.
  void ResizePool(std::string_view account, std::string_view pool_id, std::int64_t nodes);
  /// When the next event is due in any account; nothing: never.
  std::optional<Instant> NextEvent() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
  Counters counters_;
};

}  // namespace emulator
