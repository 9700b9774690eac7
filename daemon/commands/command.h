// What every verb of the command line is given.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "daemon/config.h"
#include "daemon/console.h"
#include "daemon/log_sink.h"
#include "daemon/signals.h"
#include "daemon/verb.h"

namespace reconciler::daemon {

/// Options that stand before or behind any verb.
struct GlobalOptions {
  std::string config_file{kDefaultConfigFile};
  bool config_given = false;
  std::string specs;    // takes the place of `source.path`; empty: not given
  std::string account;  // the only account; empty: all
  std::string log_format = "logfmt";
  std::string log_level;  // empty: the verb's own
  bool no_color = false;
  std::vector<std::string> behind_dashes;  // all words behind the first "--", of `ssh` alone
};

struct CommandContext {
  const GlobalOptions& options;
  Console& console;
  Signals& signals;
  Clock& clock;
};

using Command = std::function<int(CommandContext&)>;

/// Each adds its verb to the application; `chosen` becomes the verb that was given.
void AddValidateCommand(Verb& app, Command& chosen);
void AddCheckCommand(Verb& app, Command& chosen);
void AddFmtCommand(Verb& app, Command& chosen);
void AddPlanCommand(Verb& app, Command& chosen);
void AddDiffCommand(Verb& app, Command& chosen);
void AddApplyCommand(Verb& app, Command& chosen);
void AddRunCommand(Verb& app, Command& chosen);
void AddStatusCommand(Verb& app, Command& chosen);
void AddImagesCommand(Verb& app, Command& chosen);
void AddImportCommand(Verb& app, Command& chosen);
void AddNodesCommand(Verb& app, Command& chosen);
void AddUserCommand(Verb& app, Command& chosen);
void AddSshCommand(Verb& app, Command& chosen);
void AddEventsCommand(Verb& app, Command& chosen);
void AddExplainCommand(Verb& app, Command& chosen);
void AddAutoscaleCommand(Verb& app, Command& chosen);
void AddVersionCommand(Verb& app, Command& chosen);
/// Hidden: man, completion, names.
void AddManualCommands(Verb& app, Command& chosen);

/// The log of a verb on standard error; `least` unless --log-level says otherwise.
LogOptions LogOptionsOf(const GlobalOptions& options, Severity least);

/// Adds the positional POOL... that several verbs have.
void AddPoolNames(Verb& verb, std::vector<std::string>& pools);

/// Adds --format; the first of `forms` is the default, which `format` holds already.
void AddFormat(Verb& verb, std::string& format,
               const std::vector<std::string>& forms = {"text", "json"});

/// What is wrong with a duration such as "30m", from 1s to 3650d; empty: nothing.
std::string CheckDurationText(std::string& text);

}  // namespace reconciler::daemon
