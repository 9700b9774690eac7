// Pools as GET and lists show them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/pool.h"

namespace emulator {

/// Which members to write, by their place in the member table; empty: all.
using MemberMask = std::vector<bool>;

MemberMask MaskOf(const std::vector<std::string>& names);

/// Appends the members, comma-separated, without braces. Settings are rendered once per pool and
/// api-version, so that a page of a list is mostly copying.
void AppendPoolMembers(std::string& out, const Pool& pool, std::string_view api_version,
                       std::string_view endpoint, const MemberMask& mask);

/// `resizeErrors`, `error`: `{"code":..,"message":..}` with an optional detail in `values`.
void AppendNamedError(std::string& out, const ResizeError& error, std::string_view detail);
/// The members without braces.
void AppendAutoScaleRun(std::string& out, const AutoScaleRun& run);

}  // namespace emulator
