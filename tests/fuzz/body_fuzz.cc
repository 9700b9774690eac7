// Bodies of the emulator's operations as hostile input. A line is one call: its first character
// picks the operation, the second one the api-version ('0' is the newest), the rest is the body. A
// minute passes after each.
#include <array>

#include "tests/emulator/http_text.h"
#include "tests/fuzz/emulator_world.h"

namespace {

struct Operation {
  const char *method, *path;  // '*': the node
};
/// The corpus counts on the order, from '0' on: new ones go to the end.
constexpr std::array<Operation, 45> kOperations{
    {{"POST", "/pools"},
     {"PATCH", "/pools/p"},
     {"POST", "/pools/p/updateproperties"},
     {"POST", "/pools/p/resize"},
     {"POST", "/pools/p/stopresize"},
     {"POST", "/pools/p/removenodes"},
     {"POST", "/pools/p/enableautoscale"},
     {"POST", "/pools/p/disableautoscale"},
     {"POST", "/pools/p/evaluateautoscale"},
     {"DELETE", "/pools/p"},
     {"POST", "/pools/auto/enableautoscale"},
     {"POST", "/pools/auto/evaluateautoscale"},
     {"POST", "/pools/auto/disableautoscale"},
     {"POST", "/pools/p/nodes/*/reboot"},
     {"POST", "/pools/p/nodes/*/reimage"},
     {"POST", "/pools/p/nodes/*/deallocate"},
     {"POST", "/pools/p/nodes/*/start"},
     {"POST", "/pools/p/nodes/*/disablescheduling"},
     {"POST", "/pools/p/nodes/*/enablescheduling"},
     {"POST", "/pools/p/nodes/*/uploadbatchservicelogs"},
     {"POST", "/pools/p/nodes/*/users"},
     {"PUT", "/pools/p/nodes/*/users/u"},
     {"DELETE", "/pools/p/nodes/*/users/u"},
     {"GET", "/pools/p/nodes/*/remoteloginsettings"},
     {"GET", "/pools/p/nodes/*/extensions"},
     {"POST", "/jobs"},
     {"PUT", "/jobs/j"},
     {"PATCH", "/jobs/j"},
     {"DELETE", "/jobs/j"},
     {"POST", "/jobs/j/disable"},
     {"POST", "/jobs/j/enable"},
     {"POST", "/jobs/j/terminate"},
     {"POST", "/jobs/j/addtaskcollection"},
     {"POST", "/jobs/j/tasks"},
     {"PUT", "/jobs/j/tasks/t"},
     {"DELETE", "/jobs/j/tasks/t"},
     {"POST", "/jobs/j/tasks/t/terminate"},
     {"POST", "/jobs/j/tasks/t/reactivate"},
     {"GET", "/jobs/j/taskcounts"},
     {"POST", "/jobschedules"},
     {"PUT", "/jobschedules/s"},
     {"PATCH", "/jobschedules/s"},
     {"DELETE", "/jobschedules/s"},
     {"POST", "/jobschedules/s/disable"},
     {"POST", "/jobschedules/s/enable"}}};
constexpr std::array<const char*, 4> kVersions{"2025-06-01", "2024-07-01.20.0", "2024-02-01.19.0",
                                               "2022-10-01.16.0"};
/// So that no input makes a world too large to look at.
constexpr std::size_t kCallsMax = 12;

template <class List>
const auto& Pick(const List& list, char c) {
  return list[static_cast<unsigned char>(c - '0') % list.size()];
}

void Run(fuzz::SmallWorld& world, std::string_view line) {
  const Operation& operation = Pick(kOperations, line[0]);
  std::string path = operation.path;
  if (const auto star = path.find('*'); star != std::string::npos) {
    path.replace(star, 1, world.node);
  }
  (void)world.RequireReadableCall(operation.method, path, std::string(line.substr(2)),
                                  Pick(kVersions, line[1]));
  world.Pass(std::chrono::minutes{1});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::SmallWorld world;
  std::size_t calls = 0;
  for (const std::string_view line : emulator::Split(fuzz::Bytes(data, size), '\n')) {
    if (line.size() < 2) continue;
    if (++calls > kCallsMax) break;
    Run(world, line);
  }
  world.LookAround(kVersions.front());
  world.Pass(std::chrono::hours{3});
  world.LookAround(kVersions.back());
  return 0;
}
