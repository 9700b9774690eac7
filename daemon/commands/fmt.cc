// poolkeeper fmt [--check] PATH...
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/session.h"
#include "daemon/validate_paths.h"
#include "daemon/write_file.h"
#include "reconciler/spec/format.h"

namespace reconciler::daemon {
namespace {

struct FmtOptions {
  std::vector<std::string> paths;
  bool check = false;
};

bool IsError(const Finding& finding) { return finding.level == Finding::Level::kError; }

int RunFmt(CommandContext& context, const FmtOptions& options) {
  NamedFiles named = ReadNamedPaths(options.paths);
  std::vector<Finding> findings = std::move(named.findings);
  ExitFacts facts;
  for (const NamedFile& file : named.files) {
    if (!file.asked_for) continue;
    spec::FindingSink sink;
    const spec::Source source = spec::MakeSource(file.path, file.bytes);
    if (file.path.ends_with(".json")) {
      PrintError(context.console,
                 file.path + ": stays JSON: fmt writes YAML; name it .yaml first to have it so");
      facts.invalid = true;
      continue;
    }
    const auto formatted = spec::FormatFile(source, sink);
    if (!formatted) {
      std::vector<Finding> found = sink.Take();
      findings.insert(findings.end(), found.begin(), found.end());
      continue;
    }
    if (*formatted == source.bytes) continue;
    if (options.check) {
      facts.remains = true;
    } else if (auto written = ReplaceFile(file.path, *formatted); !written) {
      PrintError(context.console, written.error().message);
      facts.error = true;
      continue;
    }
    context.console.out << file.path << "\n";
  }
  SortFindings(findings);
  findings.erase(std::remove_if(findings.begin(), findings.end(),
                                [](const Finding& finding) { return !IsError(finding); }),
                 findings.end());
  PrintFindings(context.console, findings);
  facts.invalid = facts.invalid || !findings.empty();
  return CodeUnlessStopped(context, ExitCodeOf(facts));
}

}  // namespace

void AddFmtCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<FmtOptions>();
  Verb verb = app.AddVerb("fmt", "Bring spec files into their canonical form");
  verb.AddOption("PATH", options->paths, "Files or folders").Value("").Required();
  verb.AddFlag("--check", options->check, "Only name the files that would change");
  verb.Footer(
      "Members in the order of the reference, words as it spells them; comments and values stay.\n"
      "Names each file that it changes. A file that cannot be read is left alone.\n"
      "Exit codes: 0 done, or nothing to do; 2 with --check, a file would change; 65 a file "
      "cannot\n"
      "be read; 1 one could not be written.\n"
      "Example:\n  poolkeeper fmt --check specs/");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunFmt(context, *options); };
  });
}

}  // namespace reconciler::daemon
