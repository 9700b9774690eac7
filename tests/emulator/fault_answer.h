// Answers that faults make up, and what they hang onto others.
#pragma once

#include "tests/emulator/fault_plan.h"
#include "tests/emulator/operation_name.h"
#include "tests/emulator/random.h"
#include "tests/emulator/service.h"

namespace emulator {

struct FaultFacts {
  const Operation& operation;
  const Request& request;
  Instant now, wall;
  Random& ids;
  std::string endpoint;  // "http://127.0.0.1:10000": as the caller named it
};

/// The error of `fault.status`, in the words of Batch or, for tokens, of the issuer; a page of a
/// gateway.
Response ErrorAnswer(const Fault& fault, const FaultFacts& facts);
/// 401 for what is wrong with a token.
Response TokenAnswer(const Fault& fault, const FaultFacts& facts);
/// Puts the rule's headers, reason and text into any answer.
void Decorate(const Fault& fault, Instant wall, Response& answer);

void SetHeader(Headers& headers, const std::string& name, std::string value);
void RemoveHeader(Headers& headers, std::string_view name);
/// A body of another length than before.
void SetBody(Response& response, std::string body);

}  // namespace emulator
