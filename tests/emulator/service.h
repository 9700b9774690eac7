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
#include <variant>
#include <vector>

#include "tests/emulator/account.h"
#include "tests/emulator/http_text.h"
#include "tests/emulator/seed.h"
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
  /// Which connection it came on; equal numbers mean the same one.
  std::uint64_t connection = 0;
};

/// How an answer goes over its connection.
enum class Wire {
  kWhole,
  kReset,         // the connection breaks without an answer
  kClosed,        // the connection ends in good order without an answer
  kHang,          // nothing comes, and the connection stays
  kHeadersOnly,   // the headers, and then nothing
  kTruncate,      // the first half of the body, then the end
  kSlow,          // in pieces, over `wire_time`
  kTrickle,       // `wire_bytes` a second
  kRefuse,        // as kReset, and nobody listens for `wire_time`
  kResetNew,      // as kReset, and so are new connections for `wire_time`
  kClosesUnsaid,  // whole, and then the end that no header announced
  kClosesSlowly,  // whole, and the end after `wire_time`
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
  std::size_t wire_bytes = 1;
  /// The bytes on the wire, in place of what the members above make; empty: those.
  std::string raw{};
};

/// What callers of Batch operations did so far; requests for tokens do not count. A write is any
/// request that could change something, applied or not.
struct Counters {
  std::uint64_t requests = 0;
  std::uint64_t writes = 0;
  std::uint64_t writes_applied = 0;
};

/// Whether a text seems to be what Service::SaveState gives.
bool IsSavedState(std::string_view text);

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
  /// "http://127.0.0.1:10000", as the caller named it or the configuration says.
  std::string Endpoint(const Request& request) const;

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
  /// Shows up to `count` nodes in a state, or as they are; returns how many.
  int ForceNodes(std::string_view account, std::string_view pool_id, std::optional<NodeState> state,
                 std::int64_t count, bool with_errors);
  /// Errors that the pool shows until its next resize.
  void SetResizeErrors(std::string_view account, std::string_view pool_id,
                       std::vector<ResizeError> errors);
  /// As if the formula had failed at its last evaluation.
  void FailEvaluation(std::string_view account, std::string_view pool_id, ResizeError error);
  /// The service moves the targets, autoscale or not.
  void SetTargets(std::string_view account, std::string_view pool_id, PerKind target);
  /// Timings, switches, images and what is known of accounts of these names; from now on.
  void Reconfigure(ServiceConfig config);
  const ServiceConfig& config() const;
  /// The account that would answer; empty: the caller is refused.
  std::string AccountOf(const Request& request);
  /// The Date header and the check of signatures and tokens go by a clock that is off by this.
  void SetSkew(Duration skew);

  // What faults need. An unknown account or pool is ignored.

  /// An account as it is now or was at an instant; with nothing in it where that is not known.
  struct Past {
    std::shared_ptr<const Account> account;
    Instant at;
  };
  /// From now on the past can be asked for.
  void KeepHistory();
  Past Present(std::string_view account);
  /// The earliest one that is known where `then` is before it.
  Past AsOf(std::string_view account, Instant then);
  /// A read by somebody who may read, answered from the past.
  Response HandleIn(const Past& past, const Request& request);
  /// As answered to a request that is carried out, which it is not.
  Response HandleLost(const Request& request);
  /// Somebody's request at an instant that is not before the last call; nobody is asked who it is.
  void Carry(std::string_view account, const Request& request, Instant at);
  /// Whether callers are looked at before they are believed.
  bool ChecksCallers() const;
  /// Another ETag, as if somebody had changed something that nobody sees.
  void TouchPool(std::string_view account, std::string_view pool_id);
  /// Somebody else's resize of the dedicated nodes; nothing where the pool could not be resized.
  void ResizePool(std::string_view account, std::string_view pool_id, std::int64_t nodes);
  /// Gone at once, nodes and all.
  void DropPool(std::string_view account, std::string_view pool_id);
  /// Gone at once, and made again with the same settings.
  void RecreatePool(std::string_view account, std::string_view pool_id);
  /// As it was: settings, targets, being there or not.
  void RevertPool(std::string_view account, std::string_view pool_id, const Past& past);
  /// "active" or "deleting" and "steady", "resizing" or "stopping"; or "absent".
  std::vector<std::string_view> PhasesOf(std::string_view account, std::string_view pool_id);

  /// When the next event is due in any account; nothing: never.
  std::optional<Instant> NextEvent() const;

  /// Everything that another service of this configuration needs to go on as this one would.
  std::string SaveState();
  /// Takes such a state in place of the present one. When it was saved, or what is wrong with it;
  /// nothing has changed then. From then on the clock must not show an earlier time.
  std::variant<Instant, std::string> LoadState(std::string_view text);
  /// A new service with what the seed says, in place of the present one. What the first create that
  /// fails is told, with its place; nothing has changed then.
  std::optional<std::string> Plant(const Seed& seed);

 private:
  struct State;
  /// Puts another state in place of the present one.
  void Adopt(std::unique_ptr<State> next, const Counters& counters);

  std::unique_ptr<State> state_;
  Counters counters_;
};

}  // namespace emulator
