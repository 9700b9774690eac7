// Lists that are not what is there, and pages that do not follow each other as they should.
#pragma once

#include "tests/emulator/fault_answer.h"

namespace emulator {

/// Of kList, kPageSize and kNextLink. `account`: of the caller.
Response BentList(const Fault& fault, const FaultFacts& facts, Response answer, Service& service,
                  const std::string& account);

}  // namespace emulator
