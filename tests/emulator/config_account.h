// The accounts of the configuration, and the images that they have.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/config_reader.h"
#include "tests/emulator/service_config.h"

namespace emulator {

Reader AccountsReader(std::vector<AccountConfig>& accounts);
Reader ImagesReader(std::vector<ImageConfig>& images);

/// What is wrong with the name of an account, or nothing.
std::optional<std::string> AccountNameProblem(std::string_view name);
/// What is wrong with a key of an account; its text is not repeated.
std::optional<std::string> KeyProblem(std::string_view key);

}  // namespace emulator
