#include "daemon/event_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reconciler/core/event.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

constexpr std::string_view kNothing = "nothing";
constexpr int kWidthMin = 30;

constexpr std::string_view kIntroduction =
    R"(# Events

Made from the code by `poolkeeper events --format markdown`; a test fails where it is stale.

A line of the log is `key=value` pairs, or one JSON object with `--log-format json`. `msg` is constant: search and alert by it. What
varies has keys of its own, always in this order, empty ones left out:

| key | is |
|---|---|
| `ts`, `level` | time (not in the journal, which has its own) and severity: debug, info, warning, error |
| `msg` | which event it is, see below |
| `cycle` | 8 hex digits, the same on each line of one pass over one account |
| `account`, `pool`, `property` | what it is about |
| `action` | the call: create, adopt, patch, resize, ... |
| `reason`, `cause` | one of the reasons below; who moved, see causes |
| `request_id` | of the call, for the support of the service |
| `revision` | of the specs that were decided from |
| `live`, `desired`, `spec`, `code`, `error`, ... | of the event; values as JSON, secrets as `(sensitive)` |
| `detail` | the rest, for people |

What lasts is said when it appears, when it changes, and every hour; its end is one line of level info.
)";

struct CauseText {
  Cause cause;
  std::string_view meaning, remedy;
};
constexpr CauseText kCauses[] = {
    {Cause::kSpecChanged, "the spec says something else than what was written last", kNothing},
    {Cause::kPoolChanged, "somebody changed the live pool after it was seen to agree with its spec",
     "find out who did, in the activity log of the account; what they wanted belongs into the "
     "spec"},
    {Cause::kBoth, "the spec changed, and somebody changed the live pool as well",
     "see `poolkeeper diff`; the spec wins"},
    {Cause::kUnknown, "they have differed since before this process started, so nobody can tell",
     "see `poolkeeper diff`"},
    {Cause::kAdopted, "they have differed since the pool was taken over", kNothing},
};

bool IsCause(std::string_view name) {
  return std::any_of(std::begin(kCauses), std::end(kCauses),
                     [&](const CauseText& text) { return CauseName(text.cause) == name; });
}

bool Contains(std::string_view text, std::string_view part) {
  return FoldCase(text).find(FoldCase(part)) != std::string::npos;
}

/// "  meaning  " and the text, broken at the width; further lines stand below the first.
std::string Field(std::string_view name, std::string_view text, int width) {
  constexpr int kIndent = 11;
  std::string lines;
  for (const std::string& line : WrapToWidth(text, width == 0 ? 0 : width - kIndent)) {
    lines += fmt::format("  {:<9}{}\n", lines.empty() ? name : "", line);
  }
  return lines;
}

/// A bar would end the cell.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

}  // namespace

std::vector<PageEntry> EventEntries() {
  std::vector<PageEntry> entries;
  for (const EventText& text : AllEvents()) {
    entries.push_back({text.name, text.message, text.levels, text.meaning, text.remedy});
  }
  return entries;
}

std::vector<PageEntry> ReasonEntries() {
  std::vector<PageEntry> entries;
  for (const ReasonText& text : AllReasons()) {
    if (text.reason == Reason::kNone) continue;
    entries.push_back(
        {text.name, "", "", text.meaning, text.remedy.empty() ? kNothing : text.remedy});
  }
  return entries;
}

std::vector<PageEntry> CauseEntries() {
  std::vector<PageEntry> entries;
  for (const CauseText& text : kCauses) {
    entries.push_back({CauseName(text.cause), "", "", text.meaning, text.remedy});
  }
  return entries;
}

std::vector<PageEntry> FindEntries(std::string_view word) {
  std::vector<PageEntry> found;
  for (const auto& entries : {EventEntries(), ReasonEntries(), CauseEntries()}) {
    for (const PageEntry& entry : entries) {
      if (EqualFolded(entry.name, word)) return {entry};
      if (!entry.message.empty() && Contains(entry.message, word)) found.push_back(entry);
    }
  }
  return found;
}

std::string RenderEntries(const std::vector<PageEntry>& entries, const Screen& screen) {
  const int width = screen.width == 0 ? 0 : std::max(screen.width, kWidthMin);
  std::string text;
  for (const PageEntry& entry : entries) {
    if (!text.empty()) text += '\n';
    const std::string_view title = entry.message.empty() ? entry.name : entry.message;
    text += Paint(screen, Color::kBold, title) + "\n";
    if (!entry.message.empty()) text += Field("event", entry.name, 0);
    if (!entry.levels.empty()) text += Field("level", entry.levels, 0);
    text += Field("meaning", entry.meaning, width);
    text += Field("remedy", entry.remedy, width);
  }
  return text;
}

std::string EventsMarkdown() {
  std::string text(kIntroduction);
  text += "\n## Events\n\n| `msg` | level | meaning | what to do |\n|---|---|---|---|\n";
  for (const PageEntry& entry : EventEntries()) {
    text += fmt::format("| {} | {} | {} | {} |\n", Cell(entry.message), entry.levels,
                        Cell(entry.meaning), Cell(entry.remedy));
  }
  text += "\n## Reasons\n\n| `reason` | meaning | what to do |\n|---|---|---|\n";
  for (const PageEntry& entry : ReasonEntries()) {
    text += fmt::format("| {} | {} | {} |\n", entry.name, Cell(entry.meaning), Cell(entry.remedy));
  }
  text += "\n## Causes\n\n| `cause` | meaning | what to do |\n|---|---|---|\n";
  for (const PageEntry& entry : CauseEntries()) {
    text += fmt::format("| {} | {} | {} |\n", entry.name, Cell(entry.meaning), Cell(entry.remedy));
  }
  return text;
}

Value EntriesToJson(const std::vector<PageEntry>& entries) {
  Array causes;
  Array events;
  Array reasons;
  for (const PageEntry& entry : entries) {
    Object item = {{"meaning", entry.meaning}, {"name", entry.name}, {"remedy", entry.remedy}};
    if (entry.message.empty()) {
      (IsCause(entry.name) ? causes : reasons).push_back(std::move(item));
      continue;
    }
    Array levels;
    for (std::string_view level : SplitText(entry.levels, ',')) {
      levels.push_back(level.substr(level.find_first_not_of(' ')));
    }
    item.push_back({"levels", std::move(levels)});
    item.push_back({"message", entry.message});
    events.push_back(std::move(item));
  }
  return Object{{"causes", std::move(causes)},
                {"events", std::move(events)},
                {"formatVersion", "1"},
                {"reasons", std::move(reasons)}};
}

}  // namespace reconciler::daemon
