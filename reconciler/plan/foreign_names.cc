#include "reconciler/plan/foreign_names.h"

#include <cstdio>

#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"

namespace reconciler::plan {
namespace {

const PropertyNode* FindFolded(const PropertyNode& row, std::string_view name) {
  for (const PropertyNode& member : row.members) {
    if (EqualFolded(member.name, name)) return &member;
  }
  return nullptr;
}

}  // namespace

std::string IsoDurationOf(std::string_view text) {
  const std::string copy(text);
  int days = 0, hours = 0, minutes = 0, seconds = 0, used = 0;
  const bool with_days = std::sscanf(copy.c_str(), "%d day%*[s,] %d:%d:%d%n", &days, &hours,
                                     &minutes, &seconds, &used) == 4;
  if (!with_days) {
    days = 0;
    const int read = std::sscanf(copy.c_str(), "%d:%d:%d%n", &hours, &minutes, &seconds, &used);
    if (read != 3) return copy;
  }
  if (static_cast<std::size_t>(used) != copy.size()) return copy;
  if (days < 0 || hours < 0 || minutes < 0 || seconds < 0 || days > 100'000) return copy;
  const auto whole = std::chrono::hours(24 * days) + std::chrono::hours(hours) +
                     std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
  return FormatIsoDuration(whole);
}

Value WithTableNames(const PropertyNode& row, const Value& value) {
  if (value.IsArray() && row.item != nullptr) {
    Array items;
    for (const Value& item : value.AsArray()) items.push_back(WithTableNames(*row.item, item));
    return items;
  }
  if (value.IsString() && (row.compare == Compare::kDuration || !row.range_min.empty())) {
    return IsoDurationOf(value.AsString());
  }
  if (!value.IsObject() || row.compare == Compare::kJson || row.open) return value;
  Value named = Object{};
  for (const Member& member : value.AsObject()) {
    if (member.value.IsNull()) continue;
    const PropertyNode* below = FindFolded(row, member.name);
    // Of two spellings the right one is it, else the first; the other is told as unknown.
    const bool is_second = below != nullptr && member.name != below->name &&
                           (value.Find(below->name) != nullptr || named.Find(below->name));
    if (below == nullptr || is_second) {
      named.Set(member.name, member.value);
    } else {
      named.Set(below->name, WithTableNames(*below, member.value));
    }
  }
  return named;
}

}  // namespace reconciler::plan
