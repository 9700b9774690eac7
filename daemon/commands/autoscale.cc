// poolkeeper autoscale check FILE
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/formula_text.h"
#include "daemon/posix.h"
#include "daemon/session.h"
#include "reconciler/autoscale/parser.h"
#include "reconciler/core/random.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kFileBytesMax = 1u << 20;

struct AutoscaleOptions {
  std::string file;
  std::vector<std::string> samples;
  bool evaluate = false;
  std::string now;
  int dedicated = 0;
  int low_priority = 0;
};

Result<std::string> ReadFormula(const CommandContext& context, const std::string& file) {
  if (file == "-") return ReadAll(context.console.input, kFileBytesMax, "standard input");
  struct stat info {};
  const auto opened = OpenRegular(file, true, info);
  if (!opened) return opened.error();
  return ReadAll(opened->get(), kFileBytesMax, file);
}

Result<autoscale::Samples> ReadSamples(const AutoscaleOptions& options, Instant now) {
  autoscale::Samples samples;
  for (const std::string& text : options.samples) {
    const auto series = ParseSeries(text);
    if (!series) return series.error();
    samples.AddSeries(series->metric, now, series->values);
  }
  return samples;
}

int Evaluate(const CommandContext& context, const AutoscaleOptions& options,
             const std::string& text, const autoscale::Samples& samples, Instant now) {
  SeededRandom random(1);
  const autoscale::Evaluation evaluation =
      autoscale::Evaluate(autoscale::Parse(text).formula, samples,
                          {now,
                           random,
                           {options.dedicated, options.low_priority},
                           options.dedicated,
                           options.low_priority});
  if (evaluation.error) {
    PrintError(context.console,
               fmt::format("{}: {}", evaluation.error->code, evaluation.error->detail));
    return kExitError;
  }
  context.console.out << EvaluationText(evaluation);
  return kExitDone;
}

int RunCheck(const CommandContext& context, const AutoscaleOptions& options) {
  const Console& console = context.console;
  const auto now = options.now.empty() ? context.clock.Wall() : ParseTime(options.now);
  const auto samples = now ? ReadSamples(options, *now) : autoscale::Samples{};
  if (!now || !samples) {
    PrintError(console, now ? samples.error().message
                            : fmt::format("--now '{}' is not of the form 2025-07-01T12:00:00Z",
                                          options.now));
    return kExitUsage;
  }
  const auto text = ReadFormula(context, options.file);
  if (!text) {
    PrintError(console, text.error().message);
    return kExitInvalid;
  }
  const std::string name = options.file == "-" ? "<stdin>" : options.file;
  const std::vector<Finding> findings = FormulaFindings(name, *text);
  PrintFindings(console.out, findings);
  const bool wrong = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.level == Finding::Level::kError;
  });
  if (wrong) return kExitInvalid;
  if (options.evaluate || !options.samples.empty() || !options.now.empty()) {
    return Evaluate(context, options, *text, *samples, *now);
  }
  const std::string counted = CountFindings(findings);
  console.out << name << " is valid" << (counted.empty() ? "" : ", ") << counted << '\n';
  return kExitDone;
}

}  // namespace

void AddAutoscaleCommand(CLI::App& app, Command& chosen) {
  CLI::App* verb = app.add_subcommand("autoscale", "Try an autoscale formula without a pool");
  verb->require_subcommand(1);
  const auto options = std::make_shared<AutoscaleOptions>();
  CLI::App* check =
      verb->add_subcommand("check", "Tell what is wrong with a formula, or what it gives");
  check->add_option("FILE", options->file, "File with the formula; - is standard input")
      ->type_name("")
      ->required();
  check
      ->add_option("--sample", options->samples,
                   "Samples of a metric, one each 30 s up to now, as $PendingTasks=1,2,3")
      ->type_name("SERIES")
      ->allow_extra_args(false);
  check->add_flag("--evaluate", options->evaluate, "Evaluate it; --sample and --now imply it");
  check->add_option("--now", options->now, "Time of the evaluation, 2025-07-01T12:00:00Z")
      ->type_name("TIME");
  check->add_option("--dedicated", options->dedicated, "Dedicated nodes of the pool, as wanted")
      ->type_name("N")
      ->check(CLI::Range(0, 1'000'000).description(""));
  check->add_option("--low-priority", options->low_priority, "Its Spot nodes, as wanted")
      ->type_name("N")
      ->check(CLI::Range(0, 1'000'000).description(""));
  check->footer(
      "Needs no configuration and no network; rand() draws the same each time.\n"
      "Exit codes: 0 valid; 1 the evaluation ended with an error; 65 the formula is wrong.\n"
      "Example:\n  poolkeeper autoscale check formula.txt --sample '$PendingTasks=4,4,8'");
  check->callback([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunCheck(context, *options); };
  });
}

}  // namespace reconciler::daemon
