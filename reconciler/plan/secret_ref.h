// {secretRef: name}, the one form in which a secret stands in a spec.
#pragma once

#include <algorithm>
#include <string>

#include "reconciler/core/value.h"

namespace reconciler::plan {

/// What stands in the place of a value that must not be shown.
inline constexpr const char* kSensitiveText = "(sensitive)";

/// The name of the secret; nullptr if the value is anything else.
inline const std::string* SecretName(const Value& value) {
  if (!value.IsObject() || value.AsObject().size() != 1) return nullptr;
  const Member& member = value.AsObject().front();
  return member.name == "secretRef" && member.value.IsString() ? &member.value.AsString() : nullptr;
}
inline bool IsSecretRef(const Value& value) { return SecretName(value) != nullptr; }

}  // namespace reconciler::plan
