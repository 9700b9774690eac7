// Bodies that say something else than they should, or say it badly.
#pragma once

#include "tests/emulator/fault_answer.h"

namespace emulator {

/// Of kBody, kCutBody and kMember.
Response BentBody(const Fault& fault, const FaultFacts& facts, Response answer);

/// A gzip stream that unpacks to `size` blanks, without a true checksum.
std::string GzipOfBlanks(std::size_t size);

}  // namespace emulator
