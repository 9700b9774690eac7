// Which query parameters an operation takes.
#pragma once

#include "tests/emulator/operation_table.h"

namespace emulator {

/// What is wrong with the names, or with a timeout; the other values are the operation's to read.
std::optional<ApiError> QueryProblem(const Context& context, const OperationRow& row);

}  // namespace emulator
