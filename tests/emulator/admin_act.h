// The admin call that does something to a pool.
#pragma once

#include "tests/emulator/admin.h"

namespace emulator {

/// POST /_emulator/act. deploy/emulator.md lists what can be done.
Response AnswerAct(const Request& request, const AdminDoors& doors);

}  // namespace emulator
