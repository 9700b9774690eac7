#include "reconciler/core/pool.h"

#include <algorithm>
#include <tuple>

#include "reconciler/core/text.h"
#include "reconciler/core/utf8.h"

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

namespace {

/// The part of the line around character number `at`, and a caret under it. `is_cut`: there is more
/// of the line before it.
std::string Quote(std::string_view line, std::size_t at, bool is_cut) {
  constexpr std::size_t kShown = 160;
  constexpr std::string_view kCut = "...";
  constexpr std::string_view kIndent = "    ";
  std::string shown(kIndent);
  std::string under(kIndent);
  const auto pad = [&](int columns) { under.append(static_cast<std::size_t>(columns), ' '); };
  if (at > kShown / 2 && (is_cut || CountCharacters(line) > kShown)) {
    line.remove_prefix(OffsetOfCharacter(line, at - kShown / 2));
    at = kShown / 2;
    shown += kCut;
    under.append(kCut.size(), ' ');
  }
  for (std::size_t i = 0; !line.empty() && i < kShown; ++i) {
    const Utf8Char character = DecodeUtf8(line);
    const std::string piece = VisibleCharacter(line, character);
    const bool as_is = character.bytes > 1 && piece.size() == character.bytes && piece[0] != '\\';
    if (i < at) pad(as_is ? ColumnsOf(character.code) : static_cast<int>(piece.size()));
    shown += piece;
    line.remove_prefix(std::max<std::size_t>(character.bytes, 1));
    if (line.empty() && i + 1 < at) pad(static_cast<int>(at - i - 1));
  }
  if (!line.empty()) shown += kCut;
  return shown + "\n" + under + "^";
}

}  // namespace

std::string FormatFinding(const Finding& finding) {
  std::string text = FormatPosition(finding.position);
  if (!text.empty()) text += ": ";
  if (finding.level == Finding::Level::kWarning) text += "warning: ";
  text += finding.message;
  if (finding.pools_hit > 1) text += " (reaches " + std::to_string(finding.pools_hit) + " pools)";
  const int at = finding.position.column - 1 - finding.line_text_from;
  if (finding.line_text.empty() || at < 0) return text;
  return text + "\n" +
         Quote(finding.line_text, static_cast<std::size_t>(at), finding.line_text_from > 0);
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
