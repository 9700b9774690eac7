// poolkeeper events
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "daemon/commands/command.h"
#include "daemon/event_page.h"
#include "daemon/exit_code.h"
#include "reconciler/core/json.h"

namespace reconciler::daemon {
namespace {

struct EventsOptions {
  std::string word;
  std::string format = "text";
};

int RunEvents(CommandContext& context, const EventsOptions& options) {
  std::vector<PageEntry> entries;
  if (!options.word.empty()) {
    entries = FindEntries(options.word);
    if (entries.empty()) {
      PrintError(context.console, "no event, reason or cause is called '" + options.word + "'");
      PrintHint(context.console, "`poolkeeper events` lists them all");
      return kExitUsage;
    }
  } else {
    entries = EventEntries();
    for (const PageEntry& entry : ReasonEntries()) entries.push_back(entry);
    for (const PageEntry& entry : CauseEntries()) entries.push_back(entry);
  }
  if (options.format == "markdown") {
    context.console.out << EventsMarkdown();
  } else if (options.format == "json") {
    context.console.out << WritePrettyJson(EntriesToJson(entries));
  } else {
    context.console.out << RenderEntries(entries, context.console.out_screen);
  }
  return kExitDone;
}

}  // namespace

void AddEventsCommand(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<EventsOptions>();
  CLI::App* verb = app.add_subcommand(
      "events", "Explain the events of the log and the reasons: what they mean, what to do");
  verb->add_option(
          "WORD", options->word,
          "Name of an event, a reason or a cause, or a part of a log message; without it, all")
      ->type_name("");
  AddFormat(*verb, options->format, {"text", "json", "markdown"});
  verb->footer(
      "Markdown is always the whole page.\nExample:\n  poolkeeper events ImageAmbiguous\n  "
      "poolkeeper events parked");
  verb->callback([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunEvents(context, *options); };
  });
}

}  // namespace reconciler::daemon
