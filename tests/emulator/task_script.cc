#include "tests/emulator/task_script.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace emulator {

namespace {

/// No task is shorter: one that is retried without end must not stop the clock.
constexpr std::chrono::milliseconds kShortest{100};
constexpr double kSecondsMax = 1e8;

/// `30`, `30s`, `1.5m`, `2h` at the start of a text, as `sleep` takes them.
std::optional<Duration> ReadSleep(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || value < 0) return std::nullopt;
  const auto used = static_cast<std::size_t>(parsed.ptr - text.data());
  const char unit = used < text.size() ? text[used] : 's';
  if (unit == 'm') value *= 60;
  if (unit == 'h') value *= 3600;
  if (unit == 'd') value *= 86'400;
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(std::min(value, kSecondsMax)));
}

/// What follows the first `word` that stands alone, blanks skipped; empty: there is none.
std::string_view After(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != line.npos; at = line.find(word, at + 1)) {
    const bool begins = at == 0 || std::string_view{" ;&|\"'(/\n"}.find(line[at - 1]) != line.npos;
    std::string_view rest = line.substr(at + word.size());
    if (!begins || rest.empty() || rest[0] != ' ') continue;
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest;
  }
  return {};
}

std::string Setting(const Json& task, std::string_view name) {
  const Json* const settings = task.Find("environmentSettings");
  if (settings == nullptr || settings->AsList() == nullptr) return {};
  for (const Json& setting : *settings->AsList()) {
    if (setting.Text("name") == name) return setting.Text("value");
  }
  return {};
}

std::optional<std::int64_t> ReadCode(std::string_view text) {
  std::int64_t code = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), code);
  return parsed.ec == std::errc{} ? std::optional{code} : std::nullopt;
}

}  // namespace

TaskScript ScriptOf(const Json& task, Duration otherwise) {
  const std::string line = task.Text("commandLine");
  const std::string declared = Setting(task, "EMULATOR_RUN_TIME");
  auto run_time = declared.rfind('P', 0) == 0 ? ParseDuration(declared) : ReadSleep(declared);
  if (!run_time) run_time = ReadSleep(After(line, "sleep"));
  auto code = ReadCode(Setting(task, "EMULATOR_EXIT_CODE"));
  if (!code) code = ReadCode(After(line, "exit"));
  return {std::max<Duration>(run_time.value_or(otherwise), kShortest), code.value_or(0)};
}

}  // namespace emulator
