// Answers to mistakes that people make who know the service or other tools.
#pragma once

#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

/// What to say about a key that the table does not have at `path`; empty: nothing special.
std::string ExplainKnownSlip(std::string_view path, std::string_view key);
/// What to write in the other api-versions in place of a member that has bounds: "; write
/// managedDisk.storageAccountType". `path`: of its row. Empty: nothing takes its place.
std::string_view InOtherVersions(std::string_view path);
/// What to say about a value that the table does not allow; empty: nothing special.
std::string ExplainKnownValue(std::string_view path, const Node& value);
/// The member of `parent` into which `key` belongs, if one has a member of that name.
std::string FindHome(const PropertyNode& parent, std::string_view key);
/// True if another finding says what to write in place of a member that is there instead.
bool IsMissedOtherwise(const Node& object, std::string_view path, std::string_view missing);
/// The first clause of the row's description.
std::string DescribeMissing(const PropertyNode& row);

}  // namespace reconciler::spec
