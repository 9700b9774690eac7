// The versions of the Batch REST API that are spoken.
#pragma once

#include <array>
#include <string_view>

namespace emulator {

/// Older ones exist; their members are not in the table.
inline constexpr std::array<std::string_view, 6> kApiVersions{"2022-10-01.16.0", "2023-05-01.17.0",
                                                              "2023-11-01.18.0", "2024-02-01.19.0",
                                                              "2024-07-01.20.0", "2025-06-01"};

}  // namespace emulator
