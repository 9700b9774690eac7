// YAML as JSON: what stands in quotes is a text, the rest what YAML 1.2 makes of it.
#pragma once

#include <yaml-cpp/yaml.h>

#include "tests/emulator/json.h"

namespace emulator {

/// Throws a Problem where it is nested too deeply.
Json JsonOf(const YAML::Node& node);

}  // namespace emulator
