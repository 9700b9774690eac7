// The command line as data: what --help prints, for man pages and shell completion.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace reconciler::daemon {

struct CliOption {
  std::vector<std::string> names;   // "--format", "-h"; long ones first; of a positional its name
  std::string value;                // "FORMAT"; empty: a flag
  std::vector<std::string> values;  // the only ones that are taken; empty: any
  std::string description;
  std::string default_text;  // empty: none
  bool required = false;
  bool many = false;  // of a positional: several may follow each other
};

struct CliVerb {
  std::vector<std::string> path;  // {"user", "add"}; empty: the program itself
  std::string description;
  std::string footer;
  std::vector<CliOption> positionals;
  std::vector<CliOption> options;
  std::vector<CliVerb> verbs;  // those that --help shows, in its order
};
/// Hidden verbs are left out.
CliVerb DescribeCommandLine(const CLI::App& app);

/// "user add"; empty for the program itself.
std::string PathText(const CliVerb& verb);

/// The verb, and all below it, each before those below it.
std::vector<const CliVerb*> AllVerbs(const CliVerb& verb);

}  // namespace reconciler::daemon
