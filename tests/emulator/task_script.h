// What a task would do if somebody ran it.
#pragma once

#include <chrono>
#include <cstdint>

#include "tests/emulator/json.h"
#include "tests/emulator/time_text.h"

namespace emulator {

struct TaskScript {
  Duration run_time{};
  std::int64_t exit_code = 0;
};

/// Reads the environment settings EMULATOR_RUN_TIME (`30s`, `1.5m`, `PT30S`) and
/// EMULATOR_EXIT_CODE, else `sleep 30` and `exit 3` of the command line; what tells nothing takes
/// `otherwise` and ends with 0.
TaskScript ScriptOf(const Json& task, Duration otherwise);

}  // namespace emulator
