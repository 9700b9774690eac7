#include "daemon/event_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/event_words.h"
#include "daemon/markdown.h"
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
| `error` | what kind of error it is, see errors |
| `live`, `desired`, `spec`, `code`, ... | of the event; values as JSON, long ones cut around what differs, secrets as `(sensitive)`; what is absent as `(none)`, what goes away as `(removed)`, or with the default that takes its place: `true (default)` |
| `detail` | the rest, for people |

What lasts is said when it appears, when it changes, and every hour; its end is one line of level info.
)";

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

/// A table of entries that have no message.
void AddSection(std::string& page, std::string_view title, std::string_view name,
                const std::vector<PageEntry>& entries) {
  page += fmt::format("\n## {}\n\n| `{}` | meaning | what to do |\n|---|---|---|\n", title, name);
  for (const PageEntry& entry : entries) {
    page += fmt::format("| {} | {} | {} |\n", entry.name, MarkdownCell(entry.meaning),
                        MarkdownCell(entry.remedy));
  }
}

}  // namespace

std::vector<PageEntry> EventEntries() {
  std::vector<PageEntry> entries;
  for (const EventText& text : AllEvents()) {
    entries.push_back({text.name, text.message, text.levels, text.meaning, text.remedy, "event"});
  }
  return entries;
}

std::vector<PageEntry> ReasonEntries() {
  std::vector<PageEntry> entries;
  for (const ReasonText& text : AllReasons()) {
    if (text.reason == Reason::kNone) continue;
    entries.push_back(
        {text.name, "", "", text.meaning, text.remedy.empty() ? kNothing : text.remedy, "reason"});
  }
  return entries;
}

std::vector<PageEntry> AllEntries() {
  std::vector<PageEntry> all;
  for (const auto& entries :
       {EventEntries(), ReasonEntries(), CauseEntries(), ConditionEntries(), ErrorEntries()}) {
    all.insert(all.end(), entries.begin(), entries.end());
  }
  return all;
}

std::vector<PageEntry> FindEntries(std::string_view word) {
  std::vector<PageEntry> exact;
  std::vector<PageEntry> named;
  std::vector<PageEntry> explained;
  for (const PageEntry& entry : AllEntries()) {
    if (EqualFolded(entry.name, word) || EqualFolded(entry.message, word)) exact.push_back(entry);
    if (Contains(entry.name, word) || Contains(entry.message, word)) named.push_back(entry);
    if (Contains(entry.meaning, word)) explained.push_back(entry);
  }
  if (!exact.empty()) return exact;
  return named.empty() ? explained : named;
}

std::string RenderEntries(const std::vector<PageEntry>& entries, const Screen& screen) {
  const int width = screen.width == 0 ? 0 : std::max(screen.width, kWidthMin);
  std::string text;
  for (const PageEntry& entry : entries) {
    if (!text.empty()) text += '\n';
    const std::string_view title = entry.message.empty() ? entry.name : entry.message;
    text += Paint(screen, Color::kBold, title) + "\n";
    text += entry.message.empty() ? Field("is", entry.kind, 0) : Field("event", entry.name, 0);
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
    text += fmt::format("| {} | {} | {} | {} |\n", MarkdownCell(entry.message), entry.levels,
                        MarkdownCell(entry.meaning), MarkdownCell(entry.remedy));
  }
  AddSection(text, "Reasons", "reason", ReasonEntries());
  AddSection(text, "Causes", "cause", CauseEntries());
  AddSection(text, "Conditions", "condition", ConditionEntries());
  AddSection(text, "Errors", "error", ErrorEntries());
  return text;
}

Value EntriesToJson(const std::vector<PageEntry>& entries) {
  std::map<std::string_view, Array> kinds;
  for (const PageEntry& entry : entries) {
    Object item = {{"meaning", entry.meaning}, {"name", entry.name}, {"remedy", entry.remedy}};
    if (!entry.message.empty()) {
      Array levels;
      for (std::string_view level : SplitText(entry.levels, ',')) {
        levels.push_back(level.substr(level.find_first_not_of(' ')));
      }
      item.push_back({"levels", std::move(levels)});
      item.push_back({"message", entry.message});
    }
    kinds[entry.kind].push_back(std::move(item));
  }
  return Object{{"causes", std::move(kinds["cause"])},
                {"conditions", std::move(kinds["condition"])},
                {"errors", std::move(kinds["error"])},
                {"events", std::move(kinds["event"])},
                {"formatVersion", "1"},
                {"reasons", std::move(kinds["reason"])}};
}

}  // namespace reconciler::daemon
