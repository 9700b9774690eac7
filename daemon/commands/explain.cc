// poolkeeper explain
#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <string>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/property_json.h"
#include "daemon/property_markdown.h"
#include "daemon/property_text.h"
#include "reconciler/core/json.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kNamedSoMax = 5;

struct ExplainOptions {
  std::string path;
  std::string kind = "Pool";
  bool recursive = false;
  std::string format = "text";
};

/// The command line that answers about a path of the same kind of document.
std::string CommandFor(const std::string& kind, const std::string& path) {
  return fmt::format("poolkeeper explain{}{}{}", kind == "Pool" ? "" : " --kind " + kind,
                     path.empty() ? "" : " ", path);
}

void PrintWhereElse(const Console& console, const std::string& kind, const PropertyLookup& lookup) {
  const std::size_t shown = std::min(lookup.named_so.size(), kNamedSoMax);
  for (std::size_t i = 0; i < shown; ++i) {
    PrintHint(console, fmt::format("`{}`", CommandFor(kind, lookup.named_so[i])));
  }
  if (lookup.named_so.empty()) {
    PrintHint(console, fmt::format("`{}` lists what can be written there",
                                   CommandFor(kind, lookup.reached)));
  }
}

int RunExplain(CommandContext& context, const ExplainOptions& options) {
  std::ostream& out = context.console.out;
  if (options.format == "markdown") {
    out << PropertiesMarkdown();
    return kExitDone;
  }
  const bool defaults = options.kind == "PoolDefaults";
  const std::string kind = defaults ? "Pool" : options.kind;
  const PropertyLookup lookup = FindProperty(kind, options.path);
  if (lookup.found.empty()) {
    PrintError(context.console, lookup.problem);
    PrintWhereElse(context.console, options.kind, lookup);
    return kExitUsage;
  }
  if (options.format == "json") {
    out << WritePrettyJson(PropertiesToJson(kind, lookup.found, options.recursive));
    return kExitDone;
  }
  const Screen& screen = context.console.out_screen;
  for (const PropertyPlace& place : lookup.found) {
    if (&place != &lookup.found.front()) out << '\n';
    out << (options.recursive ? RenderPropertyTree(place, screen)
                              : RenderProperty(kind, place, screen));
  }
  if (defaults) {
    PrintHint(context.console,
              "PoolDefaults has the members of Pool; none is required, and there is no "
              "metadata.name");
  }
  return kExitDone;
}

}  // namespace

void AddExplainCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<ExplainOptions>();
  Verb verb = app.AddVerb("explain",
                          "Explain what can be written in a spec: type, limits, default, what a "
                          "change costs, an example");
  verb.AddOption("PROPERTY", options->path,
                 "Member of a document, such as startTask.resourceFiles or policy.resize; without "
                 "it, the document itself")
      .Value("");
  verb.AddOption("--kind", options->kind, "The document")
      .Value("KIND")
      .OneOf({"Pool", "PoolDefaults", "Config"})
      .ShowDefault();
  verb.AddFlag("--recursive", options->recursive, "All that is below, one line each");
  AddFormat(verb, options->format, {"text", "json", "markdown"});
  verb.Footer(
      "Markdown is always the whole page.\nExample:\n  poolkeeper explain "
      "startTask.resourceFiles\n  poolkeeper explain spec --recursive");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunExplain(context, *options); };
  });
}

}  // namespace reconciler::daemon
