#include "reconciler/spec/hints.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"

namespace reconciler::spec {
namespace {

/// The names of some members, those that are needed first.
std::string SomeMembers(const PropertyNode& row) {
  constexpr std::size_t kShown = 4;
  std::vector<std::string> names = row.required;
  for (const PropertyNode& member : row.members) {
    if (std::find(names.begin(), names.end(), member.name) == names.end()) {
      names.push_back(member.name);
    }
  }
  const bool more = names.size() > kShown;
  names.resize(std::min(names.size(), kShown));
  return fmt::format("{}{}", fmt::join(names, ", "), more ? ", ..." : "");
}

bool IsPair(const PropertyNode& row) {
  return row.FindMember("name") != nullptr && row.FindMember("value") != nullptr;
}

/// Of "00:15:00".
std::optional<std::chrono::seconds> ReadClock(std::string_view text) {
  const std::vector<std::string_view> parts = SplitText(text, ':');
  if (parts.size() != 3) return std::nullopt;
  std::chrono::seconds::rep seconds = 0;
  for (const std::string_view part : parts) {
    int number = 0;
    const char* const end = part.data() + part.size();
    const auto [stop, failed] = std::from_chars(part.data(), end, number);
    if (failed != std::errc{} || stop != end || number < 0 || part.size() > 2) return std::nullopt;
    seconds = seconds * 60 + number;
  }
  return std::chrono::seconds(seconds);
}

}  // namespace

std::string HintForShape(const Node& node, const PropertyNode& row) {
  const bool is_scalar = !node.IsMap() && !node.IsList() && !node.IsNull();
  if (node.IsString()) {
    if (std::string hint = HintForTemplate(node.text); !hint.empty()) return hint;
  }
  if (row.type == ValueType::kObject && is_scalar && !row.members.empty()) {
    return fmt::format("; write its members: {}", SomeMembers(row));
  }
  if (row.type == ValueType::kList && node.IsMap() && row.item != nullptr && IsPair(*row.item)) {
    const std::string name = node.members.empty() ? "..." : node.members.front().name;
    return fmt::format("; write each as '- {{name: {}, value: ...}}'", name);
  }
  const bool wants_scalar = row.type == ValueType::kInteger || row.type == ValueType::kBoolean ||
                            row.type == ValueType::kString;
  if (wants_scalar && node.IsList() && node.items.size() == 1) return "; write it without brackets";
  return {};
}

std::string HintForDuration(const std::string& text) {
  auto seconds = ReadClock(text);
  if (!seconds) seconds = ParseShortDuration(text);
  if (seconds) return "; write " + FormatIsoDuration(*seconds);
  return {};
}

std::string HintForTemplate(const std::string& text) {
  for (const char* mark : {"${", "$(", "{{", "<%"}) {
    if (text.find(mark) != std::string::npos) return "; variables are not filled in here";
  }
  return {};
}

}  // namespace reconciler::spec
