#include "reconciler/core/pool.h"

#include <algorithm>
#include <tuple>

#include "reconciler/core/text.h"

namespace reconciler {

std::string FormatPosition(const Position& position) {
  std::string text = position.file ? *position.file : std::string();
  if (position.line > 0) text += ":" + std::to_string(position.line);
  if (position.line > 0 && position.column > 0) text += ":" + std::to_string(position.column);
  return text;
}

const Position& PoolSpec::PositionOf(std::string_view path) const {
  while (!path.empty()) {
    if (const auto found = positions.find(path); found != positions.end()) return found->second;
    const std::size_t cut = path.find_last_of(".[");
    path = cut == std::string_view::npos ? std::string_view() : path.substr(0, cut);
  }
  return position;
}

std::string PoolKey(std::string_view account, std::string_view id) {
  return std::string(account) + "/" + FoldCase(id);
}

std::string_view AllocationStateName(AllocationState state) {
  switch (state) {
    case AllocationState::kSteady:
      return "steady";
    case AllocationState::kResizing:
      return "resizing";
    case AllocationState::kStopping:
      return "stopping";
    case AllocationState::kUnknown:
      return "unknown";
  }
  return "unknown";
}

std::vector<MetadataItem> ReadMetadata(const Value& pool_body) {
  std::vector<MetadataItem> items;
  const Value* list = pool_body.Find("metadata");
  if (list == nullptr || !list->IsArray()) return items;
  for (const Value& item : list->AsArray()) {
    const Value* name = item.Find("name");
    const Value* value = item.Find("value");
    if (name == nullptr || !name->IsString() || value == nullptr || !value->IsString()) continue;
    items.push_back({name->AsString(), value->AsString()});
  }
  return items;
}

Value WriteMetadata(const std::vector<MetadataItem>& items) {
  Array list;
  for (const MetadataItem& item : items) {
    list.push_back(Object{{"name", item.name}, {"value", item.value}});
  }
  return list;
}

int NodeCounts::Of(std::string_view state) const {
  const auto found = by_state.find(state);
  return found == by_state.end() ? 0 : found->second;
}

std::string FormatFinding(const Finding& finding) {
  std::string text = FormatPosition(finding.position);
  if (!text.empty()) text += ": ";
  if (finding.level == Finding::Level::kWarning) text += "warning: ";
  text += finding.message;
  if (finding.pools_hit > 1) text += " (reaches " + std::to_string(finding.pools_hit) + " pools)";
  if (finding.line_text.empty() || finding.position.column <= 0) return text;
  // The caret stands under the byte of that column; wide letters before it shift it, no more.
  return text + "\n    " + finding.line_text + "\n    " +
         std::string(static_cast<std::size_t>(finding.position.column - 1), ' ') + "^";
}

void SortFindings(std::vector<Finding>& findings) {
  const auto key = [](const Finding& finding) {
    return std::tuple(
        finding.position.file ? std::string_view(*finding.position.file) : std::string_view(),
        finding.position.line, finding.position.column, std::string_view(finding.message));
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

std::vector<const PoolSpec*> SpecSnapshot::OfAccount(std::string_view account) const {
  std::vector<const PoolSpec*> selected;
  for (const PoolSpec& pool : pools) {
    if (pool.account == account) selected.push_back(&pool);
  }
  return selected;
}

}  // namespace reconciler
