#include "reconciler/core/error.h"

namespace reconciler {

std::string_view ErrorKindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidSpec:
      return "invalid_spec";
    case ErrorKind::kConflict:
      return "conflict";
    case ErrorKind::kThrottled:
      return "throttled";
    case ErrorKind::kNotSent:
      return "not_sent";
    case ErrorKind::kUnknownOutcome:
      return "unknown_outcome";
    case ErrorKind::kTransient:
      return "transient";
    case ErrorKind::kUnauthorized:
      return "unauthorized";
    case ErrorKind::kSlow:
      return "slow";
    case ErrorKind::kTerminal:
      return "terminal";
    case ErrorKind::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace reconciler
