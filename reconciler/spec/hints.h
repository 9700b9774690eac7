// What to write instead of a value that a member cannot have.
#pragma once

#include <string>

#include "reconciler/core/property.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

/// "; write it as ..."; empty: nothing comes to mind.
std::string HintForShape(const Node& node, const PropertyNode& row);
/// The same for text that should be an ISO 8601 duration: of "5m" and "00:15:00".
std::string HintForDuration(const std::string& text);
/// Of a text that some other tool would have filled in.
std::string HintForTemplate(const std::string& text);

}  // namespace reconciler::spec
