// The configuration file of the program (YAML).
#pragma once

#include <string>
#include <variant>

#include "tests/emulator/service_config.h"

namespace emulator {

struct ConfigError {
  /// `emulator.yaml:3:5: ...`
  std::string message;
};

/// Reads the text of a configuration over `base`; unknown keys are errors. deploy/emulator.md lists
/// the keys.
std::variant<ServiceConfig, ConfigError> ReadConfig(const std::string& text,
                                                    const std::string& file_name,
                                                    ServiceConfig base);

/// `250ms`, `2s`, `1.5s`, `1m`, `1h`; nothing when malformed.
std::optional<std::chrono::milliseconds> ParseShortDuration(std::string_view text);

}  // namespace emulator
