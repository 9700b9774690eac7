// The one place where a secret meets a request body, and where the answer is kept from telling it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reconciler/core/ports.h"
#include "reconciler/core/property.h"
#include "reconciler/core/result.h"
#include "reconciler/core/value.h"

namespace reconciler::cycle {

/// A body as it is sent. Never log it.
struct FilledBody {
  std::string text;             // JSON; empty where the call has no body
  std::vector<Secret> secrets;  // that stand in it
};

/// `body` with each {"secretRef": name} replaced by the secret.
/// `spec`: the row of the body, so that a secret that is JSON takes its member's place as a tree.
/// Errors: kInvalidSpec, names the secret.
Result<FilledBody> FillBody(const Value& body, const PropertyNode& spec, SecretSource& secrets);

/// The error without what the service said, where that repeats eight characters of a secret that
/// was sent, or a whole one that is shorter: services quote the values that they refuse.
Error WithoutSecrets(Error error, std::span<const Secret> sent);

}  // namespace reconciler::cycle
