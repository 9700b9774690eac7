// What is wrong with a YAML text before anybody asks what it says.
#pragma once

#include <optional>
#include <string>

#include "tests/emulator/config_file.h"

namespace emulator {

/// Text that is not YAML, a key that stands twice in one mapping, a second document. The library
/// that reads such texts takes the first of two keys and of two documents without a word.
std::optional<ConfigError> DocumentProblem(const std::string& text, const std::string& file_name);

}  // namespace emulator
