// The type of a request's body.
#pragma once

#include "tests/emulator/request_context.h"

namespace emulator {

/// What the service wants. Source: Batch REST; blanks, case and a charset do not matter, as
/// recorded.
inline constexpr char kBodyType[] = "application/json; odata=minimalmetadata";

/// What is wrong with the type; nothing where there is no body, or any type is taken.
std::optional<ApiError> ContentTypeProblem(const Context& context);

}  // namespace emulator
