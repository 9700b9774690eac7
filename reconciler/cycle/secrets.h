// The one place where a secret meets a request body.
#pragma once

#include <string>

#include "reconciler/core/ports.h"
#include "reconciler/core/property.h"
#include "reconciler/core/result.h"
#include "reconciler/core/value.h"

namespace reconciler::cycle {

/// JSON text of `body` with each {"secretRef": name} replaced by the secret. Never log it.
/// `spec`: the row of the body, so that a secret that is JSON takes its member's place as a tree.
/// Errors: kInvalidSpec, names the secret.
Result<std::string> BodyText(const Value& body, const PropertyNode& spec, SecretSource& secrets);

}  // namespace reconciler::cycle
