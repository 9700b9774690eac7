// Answers that show another ETag than the pool has.
#pragma once

#include "tests/emulator/fault_answer.h"

namespace emulator {

/// Of kETag, but for `changes`: in the header, in the body and in each item of a list.
Response BentETag(const Fault& fault, Response answer);

}  // namespace emulator
