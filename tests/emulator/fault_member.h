// Members of an answer's objects, bent as a fault wants it.
#pragma once

#include <string>

#include "tests/emulator/fault_plan.h"

namespace emulator {

/// The body with the member changed in each item of a list, or in the object that it is. A body
/// that is no JSON object stays as it is.
std::string WithMember(const MemberFault& fault, const std::string& body);

}  // namespace emulator
