// Small text helpers that several rooms need.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reconciler {

/// ASCII only, independent of the locale: the service's ids and enums are ASCII.
std::string FoldCase(std::string_view text);
bool EqualFolded(std::string_view left, std::string_view right);

/// Percent-encodes every byte outside [A-Za-z0-9_.~-].
std::string PercentEncode(std::string_view text);
/// Decodes %XX; nullopt on a broken escape.
std::optional<std::string> PercentDecode(std::string_view text);

/// Edits (insert, delete, replace, swap of neighbours) from one word to the other.
std::size_t EditDistance(std::string_view left, std::string_view right);
/// The candidate nearest to `name` (case ignored) if it is near enough to be a slip of the hand:
/// at most a third of the letters differ. Empty if none is.
std::string NearestName(std::string_view name, std::span<const std::string_view> candidates);

/// Natural order: runs of digits compare as numbers, the rest without case. Negative, zero,
/// positive.
int CompareNatural(std::string_view left, std::string_view right);

std::vector<std::string_view> SplitText(std::string_view text, char separator);

}  // namespace reconciler
