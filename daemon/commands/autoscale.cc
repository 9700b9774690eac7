// poolkeeper autoscale check FILE|POOL
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>

#include "daemon/commands/command.h"
#include "daemon/exit_code.h"
#include "daemon/formula_text.h"
#include "daemon/pool_formula.h"
#include "daemon/posix.h"
#include "daemon/session.h"
#include "reconciler/autoscale/parser.h"
#include "reconciler/core/json.h"
#include "reconciler/core/random.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kFileBytesMax = 1u << 20;

struct AutoscaleOptions {
  std::string name;  // of a file or a pool
  std::vector<std::string> samples;
  bool evaluate = false;
  std::string now;
  int dedicated = 0;
  int low_priority = 0;
  std::string format = "text";

  bool Evaluates() const { return evaluate || !samples.empty() || !now.empty(); }
};

/// What a run has found out.
struct Outcome {
  std::string pool;  // empty: the formula has a file of its own
  std::string file;
  std::string formula;
  std::vector<Finding> findings;
  std::optional<autoscale::Evaluation> evaluation;

  std::string Subject() const {
    return pool.empty() ? file : fmt::format("the formula of pool '{}'", pool);
  }
  bool IsValid() const {
    return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
      return finding.level == Finding::Level::kError;
    });
  }
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

autoscale::Evaluation Evaluate(const AutoscaleOptions& options, const std::string& text,
                               const autoscale::Samples& samples, Instant now) {
  SeededRandom random(1);
  return autoscale::Evaluate(autoscale::Parse(text).formula, samples,
                             {now,
                              random,
                              {options.dedicated, options.low_priority},
                              options.dedicated,
                              options.low_priority});
}

void PrintJson(const Console& console, const Outcome& outcome) {
  console.out << WritePrettyJson(
      Object{{"evaluation", outcome.evaluation ? EvaluationToJson(*outcome.evaluation) : Value()},
             {"file", outcome.file},
             {"findings", FindingsToJson(outcome.findings)},
             {"formatVersion", "1"},
             {"pool", outcome.pool.empty() ? Value() : Value(outcome.pool)}});
}

void PrintText(const Console& console, const Outcome& outcome) {
  PrintFindings(console.out, outcome.findings);
  if (!outcome.IsValid()) return;
  if (!outcome.evaluation) {
    const std::string counted = CountFindings(outcome.findings);
    console.out << outcome.Subject() << " is valid" << (counted.empty() ? "" : ", ") << counted
                << '\n';
  } else if (outcome.evaluation->error) {
    PrintError(console, fmt::format("{}: {}", outcome.evaluation->error->code,
                                    outcome.evaluation->error->detail));
  } else {
    console.out << EvaluationText(*outcome.evaluation);
  }
}

/// What there is under the name, whatever it is; else the name is that of a pool.
bool IsFile(const std::string& name) {
  struct stat info {};
  return name == "-" || ::lstat(name.c_str(), &info) == 0;
}

/// Empty after having said why; likewise below.
std::optional<Outcome> CheckFile(const CommandContext& context, const std::string& name) {
  auto text = ReadFormula(context, name);
  if (!text) {
    PrintError(context.console, text.error().message);
    return std::nullopt;
  }
  Outcome outcome;
  outcome.file = name == "-" ? "<stdin>" : name;
  outcome.findings = FormulaFindings(outcome.file, *text);
  outcome.formula = std::move(text).value();
  return outcome;
}

std::optional<Outcome> CheckPool(CommandContext& context, const std::string& name) {
  struct stat info {};
  const GlobalOptions& options = context.options;
  if (!options.config_given && ::stat(options.config_file.c_str(), &info) != 0) {
    PrintError(context.console, fmt::format("cannot open '{}': no such file", name));
    PrintHint(context.console, "a pool's formula is found through a configuration, --config FILE");
    return std::nullopt;
  }
  auto found = FindPoolFormula(context, name);
  if (!found) return std::nullopt;
  return Outcome{std::move(found->pool), std::move(found->file), std::move(found->text),
                 std::move(found->findings), std::nullopt};
}

int RunCheck(CommandContext& context, const AutoscaleOptions& options) {
  const Console& console = context.console;
  const auto now = options.now.empty() ? context.clock.Wall() : ParseTime(options.now);
  const auto samples = now ? ReadSamples(options, *now) : autoscale::Samples{};
  if (!now || !samples) {
    PrintError(console, now ? samples.error().message
                            : fmt::format("--now '{}' is not of the form 2025-07-01T12:00:00Z",
                                          options.now));
    return kExitUsage;
  }
  auto checked =
      IsFile(options.name) ? CheckFile(context, options.name) : CheckPool(context, options.name);
  if (!checked) return kExitInvalid;
  Outcome& outcome = *checked;
  const bool valid = outcome.IsValid();
  if (valid && options.Evaluates()) {
    outcome.evaluation = Evaluate(options, outcome.formula, *samples, *now);
  }
  options.format == "json" ? PrintJson(console, outcome) : PrintText(console, outcome);
  if (!valid) return kExitInvalid;
  return outcome.evaluation && outcome.evaluation->error ? kExitError : kExitDone;
}

}  // namespace

void AddAutoscaleCommand(Verb& app, Command& chosen) {
  Verb verb = app.AddVerb("autoscale", "Try an autoscale formula without asking the service");
  verb.NeedsVerb();
  const auto options = std::make_shared<AutoscaleOptions>();
  Verb check = verb.AddVerb("check", "Tell what is wrong with a formula, or what it gives");
  check
      .AddOption("FILE|POOL", options->name,
                 "File with the formula (- is standard input), or a pool of the specs")
      .Value("")
      .Required();
  check
      .AddOption("--sample", options->samples,
                 "Samples of a metric, one each 30 s up to now, as $PendingTasks=1,2,3")
      .Value("SERIES")
      .Repeats();
  check.AddFlag("--evaluate", options->evaluate, "Evaluate it; --sample and --now imply it");
  check.AddOption("--now", options->now, "Time of the evaluation, 2025-07-01T12:00:00Z")
      .Value("TIME");
  check.AddOption("--dedicated", options->dedicated, "Dedicated nodes of the pool, as wanted")
      .Value("N")
      .Between(0, 1'000'000);
  check.AddOption("--low-priority", options->low_priority, "Its Spot nodes, as wanted")
      .Value("N")
      .Between(0, 1'000'000);
  AddFormat(check, options->format);
  check.Footer(
      "What exists as a file is one; else it is a pool, as POOL or ACCOUNT/POOL, whose spec the\n"
      "configuration leads to. Needs no network; rand() draws the same each time.\n"
      "Exit codes: 0 valid; 1 the evaluation ended with an error; 65 the formula is wrong.\n"
      "Examples:\n  poolkeeper autoscale check formula.txt --sample '$PendingTasks=4,4,8'\n"
      "  poolkeeper autoscale check demo/render --evaluate");
  check.OnChosen([options, &chosen] {
    chosen = [options](CommandContext& context) { return RunCheck(context, *options); };
  });
}

}  // namespace reconciler::daemon
