// An example of each member, made from its row.
#pragma once

#include "daemon/property_place.h"
#include "reconciler/core/value.h"

namespace reconciler::daemon {

/// The first of the row's own examples, or one of what is legal: a list has one item, an object
/// what it requires.
Value ExampleOf(const PropertyNode& row);
/// The example within the objects around it, each with what it requires beside, so that it can be
/// pasted: {spec: {startTask: {commandLine: ..., resourceFiles: [...]}}}. `place` is of the
/// document of that kind; the spec itself is not filled.
Value ExampleInContext(std::string_view kind, const PropertyPlace& place);
/// That as YAML, narrow enough to be indented on a screen of 80 columns.
std::string ExampleYaml(std::string_view kind, const PropertyPlace& place);

}  // namespace reconciler::daemon
