#include "daemon/utf8.h"

#include <cstdint>

namespace reconciler::daemon {

std::size_t Utf8Size(std::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
  if (size == 0 || text.size() < size || first > 0xF4) return 0;
  std::uint32_t letter = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return 0;
    letter = (letter << 6U) | (byte & 0x3FU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0xA0, 0x800, 0x10000};
  const bool surrogate = letter >= 0xD800 && letter <= 0xDFFF;
  return letter < kSmallest[size] || letter > 0x10FFFF || surrogate ? 0 : size;
}

}  // namespace reconciler::daemon
