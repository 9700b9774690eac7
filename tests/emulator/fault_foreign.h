// What somebody else does to a pool just before a request is looked at.
#pragma once

#include <string>

#include "tests/emulator/fault_answer.h"

namespace emulator {

/// Of kForeign and kForeignResize. `pool`: the one that the request is about.
void ActAsSomebody(const Fault& fault, const FaultFacts& facts, Service& service,
                   const std::string& account, const std::string& pool);

}  // namespace emulator
