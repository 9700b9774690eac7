// poolkeeper events
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
  const auto entries = options.word.empty() ? AllEntries() : FindEntries(options.word);
  if (entries.empty()) {
    PrintError(context.console, "nothing that poolkeeper says is called '" + options.word + "'");
    PrintHint(context.console, "`poolkeeper events` lists all that it explains");
    return kExitUsage;
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

void AddEventsCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<EventsOptions>();
  Verb verb = app.AddVerb("events",
                          "Explain the words of the log and of status: what they mean, what to do");
  verb.AddOption(
          "WORD", options->word,
          "Name of an event, reason, cause, condition or error, a log message, or a part; without "
          "it, all")
      .Value("");
  AddFormat(verb, options->format, {"text", "json", "markdown"});
  verb.Footer(
      "Markdown is always the whole page.\nExample:\n  poolkeeper events ImageAmbiguous\n  "
      "poolkeeper events parked");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunEvents(context, *options); };
  });
}

}  // namespace reconciler::daemon
