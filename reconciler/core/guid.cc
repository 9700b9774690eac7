#include "reconciler/core/guid.h"

#include <fmt/format.h>

namespace reconciler {

std::string NewGuid(Random& random) {
  const std::uint64_t high = (random.Next() & 0xffff'ffff'ffff'0fffU) | 0x4000U;
  const std::uint64_t low = (random.Next() & 0x3fff'ffff'ffff'ffffU) | 0x8000'0000'0000'0000U;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xffffU,
                     high & 0xffffU, low >> 48U, low & 0xffff'ffff'ffffU);
}

}  // namespace reconciler
