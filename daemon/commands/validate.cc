// poolkeeper validate PATH...
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <set>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/session.h"
#include "daemon/spec_options.h"
#include "daemon/validate_paths.h"
#include "reconciler/core/json.h"
#include "reconciler/spec/assemble.h"

namespace reconciler::daemon {
namespace {

std::string Files(std::size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "file" : "files");
}

/// Files with an error; folders have no line.
std::set<std::string> WrongFiles(const std::vector<Finding>& findings) {
  std::set<std::string> wrong;
  for (const Finding& finding : findings) {
    const bool is_error = finding.level == Finding::Level::kError;
    if (is_error && finding.position.file && finding.position.line > 0) {
      wrong.insert(*finding.position.file);
    }
  }
  return wrong;
}

/// "3 errors in 2 of 40 files", "40 files are valid, 1 warning", "1 error" of a folder alone.
std::string Summary(const std::vector<Finding>& findings, std::size_t files) {
  const std::set<std::string> wrong = WrongFiles(findings);
  const std::string counted = CountFindings(findings);
  if (!wrong.empty()) {
    return fmt::format("{} in {} of {}", counted, wrong.size(),
                       Files(std::max(files, wrong.size())));
  }
  if (counted.find("error") != std::string::npos) return counted;
  return fmt::format("{} {} valid{}", Files(files), files == 1 ? "is" : "are",
                     counted.empty() ? "" : ", " + counted);
}

/// The answer for a tree does not depend on a configuration; with --config its accounts, their
/// api-versions and secrets are checked as well.
std::optional<spec::LoadOptions> OptionsFor(CommandContext& context) {
  if (!context.options.config_given) return spec::LoadOptions{};
  int code = kExitDone;
  const auto config = LoadConfigFor(context, code, KeyReading::kSkip);
  if (!config) return std::nullopt;
  return LoadOptionsOf(*config);
}

struct ValidateOptions {
  std::vector<std::string> paths;
  std::string format = "text";
};

void PrintJson(const Console& console, const std::vector<Finding>& findings, std::size_t files) {
  console.out << WritePrettyJson(Object{{"files", static_cast<std::int64_t>(files)},
                                        {"findings", FindingsToJson(findings)},
                                        {"formatVersion", "1"}});
}

int RunValidate(CommandContext& context, const ValidateOptions& wanted) {
  const auto options = OptionsFor(context);
  if (!options) return kExitInvalid;
  NamedFiles named = ReadNamedPaths(wanted.paths);
  std::vector<spec::SpecFile> files;
  std::size_t asked_for = 0;
  for (const NamedFile& file : named.files) {
    files.push_back({file.path, file.bytes});
    asked_for += file.asked_for ? 1 : 0;
  }
  asked_for += WrongFiles(named.findings).size();  // those that cannot be read
  std::vector<Finding> findings = spec::ValidateFiles(files, *options);
  findings.insert(findings.end(), named.findings.begin(), named.findings.end());
  SortFindings(findings);
  const Console& console = context.console;
  if (wanted.format == "json") {
    PrintJson(console, findings, asked_for);
  } else {
    PrintFindings(console.out, findings);
    console.out << Summary(findings, asked_for);
    if (!context.options.config_given) {
      console.out << fmt::format(" (Batch api-version {})", spec::kDefaultApiVersion);
    }
    console.out << '\n';
  }
  if (asked_for == 0 && findings.empty()) {
    PrintWarning(console, "no .yaml or .yml file was found");
  }
  const bool wrong = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.level == Finding::Level::kError;
  });
  return CodeUnlessStopped(context, wrong ? kExitInvalid : kExitDone);
}

}  // namespace

void AddValidateCommand(Verb& app, Command& chosen) {
  const auto options = std::make_shared<ValidateOptions>();
  Verb verb = app.AddVerb("validate", "Check spec files; needs no configuration");
  verb.AddOption("PATH", options->paths, "Files or folders").Value("").Required();
  AddFormat(verb, options->format);
  verb.Footer(
      "Prints every error of every file as file:line:column. Account rules are those of\n"
      "api-version 2025-06-01 unless --config names a configuration.\n"
      "Exit codes: 0 all are valid; 65 otherwise. Warnings do not count.\n"
      "Example:\n  poolkeeper validate specs/");
  verb.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunValidate(context, *options); };
  });
}

}  // namespace reconciler::daemon
