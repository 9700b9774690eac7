// Makes tasks of what callers send.
#pragma once

#include <variant>

#include "tests/emulator/job_operations.h"

namespace emulator {

/// Checks the body before the job: a null job is 404 for a body that is right.
std::variant<Task, ApiError> ReadTask(const Context& context, const Json& body, const Job* job);

}  // namespace emulator
