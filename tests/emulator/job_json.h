// Jobs as GET and lists show them.
#pragma once

#include <string>

#include "tests/emulator/job.h"
#include "tests/emulator/list_options.h"

namespace emulator {

/// The table of data/job_members.txt.
const Member& JobMember();

std::string JobUrl(const Context& context, const Job& job);

/// The selected members without braces.
void AppendJob(std::string& out, const Context& context, const Job& job, const Selection& names);
/// The property of a job that a filter names.
FilterValue JobProperty(const Job& job, std::string_view name, Instant now);
const std::vector<FilterProperty>& JobFilterable();

}  // namespace emulator
