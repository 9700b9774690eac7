#include "reconciler/batch/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "reconciler/batch/answer_text.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Source: Batch REST, "Pool - Enable Auto Scale": not more than once every 30 seconds.
constexpr seconds kEnableAutoScaleGap{30};
// The service refuses signatures older than 15 minutes; a third of that is worth a word.
constexpr seconds kSkewWorthAWord{300};

bool IsSlowConflict(std::string_view code) {
  return code.ends_with("QuotaReached") || code == "InvalidApplicationPackageReferences" ||
         code == "InvalidCertificateReferences";
}

ErrorKind LostKind(bool mutation) {
  return mutation ? ErrorKind::kUnknownOutcome : ErrorKind::kTransient;
}

ErrorKind ServerFailure(int status, std::string_view code, bool mutation, bool has_retry_after) {
  if (status == 503 && (code == "ServerBusy" || code == "TooManyEnableAutoScaleRequests")) {
    return ErrorKind::kThrottled;
  }
  const bool maybe_applied = status == 500 || status == 502 || status == 504;
  return has_retry_after && !maybe_applied ? ErrorKind::kThrottled : LostKind(mutation);
}

ErrorKind Refusal(int status, std::string_view code, bool mutation) {
  switch (status) {
    case 400:
      return code == "InvalidAuthenticationInfo" ? ErrorKind::kUnauthorized : ErrorKind::kTerminal;
    case 401:
      return ErrorKind::kUnauthorized;
    case 403:
      return code == "AuthenticationFailed" || (!mutation && LacksPermission(code))
                 ? ErrorKind::kUnauthorized
                 : ErrorKind::kSlow;
    case 404:
      return mutation && code == "PoolNotFound" ? ErrorKind::kConflict : ErrorKind::kSlow;
    case 408:
      return LostKind(mutation);
    case 409:
      return IsSlowConflict(code) ? ErrorKind::kSlow : ErrorKind::kConflict;
    case 412:
      return ErrorKind::kConflict;
    case 413:
      return ErrorKind::kTerminal;
    case 429:
      return ErrorKind::kThrottled;
    default:
      return ErrorKind::kSlow;
  }
}

ErrorKind KindOf(int status, std::string_view code, bool mutation, bool has_retry_after) {
  if (status >= 400 && status < 500) return Refusal(status, code, mutation);
  if (status >= 500 && status < 600) {
    return ServerFailure(status, code, mutation, has_retry_after);
  }
  return LostKind(mutation);
}

/// Why credentials may have been refused: the clock if it is off, else what the credential knows.
std::string CredentialHint(const HttpAnswer& answer, const Asked& asked) {
  const auto theirs = ParseHttpDate(HeaderOf(answer, "Date"));
  if (theirs) {
    const auto skew = std::chrono::duration_cast<seconds>(asked.wall - *theirs);
    if (std::chrono::abs(skew) >= kSkewWorthAWord) {
      return fmt::format("; this host's clock is {} {} the service's, set it",
                         HumanDuration(std::chrono::abs(skew)),
                         skew > seconds{0} ? "ahead of" : "behind");
    }
  }
  return asked.advice.empty() ? std::string() : fmt::format("; {}", asked.advice);
}

constexpr std::string_view kPermissionHint =
    "; the credentials are good, but have no right to do this: give their identity a role with "
    "data "
    "access to this account, such as Azure Batch Data Contributor";

/// " to 'login.example.org'", from a Location that names a host; of the rest nothing is shown.
std::string RedirectTarget(const HttpAnswer& answer) {
  std::string_view location = HeaderOf(answer, "Location");
  const std::size_t scheme = location.find("://");
  if (scheme == std::string_view::npos) return {};
  location.remove_prefix(scheme + 3);
  location = location.substr(0, location.find_first_of("/?#"));
  if (const std::size_t user = location.find('@'); user != std::string_view::npos) {
    location.remove_prefix(user + 1);
  }
  return fmt::format(" to '{}'", Printable(location, 100));
}

std::string AnsweredText(const HttpAnswer& answer, const ServiceError& service) {
  if (answer.status >= 200 && answer.status < 300) {
    return fmt::format("{} with {}, which is no answer of the service", answer.status,
                       DescribeBody(answer));
  }
  if (answer.status >= 300 && answer.status < 400) {
    return fmt::format("{}, a redirect{}, which is not followed; check the endpoint", answer.status,
                       RedirectTarget(answer));
  }
  if (service.code.empty()) {
    return fmt::format("{} with {} instead of an error of the service", answer.status,
                       DescribeBody(answer));
  }
  std::string text = fmt::format("{} {}", answer.status, service.code);
  if (!service.text.empty()) text += ": " + service.text;
  for (const auto& [key, value] : service.values) text += "; " + key + ": " + value;
  return text;
}

Error AnsweredError(const HttpAnswer& answer, const Asked& asked) {
  const ServiceError service = ReadServiceError(answer);
  Error error;
  error.status = answer.status;
  error.code = service.code;
  error.retry_after = ReadRetryAfter(answer, asked.wall);
  error.request_id = Printable(HeaderOf(answer, "request-id"), 64);
  error.kind = KindOf(answer.status, service.code, asked.mutation, error.retry_after.has_value());
  if (service.code == "TooManyEnableAutoScaleRequests" && !error.retry_after) {
    error.retry_after = kEnableAutoScaleGap;
  }
  error.message = asked.what + ": " + AnsweredText(answer, service);
  if (answer.status == 403 && LacksPermission(service.code)) {
    error.message += kPermissionHint;
  } else if (error.kind == ErrorKind::kUnauthorized) {
    error.message += CredentialHint(answer, asked);
  }
  if (!error.request_id.empty()) error.message += " (request " + error.request_id + ")";
  return error;
}

Error UnansweredError(const HttpAnswer& answer, const Asked& asked) {
  Error error;
  error.failed_at = answer.failed_at;
  const std::string detail = Printable(answer.detail);
  if (answer.delivery == Delivery::kNotSent) {
    error.kind = asked.stopped ? ErrorKind::kCancelled : ErrorKind::kNotSent;
    error.message = asked.what + ": not sent: " + detail;
    return error;
  }
  error.kind = LostKind(asked.mutation);
  if (asked.stopped && !asked.mutation) error.kind = ErrorKind::kCancelled;
  error.message = asked.what + ": no whole answer: " + detail;
  if (asked.mutation) error.message += "; it may have been applied";
  if (!asked.client_request_id.empty()) {
    error.message += " (client request " + asked.client_request_id + ")";
  }
  return error;
}

}  // namespace

bool LacksPermission(std::string_view code) {
  return code == "AuthorizationFailure" || code == "AuthorizationPermissionMismatch" ||
         code == "InsufficientAccountPermissions";
}

bool Succeeded(const HttpAnswer& answer, bool mutation) {
  if (answer.delivery != Delivery::kAnswered || answer.status < 200 || answer.status > 299) {
    return false;
  }
  if (!mutation || answer.body.empty()) return true;
  const std::string type = FoldCase(HeaderOf(answer, "Content-Type"));
  return type.empty() || type.find("json") != std::string::npos;
}

Error ErrorOf(const HttpAnswer& answer, const Asked& asked) {
  if (answer.delivery == Delivery::kAnswered) return AnsweredError(answer, asked);
  return UnansweredError(answer, asked);
}

std::string DescribeAnswer(const HttpAnswer& answer) {
  return AnsweredText(answer, ReadServiceError(answer));
}

}  // namespace reconciler::batch
