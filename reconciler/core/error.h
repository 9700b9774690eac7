// What can go wrong, classed by what the caller does next.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reconciler {

/// Decides what the cycle does next; the message is for people only.
enum class ErrorKind {
  kInvalidSpec,     // a file is wrong: report, never retry until the file changes
  kConflict,        // precondition failed or pool is resizing: observe again, then plan anew
  kThrottled,       // wait at least retry_after
  kNotSent,         // refused, no name, bad certificate: nothing happened
  kUnknownOutcome,  // a mutation without a whole answer: observe before anything else
  kTransient,       // a read that failed: network, 5xx
  kUnauthorized,    // credentials: back off, alert
  kSlow,            // quota, capacity, forbidden: minutes to hours
  kTerminal,        // the service said no: report, do not retry
  kCancelled,       // shutdown was asked for
};

/// How far an exchange came that has no whole answer.
enum class FailedAt : std::uint8_t {
  kNowhere,   // there is an answer, or it was withdrawn or never tried
  kName,      // no address for the host
  kConnect,   // no TCP connection
  kProxy,     // the proxy is not there, or does not let us through
  kTls,       // certificate or version of TLS
  kExchange,  // connected, then no whole answer
};

/// What was wrong where a request failed at TLS.
enum class TlsFault : std::uint8_t {
  kOther,
  kExpired,
  kNotYetValid,
  kOtherName,         // the certificate is made out to another host
  kUnknownAuthority,  // it is signed by nobody who is trusted
  kSelfSigned,        // it is signed by itself
  kOldVersion,        // nothing as new as TLS 1.2 is spoken
  kNoTls,             // what answers speaks another protocol
  kRootsFile,         // the file of trusted authorities is of no use
};

struct Error {
  ErrorKind kind = ErrorKind::kTerminal;
  std::string message;  // lower case, no full stop, names the thing: "pool 'p1': ..."
  std::optional<std::chrono::milliseconds> retry_after{};  // from the server, already parsed
  std::string request_id{};                                // empty when no request was made
  int status = 0;      // HTTP status, 0 when there was no answer
  std::string code{};  // the service's error code, e.g. "PoolBeingResized"; may be empty
  FailedAt failed_at = FailedAt::kNowhere;
};

/// The same error with `context` in front of its message; the kind never changes.
inline Error Annotate(Error error, std::string_view context) {
  error.message = std::string(context) + ": " + error.message;
  return error;
}

/// Lower-case word for logs and JSON, e.g. "unknown_outcome".
std::string_view ErrorKindName(ErrorKind kind);

}  // namespace reconciler
