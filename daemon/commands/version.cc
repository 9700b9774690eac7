// poolkeeper version
#include <CLI/CLI.hpp>
#include <ostream>

#include "daemon/commands/command.h"

namespace reconciler::daemon {

void AddVersionCommand(CLI::App& app, Command& chosen) {
  CLI::App* verb = app.add_subcommand("version", "Print the version");
  verb->footer("Example:\n  poolkeeper version");
  verb->callback([&chosen] {
    chosen = [](CommandContext& context) {
      context.console.out << "poolkeeper " << POOLKEEPER_VERSION << '\n';
      return 0;
    };
  });
}

}  // namespace reconciler::daemon
