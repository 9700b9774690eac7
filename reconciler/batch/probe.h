// One question to an account and all that its answer tells, for who explains why none comes.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "reconciler/batch/answer_text.h"
#include "reconciler/batch/client.h"
#include "reconciler/core/credential.h"
#include "reconciler/core/error.h"
#include "reconciler/core/ports.h"

namespace reconciler::batch {

struct Probe {
  HttpAnswer answer{};
  ServiceError service{};          // its code is empty where the answer is no error of the service
  std::optional<Error> failure{};  // none: a list of pools came
  /// Our clock in the middle of the exchange less the service's; none where it told no time.
  std::optional<std::chrono::seconds> clock_ahead{};
  std::chrono::milliseconds took{};
};

/// Asks for the first row of the list of pools, once. `credential`: prepared; nullptr: the request
/// goes out unsigned, which the service answers with a refusal and its time.
Probe ProbeAccount(const AccountEndpoint& account, const Credential* credential,
                   HttpTransport& transport, Clock& clock, std::stop_token stop);

}  // namespace reconciler::batch
