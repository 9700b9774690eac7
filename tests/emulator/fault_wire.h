// Faults of the connection: what the listener does with an answer, and answers that are bad HTTP.
#pragma once

#include "tests/emulator/fault_answer.h"

namespace emulator {

/// An answer of which the client sees nothing. Of kConnection, kRefuse and kResetNew.
Response NoAnswer(const Fault& fault);
/// Of kConnection `headersOnly`, kSlow and kTrickle.
Response Slowed(const Fault& fault, Response answer);
/// Of kHttp.
Response BadHttp(const Fault& fault, const FaultFacts& facts, Response answer);

}  // namespace emulator
