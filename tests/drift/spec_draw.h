// Specs that the service takes, drawn by the property table.
#pragma once

#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/random.h"
#include "reconciler/core/value.h"

namespace drift {

/// The `spec` of a pool: any members of `api_version` in any spelling that is legal, absent, null,
/// empty and default ones among them; valid in itself, rules between members included.
/// {"secretRef": "text"} and {"secretRef": "json"} stand where secrets go.
reconciler::Value DrawSpec(reconciler::SeededRandom& random, std::string_view api_version);

/// A value of one member, legal by itself; rules between members are not kept.
reconciler::Value DrawMember(reconciler::SeededRandom& random, std::string_view api_version,
                             const reconciler::PropertyNode& row);

}  // namespace drift
