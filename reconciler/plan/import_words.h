// Names, spellings and reasons of an import.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"

namespace reconciler::plan {

/// Why a cloudServiceConfiguration has no place in a spec.
inline constexpr std::string_view kCloudServices =
    "retired by the service; the pool has to be made anew, with a virtualMachineConfiguration of "
    "imageReference and nodeAgentSKUId";

/// "render-linux-alice-password": pool, item and the member at the end of the path, in letters,
/// digits and hyphens; a number follows where `taken` has it already. Adds it to `taken`.
std::string SecretNameFor(std::string_view pool, std::string_view path, std::string_view item,
                          std::set<std::string>& taken);
/// Whether a text, at any depth, has the mark in it.
bool HoldsMark(const Value& value, char mark);
/// A SAS, or a key within a connection string.
bool HoldsKey(std::string_view text);
/// Whether a text that may be written plainly should not be: a URL that carries a signature, a
/// value whose `name` says so.
bool LooksSecret(const PropertyNode& row, const Value& value, std::string_view name);
/// Whether the value has a member, at any depth, that the service takes and never tells.
bool TellsKey(const PropertyNode& row, const Value& value);
/// Numbers, texts and booleans as the member takes them, enums as the table has them, anything else
/// as it is.
Value SpellScalar(const PropertyNode& row, const Value& value);
bool SameDuration(const Value& left, const Value& right);
/// Why a member of a live pool has no place in a spec.
std::string WhyNotInSpec(std::string_view parent, std::string_view name);

}  // namespace reconciler::plan
