// What the name of a VM size tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace reconciler::spec {

/// Cores of "Standard_D4s_v5": the number behind the letters of the family, that of active cores
/// where both are named ("Standard_E8-2s_v5"). D and DS of the first two versions number their
/// sizes, each with twice the cores of the one before. Nothing for A and G without a version, which
/// number them otherwise, and for names of another form. Case does not matter.
std::optional<std::int64_t> CoresOfVmSize(std::string_view name);

}  // namespace reconciler::spec
