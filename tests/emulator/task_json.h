// Tasks as GET and lists show them.
#pragma once

#include <string>

#include "tests/emulator/job.h"
#include "tests/emulator/list_options.h"

namespace emulator {

/// The table of data/task_members.txt.
const Member& TaskMember();

std::string TaskUrl(const Context& context, const Job& job, const Task& task);

/// The selected members without braces.
void AppendTask(std::string& out, const Context& context, const Job& job, const Task& task,
                const Selection& names);
/// `{"startTime":...}`.
void AppendExecution(std::string& out, const Execution& execution);

}  // namespace emulator
