// What the name of a VM size tells: `standard_d2s_v3`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace emulator {

/// Cores of a VM size (`standard_d2s_v3`: 2); 1 when the name does not tell.
std::int64_t CoresOf(std::string_view vm_size);

/// The family whose quota a size counts against, in lower case: `standarddsv3family` for
/// `standard_d2s_v3`, as Resource Manager names it (standardDSv3Family).
std::string FamilyOf(std::string_view vm_size);

}  // namespace emulator
