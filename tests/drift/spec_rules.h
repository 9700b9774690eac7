// Makes a drawn spec keep the rules between members.
#pragma once

#include <string_view>

#include "reconciler/core/random.h"
#include "reconciler/core/value.h"

namespace drift {

/// `spec`: each member is valid in itself.
void KeepRules(reconciler::SeededRandom& random, std::string_view api_version,
               reconciler::Value& spec);

}  // namespace drift
