// The page of all log events and reasons, with what each means and what to do about it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/terminal.h"
#include "reconciler/core/value.h"

namespace reconciler::daemon {

/// What one entry of the page says.
struct PageEntry {
  std::string_view name;     // "difference_found", "NotOwned"
  std::string_view message;  // of an event: the constant text of its lines; of others: empty
  std::string_view levels;   // of an event
  std::string_view meaning;
  std::string_view remedy;  // never empty: "nothing" where nothing is to be done
  std::string_view kind;    // "event", "reason", "cause", "condition", "error"
};
std::vector<PageEntry> EventEntries();
std::vector<PageEntry> ReasonEntries();
/// The whole page, in its order.
std::vector<PageEntry> AllEntries();

/// Those whose name or message is `word`; where none is, those that hold it there; where none does,
/// those whose meaning holds it. Without case.
std::vector<PageEntry> FindEntries(std::string_view word);

/// The page for a terminal, broken at its width.
std::string RenderEntries(const std::vector<PageEntry>& entries, const Screen& screen);
/// The page that is committed as deploy/events.md.
std::string EventsMarkdown();
/// Held by schemas/events.output.schema.json; each kind stands apart.
Value EntriesToJson(const std::vector<PageEntry>& entries);

}  // namespace reconciler::daemon
