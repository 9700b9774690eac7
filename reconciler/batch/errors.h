// From an answer to the class of error that decides what the cycle does next.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/error.h"
#include "reconciler/core/ports.h"
#include "reconciler/core/time_text.h"

namespace reconciler::batch {

/// What was asked, for the class and the words of an error.
struct Asked {
  std::string what;                 // "account 'demo': resize pool 'p1'"
  bool mutation = false;            // anything but GET and HEAD
  bool stopped = false;             // a stop was requested meanwhile
  Instant wall{};                   // our time when the answer came
  std::string client_request_id{};  // ours, for what the service never answered
  std::string_view advice{};        // of the credential, about a refusal; outlives the call
};

/// A whole answer of class 2xx. For a mutation also: not somebody else's page, since the service
/// answers mutations without a body or with JSON.
bool Succeeded(const HttpAnswer& answer, bool mutation);

/// The error of an answer that has not `Succeeded`.
///   kThrottled       429, 503 ServerBusy, 503 TooManyEnableAutoScaleRequests (30 s where the
///                    service names no time), other 5xx with Retry-After but for 500, 502, 504
///   kConflict        412, 409 (quota and references apart), 404 PoolNotFound of a mutation
///   kUnauthorized    401, 403 AuthenticationFailed, 400 InvalidAuthenticationInfo, and of a read
///                    403 AuthorizationFailure and its kin: nothing can be seen without the right
///   kTerminal        400, 413
///   kSlow            quota and reference errors, other 403, other 4xx
///   kNotSent         no connection; nothing happened. kCancelled if a stop was the reason
///   kUnknownOutcome  a mutation with 408, 5xx, 3xx, nonsense, or sent and not answered
///   kTransient       the same for a read
/// Source: Batch REST, "Batch Status and Error Codes".
Error ErrorOf(const HttpAnswer& answer, const Asked& asked);

/// Of a code of the service: it knows who signed, and does not let them.
bool LacksPermission(std::string_view code);

/// "403 AuthenticationFailed: ...", "200 with text/html, 512 bytes, which is no answer of the
/// service": the words of such an answer alone, on one line, of an answer that came whole.
std::string DescribeAnswer(const HttpAnswer& answer);

}  // namespace reconciler::batch
