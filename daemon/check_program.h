// The lines of `check` that hold for the whole program.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/check.h"
#include "daemon/config.h"
#include "daemon/state_look.h"
#include "reconciler/core/pool.h"

namespace reconciler::daemon {

struct SpecsLook {
  std::string root{};
  std::shared_ptr<const SpecSnapshot> snapshot{};  // null: `problem` says why
  std::string problem{};
  std::string last_good_problem{};  // of spec::SpecLoader
};

struct SecretLook {
  std::string name{};     // "secretDigestKey", "secrets.registry"
  std::string problem{};  // empty: it can be read
  SecretLocation location{};
};

struct ProgramLook {
  std::string config_file{};
  std::vector<Finding> findings{};        // of the configuration
  std::optional<std::size_t> accounts{};  // none: it cannot be used, nor was the rest looked at
  StateLook state{};
  SpecsLook specs{};
  std::vector<SecretLook> secrets{};
};

/// Configuration, state folder, freeze, spec tree, and secrets where there are any.
std::vector<CheckLine> LinesOf(const ProgramLook& look);

/// "512 bytes", "63.9 MiB", "1.2 GiB"
std::string HumanBytes(std::uint64_t bytes);

}  // namespace reconciler::daemon
