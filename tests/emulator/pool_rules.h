// Rules between and about values that the member table cannot say.
#pragma once

#include <optional>

#include "tests/emulator/request_context.h"

namespace emulator {

/// Fills that depend on other members (image version, user identity). `settings` is normalised.
void FinishSettings(Json& settings);

/// The first broken rule among the members of `changed`; `whole` is the pool with them in place.
/// A wrong VM size is reported before a wrong image. Source: recorded traffic, create pool.
std::optional<ApiError> BrokenRule(const Context& context, const Json& changed, const Json& whole);

/// Formula length and syntax. Source: Batch REST, Pool - Enable Auto Scale.
std::optional<ApiError> FormulaProblem(const std::string& formula);

bool ValidPoolId(std::string_view id);

}  // namespace emulator
