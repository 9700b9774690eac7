// The doors to the outside world. Each has a real and a simulated implementation; whatever touches
// the world by another way is in the wrong room.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/core/event.h"
#include "reconciler/core/result.h"
#include "reconciler/core/secret.h"
#include "reconciler/core/time_text.h"

namespace reconciler {

using Tick = std::chrono::nanoseconds;  // monotonic, since an arbitrary start

enum class Delivery : std::uint8_t {
  kAnswered,  // a whole answer, whatever its status
  kNotSent,   // refused, no name, bad certificate, withdrawn before it was sent: nothing happened
  kUnknown,   // sent, but no whole answer: it may have been applied
  kTooBig,    // an answer began and passed the limit of the body: as kUnknown for a mutation
};

struct HttpRequest {
  std::string method;
  std::string target;  // path and query as on the wire, "/pools?api-version=2025-06-01"
  std::string body{};  // anything but GET and HEAD is sent at most once
  std::vector<std::pair<std::string, std::string>> headers{};
  std::chrono::milliseconds timeout{};  // of the whole exchange; zero: the transport's own
};

struct HttpAnswer {
  Delivery delivery = Delivery::kNotSent;
  int status = 0;
  std::string body{};
  std::string detail{};  // why there is no answer, for people; never holds a credential
  std::vector<std::pair<std::string, std::string>> headers{};  // as received
  FailedAt failed_at = FailedAt::kNowhere;
  TlsFault tls_fault = TlsFault::kOther;
};

struct Endpoint {
  std::string scheme = "https";
  std::string host;
  std::uint16_t port = 443;
};

struct ExchangeLimits {
  int in_flight_max = 8;
  Tick deadline{};  // monotonic; zero: none
  std::size_t body_bytes_max = 32u << 20;
  std::function<void()> on_answer{};  // as each request ends; in a thread of the transport
};

class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  /// Sends all, at most `in_flight_max` at a time, and blocks until each has its answer; answers
  /// stand in the order of the requests. A stop or the deadline withdraws what is in flight and
  /// waits for it: no operation outlives the call. Thread-safe.
  virtual std::vector<HttpAnswer> SendAll(const Endpoint& endpoint,
                                          std::vector<HttpRequest> requests,
                                          const ExchangeLimits& limits, std::stop_token stop) = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Tick Now() = 0;      // deadlines, backoff
  virtual Instant Wall() = 0;  // stamps only
  /// Blocks until `due` or a stop; false when stopped.
  virtual bool SleepUntil(Tick due, std::stop_token stop) = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t Next() = 0;
  /// 0 ... bound-1, bound > 0; integer arithmetic only, so equal on every platform.
  std::uint64_t Below(std::uint64_t bound) { return Next() % bound; }
};

/// Named blobs that survive a restart. Keys are file names: letters, digits, '-', '_', '.'.
class StateStore {
 public:
  virtual ~StateStore() = default;
  virtual Result<std::optional<std::string>> Get(std::string_view key) = 0;  // absent: nullopt
  /// Atomic, and durable on return; a full disk is an error.
  virtual Status Put(std::string_view key, std::string_view value) = 0;
  virtual Status Erase(std::string_view key) = 0;
  /// True while a freeze file stands in the state folder or in the run folder: no write at all.
  virtual bool Frozen() = 0;
  /// Runs `body` while no other process holds the same lock ("losses"); `run` and `apply` share it.
  virtual Status WithLock(std::string_view name, const std::function<Status()>& body) = 0;
};

struct FileStamp {
  std::string path;  // relative to the root of the tree, '/' between names
  std::uint64_t inode = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct TreeProblem {
  std::string path;         // relative; "" is the root itself
  std::string message;      // "is a FIFO, only regular files are read"
  bool hides_pools = true;  // what stands behind it is unknown: the tree is incomplete
};

struct TreeListing {
  std::vector<FileStamp> files;  // .yaml and .yml, sorted by path
  std::vector<TreeProblem> problems;
  bool complete = false;  // every folder was read, and the root exists
};

/// The spec tree of one source.
class FileTree {
 public:
  virtual ~FileTree() = default;
  virtual TreeListing List() = 0;
  /// The bytes of a listed file; nullopt if it is gone or its stamp is no longer the listed one.
  virtual std::optional<std::string> Read(const FileStamp& stamp) = 0;
  /// The root as messages show it.
  virtual std::string Root() const = 0;
};

/// Where `{secretRef: name}` gets its value from.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  /// Errors: kInvalidSpec, names the secret and what the configuration lacks.
  virtual Result<Secret> Read(std::string_view name) = 0;
  /// `secretDigestKey`; kInvalidSpec if the configuration has none.
  virtual Result<Secret> DigestKey() = 0;
};

class EventSink {
 public:
  virtual ~EventSink() = default;
  /// Thread-safe; never blocks on anything slow.
  virtual void Emit(const Event& event) = 0;
};

/// What one account's cycle needs of the world.
struct Doors {
  HttpTransport& transport;
  Clock& clock;
  Random& random;
  StateStore& state;
  SecretSource& secrets;
  EventSink& events;
};

}  // namespace reconciler
