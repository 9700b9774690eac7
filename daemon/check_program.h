// The lines of `check` that hold for the whole program.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/check.h"
#include "daemon/config.h"
#include "daemon/service_reach.h"
#include "daemon/state_look.h"
#include "reconciler/core/pool.h"

namespace reconciler::daemon {

struct SpecsLook {
  std::string root{};
  std::shared_ptr<const SpecSnapshot> snapshot{};  // null: `problem` says why
  std::string problem{};
  std::string last_good_problem{};  // of spec::SpecLoader
  std::optional<ServiceTrouble> service{};
};

struct SecretLook {
  std::string name{};     // "secretDigestKey", "secrets.registry"
  std::string problem{};  // empty: it can be read
  SecretLocation location{};
  std::optional<ServiceTrouble> service{};
};

/// Of a daemon that keeps these pools.
struct DaemonLook {
  std::string places{};   // where it was looked for
  std::string refusal{};  // of a socket that is there and does not answer as it should
  std::string refusal_fix{};
  std::int64_t pid = 0;  // 0: none answers
  std::string version{};
  std::chrono::seconds up{};
};

struct ProgramLook {
  std::string config_file{};
  std::vector<Finding> findings{};        // of the configuration
  std::optional<std::size_t> accounts{};  // none: it cannot be used, nor was the rest looked at
  StateLook state{};
  std::optional<ServiceTrouble> state_service{};
  std::optional<ServiceTrouble> config_service{};
  SpecsLook specs{};
  std::vector<SecretLook> secrets{};
  DaemonLook daemon{};
};

/// Configuration, state folder, freeze, spec tree, secrets where there are any, and the daemon.
std::vector<CheckLine> LinesOf(const ProgramLook& look);

/// "512 bytes", "63.9 MiB", "1.2 GiB"
std::string HumanBytes(std::uint64_t bytes);

}  // namespace reconciler::daemon
