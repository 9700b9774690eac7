// What the answer to the question of `check` is about.
#pragma once

#include <cstdint>
#include <string>

#include "reconciler/batch/probe.h"

namespace reconciler::daemon {

enum class Verdict : std::uint8_t {
  kGood,
  kNoAnswer,        // no whole one
  kService,         // not the service's, or one that says nothing of the account: busy, disturbed
  kAuthentication,  // the key, or the clock
  kPermission,
  kApiVersion,
};
Verdict VerdictOf(const batch::Probe& probe);

/// "403 AuthenticationFailed: ... (request 1234)", of a whole answer.
std::string AnswerText(const batch::Probe& probe);

}  // namespace reconciler::daemon
