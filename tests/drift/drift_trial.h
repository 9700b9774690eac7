// Whole specs through the whole program: created on the emulator, observed, compared.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/value.h"

namespace keeper {
class Keeper;
}

namespace drift {

/// The document of pool "p0", "p1", ... with a spec, as JSON, which is YAML.
std::string DocumentOf(std::size_t index, const reconciler::Value& spec);
/// What the secrets of drawn specs name.
void FillSecrets(keeper::Keeper& keeper);

/// Keeps pools of these specs until they are Ready, then looks twice more. What is wrong: a spec
/// that does not validate, a create that is refused, a write beside the creates, a plan that is not
/// empty; empty: nothing.
std::string TryPools(const std::vector<reconciler::Value>& specs, std::string_view api_version);

/// Leaves members out as long as the rest is still wrong in some way.
reconciler::Value Shrink(const reconciler::Value& spec, std::string_view api_version);

}  // namespace drift
