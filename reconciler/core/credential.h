// What lets the requests of one account in.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "reconciler/core/ports.h"

namespace reconciler {

/// For one thread at a time.
class Credential {
 public:
  virtual ~Credential() = default;
  /// To be called before requests are built; may ask another server, and block for it. Errors:
  /// nothing of the account was asked then. kUnauthorized where a person has to act; kNotSent,
  /// kTransient, kThrottled where time may help; kCancelled.
  virtual Status Prepare(std::stop_token stop) = 0;
  /// The value of the header Authorization, after a `Prepare` that succeeded. `request` holds every
  /// other header that goes out.
  virtual std::string Authorization(const HttpRequest& request) const = 0;
  /// What a person can do about a refusal: "check that ...".
  virtual std::string_view Advice() const = 0;
  /// The service refused what a request carried, with 401: what was kept is not used again. True
  /// where the next `Prepare` may bring something better.
  virtual bool Refused() { return false; }
};

}  // namespace reconciler
