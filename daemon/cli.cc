#include "daemon/cli.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "daemon/exit_code.h"
#include "daemon/log_sink.h"
#include "daemon/system_clock.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

constexpr const char* kFooter =
    "Results go to standard output, the log to standard error.\n"
    "Exit codes: 0 done; 1 error; 2 something remains to be done; 3 credentials refused;\n"
    "4 refused by the service; 5 blocked; 6 frozen; 9 timeout; 64 usage; 65 invalid specs or\n"
    "configuration. See each command's --help.\n"
    "Example:\n  poolkeeper --config ./poolkeeper.yaml plan";

/// Stands before each word behind "--" on its way through CLI11, which forgets within a verb that
/// the options have ended.
constexpr char kPlainWord = '\x01';

void AddGlobalOptions(CLI::App& app, GlobalOptions& options) {
  app.add_option("--config", options.config_file, "Configuration file")
      ->type_name("FILE")
      ->capture_default_str();
  app.add_option("--specs", options.specs, "Folder of the specs, instead of the configuration's")
      ->type_name("DIR");
  app.add_option("--account", options.account, "Only this account")->type_name("NAME");
  app.add_option("--log-format", options.log_format, "Form of the log lines: logfmt or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"logfmt", "json"}))
      ->capture_default_str();
  app.add_option("--log-level", options.log_level,
                 "Least severity that is logged: debug, info, warning or error")
      ->type_name("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}));
  app.set_version_flag("--version", "poolkeeper " POOLKEEPER_VERSION, "Print the version");
  app.add_flag("--no-color", options.no_color, "No colours, as with the variable NO_COLOR");
}

/// The verbs that were given, outermost first: `user`, then `add`.
std::vector<const CLI::App*> VerbsGiven(const CLI::App& app) {
  std::vector<const CLI::App*> verbs;
  for (const CLI::App* at = &app; !at->get_subcommands().empty(); verbs.push_back(at)) {
    at = at->get_subcommands().front();
  }
  return verbs;
}

/// All long names of the options that are legal here, with their dashes.
std::vector<std::string> OptionNames(const CLI::App& app) {
  std::vector<std::string> names;
  const auto add = [&](const CLI::App& level) {
    for (const CLI::Option* option : level.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  };
  add(app);
  for (const CLI::App* verb : VerbsGiven(app)) add(*verb);
  return names;
}

std::vector<std::string> VerbNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands({})) {
    if (!verb->get_group().empty()) names.push_back(verb->get_name());
  }
  return names;
}

std::string DidYouMean(const std::string& word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const std::string near = NearestName(word, views);
  return near.empty() ? "" : " (did you mean '" + near + "'?)";
}

std::string HelpCommand(const CLI::App& app) {
  std::string command = "poolkeeper ";
  for (const CLI::App* verb : VerbsGiven(app)) command += verb->get_name() + " ";
  return command + "--help";
}

/// Whoever read from the pipe has had enough (`| head`): no news for anybody.
bool ReaderIsGone(int descriptor) {
  pollfd pipe{.fd = descriptor, .events = POLLOUT, .revents = 0};
  return ::poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR) != 0;
}

int UsageError(const CLI::App& app, const Console& console, std::string message) {
  if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z' &&
      (message.size() < 2 || message[1] < 'A' || message[1] > 'Z')) {
    message[0] = static_cast<char>(message[0] - 'A' + 'a');
  }
  while (!message.empty() && (message.back() == '\n' || message.back() == '.')) message.pop_back();
  PrintError(console, message);
  PrintHint(console, "see `" + HelpCommand(app) + "`");
  return kExitUsage;
}

/// Words that nothing took: an unknown verb or option.
int ExtrasError(const CLI::App& app, const Console& console, const std::string& word) {
  if (!word.empty() && word.front() == kPlainWord) {
    return UsageError(app, console, "unexpected argument '" + word.substr(1) + "'");
  }
  const std::string name = word.substr(0, word.find('='));
  if (name.size() > 1 && name[0] == '-') {
    return UsageError(app, console,
                      "unknown option '" + name + "'" + DidYouMean(name, OptionNames(app)));
  }
  const auto given = VerbsGiven(app);
  const std::vector<std::string> verbs = VerbNames(given.empty() ? app : *given.back());
  if (verbs.empty()) return UsageError(app, console, "unexpected argument '" + word + "'");
  return UsageError(app, console, "unknown command '" + word + "'" + DidYouMean(word, verbs));
}

/// Takes the words behind "--" off a line of `ssh`: they belong to another program. On the lines of
/// other verbs they are marked as plain words.
std::vector<std::string> CutCommand(std::vector<std::string>& arguments) {
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  if (dashes == arguments.end()) return {};
  if (std::find(arguments.begin(), dashes, "ssh") == dashes) {
    for (auto word = dashes + 1; word != arguments.end(); ++word) word->insert(0, 1, kPlainWord);
    arguments.erase(dashes);
    return {};
  }
  std::vector<std::string> command(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return command;
}

/// Takes the mark off the words that are read as such; an option finds its value before "--".
void KnowPlainWords(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    const bool takes = option->get_positional();
    option->transform(CLI::Validator(
        [takes](std::string& text) -> std::string {
          if (text.empty() || text.front() != kPlainWord) return {};
          if (!takes) return "a value is missing before --";
          text.erase(0, 1);
          return {};
        },
        ""));
  }
  for (CLI::App* verb : app.get_subcommands([](CLI::App*) { return true; })) KnowPlainWords(*verb);
}

/// "help plan" is "plan --help", as users of other programs expect.
std::vector<std::string> HelpAsOption(std::vector<std::string> arguments) {
  if (arguments.empty() || arguments.front() != "help") return arguments;
  arguments.erase(arguments.begin());
  arguments.emplace_back("--help");
  return arguments;
}

int Parse(CLI::App& app, std::vector<std::string> arguments, const Console& console) {
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    const auto verbs = app.get_subcommands();
    console.out << (verbs.empty() ? app.help() : verbs.front()->help("poolkeeper"));
    return kExitDone;
  } catch (const CLI::CallForVersion& version) {
    console.out << version.what() << '\n';
    return kExitDone;
  } catch (const CLI::ParseError& error) {
    if (const auto extras = app.remaining(true); !extras.empty()) {
      return ExtrasError(app, console, extras.front());
    }
    return UsageError(app, console, error.what());
  }
  if (const auto extras = app.remaining(true); !extras.empty()) {
    return ExtrasError(app, console, extras.front());
  }
  if (app.get_subcommands().empty()) {
    console.err << app.help();
    return kExitUsage;
  }
  return kExitDone;
}

/// All options and verbs; `command` becomes the verb that is given.
void BuildCommandLine(CLI::App& app, GlobalOptions& options, Command& command) {
  app.name("poolkeeper");
  app.description("Keeps Azure Batch pools equal to a repository of pool specs.");
  app.footer(kFooter);
  app.allow_extras();
  app.fallthrough();
  app.get_formatter()->column_width(36);
  AddGlobalOptions(app, options);
  Verb program(app);
  AddValidateCommand(program, command);
  AddCheckCommand(program, command);
  AddFmtCommand(program, command);
  AddPlanCommand(program, command);
  AddDiffCommand(program, command);
  AddApplyCommand(program, command);
  AddRunCommand(program, command);
  AddStatusCommand(program, command);
  AddImagesCommand(program, command);
  AddImportCommand(program, command);
  AddNodesCommand(program, command);
  AddUserCommand(program, command);
  AddSshCommand(program, command);
  AddExplainCommand(program, command);
  AddEventsCommand(program, command);
  AddAutoscaleCommand(program, command);
  AddVersionCommand(program, command);
  AddManualCommands(program, command);
}

}  // namespace

CliVerb DescribeProgram() {
  GlobalOptions options;
  Command command;
  CLI::App app;
  BuildCommandLine(app, options, command);
  return DescribeCommandLine(app);
}

ParsedLine ParseCommandLine(const std::vector<std::string>& arguments, const Console& console) {
  ParsedLine line;
  CLI::App app;
  BuildCommandLine(app, line.options, line.command);
  KnowPlainWords(app);
  std::vector<std::string> ours = HelpAsOption(arguments);
  line.options.behind_dashes = CutCommand(ours);
  line.code = Parse(app, std::move(ours), console);
  if (line.code == kExitDone && !line.options.behind_dashes.empty() && !app.got_subcommand("ssh")) {
    line.code = ExtrasError(app, console, line.options.behind_dashes.front());
  }
  line.options.config_given = app.count("--config") > 0;
  if (line.code != kExitDone) line.command = nullptr;
  return line;
}

LogOptions LogOptionsOf(const GlobalOptions& options, Severity least) {
  LogOptions log;
  log.format = options.log_format == "json" ? LogFormat::kJson : LogFormat::kLogfmt;
  log.least = least;
  log.no_color = options.no_color;
  for (const Severity severity :
       {Severity::kDebug, Severity::kInfo, Severity::kWarning, Severity::kError}) {
    if (SeverityName(severity) == options.log_level) log.least = severity;
  }
  return log;
}

void AddPoolNames(Verb& verb, std::vector<std::string>& pools) {
  verb.AddOption("POOL", pools, "Names of pools; without any, all").Value("");
}

void AddFormat(Verb& verb, std::string& format, const std::vector<std::string>& forms) {
  const std::string all_but_last =
      fmt::format("{}", fmt::join(forms.begin(), forms.end() - 1, ", "));
  verb.AddOption("--format", format,
                 fmt::format("Form of the answer: {} or {}", all_but_last, forms.back()))
      .Value("FORMAT")
      .OneOf(forms)
      .ShowDefault();
}

std::string CheckDurationText(std::string& text) {
  constexpr std::chrono::hours kMost{24 * 3650};  // the monotonic clock counts 292 years
  const auto duration = ParseShortDuration(text);
  if (!duration) {
    return "expected a whole number and one of s, m, h, d, such as 30m, found '" + text + "'";
  }
  if (*duration < std::chrono::seconds(1)) return text + " is too short, the least is 1s";
  if (*duration > kMost) return text + " is too long, the most is 3650d";
  return {};
}

int RunProgram(int argc, const char* const* argv) {
  Signals signals;  // before any thread
  Console console{std::cout, std::cerr};
  console.err_journal = IsJournal(STDERR_FILENO);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  ParsedLine line = ParseCommandLine(arguments, console);
  int code = line.code;
  if (line.command) {
    console.out_screen = LookAtScreen(STDOUT_FILENO, line.options.no_color);
    console.err_screen = LookAtScreen(STDERR_FILENO, line.options.no_color);
    console.input_terminal = ::isatty(STDIN_FILENO) == 1;
    SystemClock clock;
    CommandContext context{line.options, console, signals, clock};
    code = line.command(context);
  }
  std::cout.flush();
  if (!std::cout && ReaderIsGone(STDOUT_FILENO)) return kExitPipe;
  if (!std::cout && code == kExitDone) {
    PrintError(console, "cannot write to standard output");
    return kExitError;
  }
  return code;
}

}  // namespace reconciler::daemon
