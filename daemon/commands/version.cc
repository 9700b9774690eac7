// poolkeeper version
#include <memory>
#include <ostream>
#include <string>

#include "daemon/commands/command.h"
#include "reconciler/core/json.h"
#include "reconciler/spec/options.h"

namespace reconciler::daemon {

void AddVersionCommand(Verb& app, Command& chosen) {
  Verb verb = app.AddVerb("version", "Print the version");
  const auto format = std::make_shared<std::string>("text");
  AddFormat(verb, *format);
  verb.Footer("Example:\n  poolkeeper version");
  verb.OnChosen([format, &chosen] {
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
