// How much a spec tree may hold. Far above real trees, far below what hurts.
#pragma once

#include <cstddef>

namespace reconciler::spec {

inline constexpr std::size_t kFileBytesMax = 1u << 20;
inline constexpr std::size_t kDocumentBytesMax = 256u << 10;
inline constexpr std::size_t kDocumentNodesMax = 20'000;
inline constexpr std::size_t kDepthMax = 32;  // nested lists and mappings
inline constexpr std::size_t kTreeFilesMax = 100'000;
inline constexpr std::size_t kTreeBytesMax = 512u << 20;

}  // namespace reconciler::spec
