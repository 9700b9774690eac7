// How it is said that the last good specs cannot be read.
#pragma once

#include <string>

namespace reconciler::daemon {

/// `problem`: that of spec::SpecLoader. The file is there and is not what poolkeeper writes, so
/// that only a person knows what to do with it.
bool IsDamagedLastGood(const std::string& problem);

/// "the last good state of the specs is unknown: /var/lib/poolkeeper/last-good.json: ..."; empty
/// for no problem.
std::string DescribeLastGoodProblem(const std::string& state_folder, const std::string& problem);

/// What a person does about it.
std::string LastGoodRemedy(const std::string& problem);

}  // namespace reconciler::daemon
