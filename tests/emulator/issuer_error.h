// Errors as Entra ID answers them.
#pragma once

#include <string>

#include "tests/emulator/random.h"
#include "tests/emulator/service.h"

namespace emulator {

/// `code` is the number behind AADSTS.
struct IssuerError {
  int status = 400;
  std::string error;
  std::int64_t code = 0;
  std::string sentence;
};

/// 400 invalid_request and 401 invalid_client.
IssuerError InvalidRequest(std::int64_t code, std::string sentence);
IssuerError InvalidClient(std::int64_t code, std::string sentence);

/// Trace id from `random`; the correlation id is the request's client-request-id, if it has one.
Response ErrorResponse(const IssuerError& error, const Request& request, Random& random,
                       Instant now);
/// Any answer of the issuer: headers and a JSON body.
Response IssuerResponse(int status, std::string body, Instant now);

}  // namespace emulator
