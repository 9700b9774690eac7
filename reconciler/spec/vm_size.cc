#include "reconciler/spec/vm_size.h"

#include <charconv>
#include <string>

#include "reconciler/core/text.h"

namespace reconciler::spec {
namespace {

struct SizeName {
  std::string family;  // "ds"
  std::int64_t number = 0;
  std::optional<std::int64_t> active;
  bool has_version = false;
  bool is_second = false;  // version 2
};

std::optional<std::int64_t> TakeNumber(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || number < 1 || number > 10'000) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<SizeName> Split(std::string_view folded) {
  constexpr std::string_view kTier = "standard_";
  if (!folded.starts_with(kTier)) return std::nullopt;
  folded.remove_prefix(kTier.size());
  const std::size_t digits = folded.find_first_of("0123456789");
  if (digits == std::string_view::npos || digits == 0) return std::nullopt;
  SizeName name;
  name.family = folded.substr(0, digits);
  if (name.family.find('_') != std::string::npos) return std::nullopt;
  folded.remove_prefix(digits);
  const auto number = TakeNumber(folded);
  if (!number) return std::nullopt;
  name.number = *number;
  if (folded.starts_with('-')) {
    folded.remove_prefix(1);
    name.active = TakeNumber(folded);
    if (!name.active) return std::nullopt;
  }
  const std::size_t version = folded.find("_v");
  name.has_version = version != std::string_view::npos;
  const std::string_view behind = name.has_version ? folded.substr(version) : std::string_view();
  name.is_second = behind == "_v2" || behind.starts_with("_v2_");
  return name;
}

/// The D sizes 1 to 5 and 11 to 15 of the first two versions.
std::optional<std::int64_t> CoresOfOldD(std::int64_t number) {
  if (number == 15) return 20;
  const std::int64_t step = number > 10 ? number - 10 : number;
  if (step > 5) return std::nullopt;
  return std::int64_t{1} << (number > 10 ? step : step - 1);
}

/// The A sizes of the first version: A1 to A4, A5 to A7 with more memory, A8 to A11 for computing.
std::optional<std::int64_t> CoresOfOldA(std::int64_t number) {
  constexpr std::int64_t kCores[] = {1, 2, 4, 8, 2, 4, 8, 8, 16, 8, 16};
  if (number > 11) return std::nullopt;
  return kCores[number - 1];
}

}  // namespace

std::optional<std::int64_t> CoresOfVmSize(std::string_view name) {
  const std::optional<SizeName> size = Split(FoldCase(name));
  if (!size) return std::nullopt;
  if (size->active) return size->active;
  const bool is_d = size->family == "d" || size->family == "ds";
  if (is_d && (!size->has_version || size->is_second)) return CoresOfOldD(size->number);
  if (!size->has_version && size->family == "a") return CoresOfOldA(size->number);
  if (!size->has_version && (size->family == "g" || size->family == "gs")) {
    return size->number <= 5 ? std::optional(std::int64_t{1} << size->number) : std::nullopt;
  }
  return size->number;
}

}  // namespace reconciler::spec
