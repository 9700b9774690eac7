#include "daemon/cli_model.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

/// "{text,json}" at the end of a type is what CLI::IsMember says about itself.
void ReadType(const std::string& type, CliOption& option) {
  const std::size_t brace = type.find('{');
  option.value = type.substr(0, type.find(':'));
  if (brace == std::string::npos || type.back() != '}') return;
  for (const std::string_view value :
       SplitText(std::string_view(type).substr(brace + 1, type.size() - brace - 2), ',')) {
    option.values.emplace_back(value);
  }
}

CliOption DescribeOption(const CLI::Option& option) {
  CliOption described;
  for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
  if (described.names.empty()) described.names.push_back(option.get_name(true));
  if (option.get_items_expected_max() > 0) ReadType(option.get_type_name(), described);
  described.description = option.get_description();
  described.default_text = option.get_default_str();
  described.required = option.get_required();
  described.many = option.get_items_expected_max() > 1;
  return described;
}

CliVerb DescribeVerb(const CLI::App& app, std::vector<std::string> path) {
  CliVerb verb;
  verb.path = std::move(path);
  verb.description = app.get_description();
  verb.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    (option->get_positional() ? verb.positionals : verb.options).push_back(DescribeOption(*option));
  }
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (below->get_group().empty()) continue;
    std::vector<std::string> path_below = verb.path;
    path_below.push_back(below->get_name());
    verb.verbs.push_back(DescribeVerb(*below, std::move(path_below)));
  }
  return verb;
}

}  // namespace

CliVerb DescribeCommandLine(const CLI::App& app) { return DescribeVerb(app, {}); }

std::string PathText(const CliVerb& verb) { return fmt::format("{}", fmt::join(verb.path, " ")); }

std::vector<const CliVerb*> AllVerbs(const CliVerb& verb) {
  std::vector<const CliVerb*> all{&verb};
  for (const CliVerb& below : verb.verbs) {
    for (const CliVerb* found : AllVerbs(below)) all.push_back(found);
  }
  return all;
}

}  // namespace reconciler::daemon
