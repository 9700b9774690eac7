// The verbs and options of the command line, apart from the library that reads them: its header
// takes longer to compile than any command.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace reconciler::daemon {

/// An option with a value, or a positional. Each call returns the same one.
class Argument {
 public:
  explicit Argument(CLI::Option& option) : option_(&option) {}

  /// What --help calls the value: "FILE"; empty for a positional, whose name says it.
  Argument& Value(const std::string& name);
  Argument& Required();
  Argument& OneOf(const std::vector<std::string>& words);
  Argument& Between(int least, int most);
  /// `wrong` says what is wrong with a value; empty: nothing.
  Argument& Check(const std::function<std::string(std::string&)>& wrong);
  /// --help shows what the variable held when the option was added.
  Argument& ShowDefault();
  /// May come several times, with one value each.
  Argument& Repeats();
  /// At least one word.
  Argument& AtLeastOne();
  /// The option may stand without its value, which is then this.
  Argument& ValueOr(const std::string& text);
  Argument& Excludes(const Argument& other);

 private:
  CLI::Option* option_;
};

/// A verb; the whole program is one, too. Variables are written when the line is parsed.
class Verb {
 public:
  explicit Verb(CLI::App& app) : app_(&app) {}

  Verb AddVerb(const std::string& name, const std::string& description);
  /// Neither --help nor the man page names it.
  Verb AddHiddenVerb(const std::string& name, const std::string& description);
  /// A line that ends here is an error.
  void NeedsVerb();

  /// `names` as "-y,--yes".
  Argument AddFlag(const std::string& names, bool& given, const std::string& description);
  Argument AddFlag(const std::string& name, const std::function<void()>& given,
                   const std::string& description);
  /// A name without dashes makes a positional.
  Argument AddOption(const std::string& names, std::string& value, const std::string& description);
  Argument AddOption(const std::string& names, int& value, const std::string& description);
  Argument AddOption(const std::string& names, std::vector<std::string>& values,
                     const std::string& description);
  Argument AddOption(const std::string& names, const std::function<void(const std::string&)>& take,
                     const std::string& description);

  /// What --help ends with: exit codes and an example.
  void Footer(const std::string& text);
  /// Called when the line names this verb and none below it.
  void OnChosen(const std::function<void()>& chosen);

 private:
  CLI::App* app_;
};

}  // namespace reconciler::daemon
