#include "tests/emulator/vm_size.h"

#include <algorithm>

#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

constexpr std::string_view kDigits = "0123456789";

bool IsDigit(char c) { return kDigits.find(c) != std::string_view::npos; }

}  // namespace

std::int64_t CoresOf(std::string_view vm_size) {
  const auto underscore = vm_size.find('_');
  if (underscore == std::string_view::npos) return 1;
  const auto first = vm_size.find_first_of(kDigits, underscore);
  if (first == std::string_view::npos) return 1;
  std::int64_t cores = 0;
  for (auto i = first; i < vm_size.size() && IsDigit(vm_size[i]); ++i) {
    cores = std::min<std::int64_t>(cores * 10 + (vm_size[i] - '0'), 10'000);
  }
  return std::max<std::int64_t>(cores, 1);
}

std::string FamilyOf(std::string_view vm_size) {
  const auto parts = Split(vm_size, '_');
  std::string family(parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    // Of the size itself the letters count (`e4-2ds`: eds), of an accelerator or a version all.
    for (const char c : parts[i]) {
      if (i > 1 || !(IsDigit(c) || c == '-')) family += c;
    }
  }
  return Lower(family + "family");
}

}  // namespace emulator
