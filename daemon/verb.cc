#include "daemon/verb.h"

#include <CLI/CLI.hpp>

namespace reconciler::daemon {

Argument& Argument::Value(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Argument& Argument::Required() {
  option_->required();
  return *this;
}

Argument& Argument::OneOf(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

Argument& Argument::Between(int least, int most) {
  option_->check(CLI::Range(least, most).description(""));
  return *this;
}

Argument& Argument::Check(const std::function<std::string(std::string&)>& wrong) {
  option_->check(CLI::Validator(wrong, ""));
  return *this;
}

Argument& Argument::ShowDefault() {
  option_->capture_default_str();
  return *this;
}

Argument& Argument::Repeats() {
  option_->expected(1)->allow_extra_args(false)->multi_option_policy(
      CLI::MultiOptionPolicy::TakeAll);
  return *this;
}

Argument& Argument::AtLeastOne() {
  option_->expected(1, -1);
  return *this;
}

Argument& Argument::ValueOr(const std::string& text) {
  option_->expected(0, 1)->default_str(text);
  return *this;
}

Argument& Argument::Excludes(const Argument& other) {
  option_->excludes(other.option_);
  return *this;
}

Verb Verb::AddVerb(const std::string& name, const std::string& description) {
  return Verb(*app_->add_subcommand(name, description));
}

Verb Verb::AddHiddenVerb(const std::string& name, const std::string& description) {
  return Verb(*app_->add_subcommand(name, description)->group(""));
}

void Verb::NeedsVerb() { app_->require_subcommand(1); }

Argument Verb::AddFlag(const std::string& names, bool& given, const std::string& description) {
  return Argument(*app_->add_flag(names, given, description));
}

Argument Verb::AddFlag(const std::string& name, const std::function<void()>& given,
                       const std::string& description) {
  return Argument(*app_->add_flag_callback(name, given, description));
}

Argument Verb::AddOption(const std::string& names, std::string& value,
                         const std::string& description) {
  return Argument(*app_->add_option(names, value, description));
}

Argument Verb::AddOption(const std::string& names, int& value, const std::string& description) {
  return Argument(*app_->add_option(names, value, description));
}

Argument Verb::AddOption(const std::string& names, std::vector<std::string>& values,
                         const std::string& description) {
  return Argument(*app_->add_option(names, values, description));
}

Argument Verb::AddOption(const std::string& names,
                         const std::function<void(const std::string&)>& take,
                         const std::string& description) {
  return Argument(*app_->add_option_function<std::string>(names, take, description));
}

void Verb::Footer(const std::string& text) { app_->footer(text); }

void Verb::OnChosen(const std::function<void()>& chosen) { app_->callback(chosen); }

}  // namespace reconciler::daemon
