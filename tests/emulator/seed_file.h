// The file from which a service is seeded.
#pragma once

#include <string>
#include <variant>

#include "tests/emulator/config_file.h"
#include "tests/emulator/seed.h"

namespace emulator {

/// YAML, of which JSON is a part: `pools`, `jobs` and `jobSchedules` of the first account, or of
/// those under `accounts`. An answer of the service to GET /pools is a seed, too.
std::variant<Seed, ConfigError> ReadSeed(const std::string& text, const std::string& file_name);

}  // namespace emulator
