// Canonical forms of single values, shared by the canonical tree and the walk over both sides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"

namespace reconciler::plan {

/// nullptr for what means the same as absent: null, an empty list (unless the table says that it is
/// a value), an object without any member that is compared.
const Value* Present(const PropertyNode& node, const Value* value);

/// The integer of an integer row: the service has been seen to accept and return numbers as text.
std::optional<std::int64_t> IntegerOf(const Value& value);

/// Text without line-end style and white space at its end.
std::string CanonicalText(std::string_view text);
std::string_view WithoutQuery(std::string_view url);

/// A free-form member: the tree that its text holds, where the service shows it as text.
Value JsonTree(const Value& value);

/// Canonical form of anything but lists and objects.
Value CanonicalScalar(const PropertyNode& node, const Value& value);
/// Equality of the canonical forms, without making them where that can be avoided.
bool ScalarsEqual(const PropertyNode& node, const Value& left, const Value& right);

/// What identifies an item of a list that is matched by key.
std::string KeyOf(const PropertyNode& list, const Value& item, std::string_view api_version);

/// The alternative that the object has chosen; nullptr: none, or there is no choice.
const PropertyAlternative* ChosenAlternative(const PropertyNode& node, const Value& object);
/// True if the chosen alternative has no such member: its absence is final, it has no default.
bool Excludes(const PropertyAlternative* chosen, std::string_view member);

}  // namespace reconciler::plan
