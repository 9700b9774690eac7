// poolkeeper version
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <string>

#include "daemon/commands/command.h"
#include "reconciler/core/json.h"
#include "reconciler/spec/options.h"

namespace reconciler::daemon {

void AddVersionCommand(CLI::App& app, Command& chosen) {
  CLI::App* verb = app.add_subcommand("version", "Print the version");
  const auto format = std::make_shared<std::string>("text");
  AddFormat(*verb, *format);
  verb->footer("Example:\n  poolkeeper version");
  verb->callback([format, &chosen] {
    chosen = [format](CommandContext& context) {
      if (*format == "json") {
        context.console.out << WritePrettyJson(Object{{"batchApiVersion", spec::kDefaultApiVersion},
                                                      {"formatVersion", "1"},
                                                      {"version", POOLKEEPER_VERSION}});
      } else {
        context.console.out << "poolkeeper " << POOLKEEPER_VERSION << '\n';
      }
      return 0;
    };
  });
}

}  // namespace reconciler::daemon
