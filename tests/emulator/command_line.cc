#include "tests/emulator/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <sstream>

#include "tests/emulator/certificate.h"
#include "tests/emulator/config_account.h"
#include "tests/emulator/config_file.h"

namespace emulator {

namespace {

/// Says what was expected and what was found; the library puts the option in front.
template <class Fits>
CLI::Validator Form(const std::string& expected, Fits fits) {
  return {[expected, fits](std::string& text) {
            return fits(text) ? std::string{}
                              : fmt::format("expected {}, found '{}'", expected, text);
          },
          ""};
}

template <class Number>
bool IsWithin(const std::string& text, Number least, Number most) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= least &&
         value <= most;
}
bool IsPort(const std::string& text) { return IsWithin<std::uint32_t>(text, 0, 65535); }
bool IsCount(const std::string& text) {
  return IsWithin<std::size_t>(text, 0, std::numeric_limits<std::size_t>::max());
}
bool IsTimeScale(const std::string& text) { return IsWithin(text, 0.001, 1e6); }
/// Years that leave room to live on in, whatever the clock of instants holds.
bool IsStart(const std::string& text) {
  using std::chrono::sys_days, std::chrono::year;
  const auto start = ParseTime(text);
  return start && *start >= sys_days{year{1970} / 1 / 1} && *start < sys_days{year{2200} / 1 / 1};
}
bool IsTlsFault(const std::string& text) {
  const auto names = TlsFaults();
  return std::find(names.begin(), names.end(), text) != names.end();
}

/// Values that are read once their form is known to be right.
struct Unread {
  std::string latency = "0ms", start_time;
};

void Declare(CLI::App& app, Options& options, Unread& unread) {
  app.add_option("--port", options.port, "Port on 127.0.0.1; 0 takes a free one")
      ->check(Form("a port from 0 to 65535, 0 for a free one", IsPort))
      ->capture_default_str();
  app.add_option("--port-file", options.port_file, "Write the port into this file once it listens");
  app.add_option("--account", options.account, "Name of the first account (default demo)")
      ->check(CLI::Validator(
          [](std::string& text) { return AccountNameProblem(text).value_or(""); }, ""));
  app.add_option("--key", options.key, "Base64 key of that account (default the well-known key)")
      ->check(CLI::Validator([](std::string& text) { return KeyProblem(text).value_or(""); }, ""));
  app.add_option("--latency", unread.latency, "Delay of every answer, e.g. 50ms")
      ->check(Form("a duration such as 50ms, 2s or 1m",
                   [](const std::string& text) { return ParseShortDuration(text).has_value(); }))
      ->capture_default_str();
  app.add_option("--time-scale", options.time_scale, "How much faster than real time pools live")
      ->check(Form("a number from 0.001 to 1000000", IsTimeScale))
      ->capture_default_str();
  app.add_option("--start-time", unread.start_time,
                 "Where the clock of the pools begins, e.g. 2026-01-01T00:00:00Z (default now)")
      ->check(Form("a time from 1970 to 2199 such as 2026-01-01T00:00:00Z", IsStart));
  app.add_option("--connections-max", options.connections_max,
                 "More connections at a time are reset; 0: no limit")
      ->check(Form("a number, 0 or more; 0 for no limit", IsCount))
      ->capture_default_str();
  app.add_flag("--tls", options.tls, "Speak HTTPS, with a certificate made at the start");
  app.add_option("--tls-fault", options.tls_fault, "TLS that no client should take; with --tls")
      ->check(Form(fmt::format("{}", fmt::join(TlsFaults(), ", ")), IsTlsFault));
  app.add_option("--tls-ca-file", options.tls_ca_file,
                 "Write what clients have to trust into this file (PEM); with --tls");
  app.add_flag("--admin", options.admin, "Answer the admin calls under /_emulator/");
  app.add_flag("--manual-clock", options.manual_clock,
               "Pools live on only when the admin call moves their clock; with --admin")
      ->needs("--admin")
      ->excludes("--time-scale");
  app.add_option("--request-log", options.log_file,
                 "Write every request into this file, a JSON object a line");
  app.add_option("--replay", options.replay_file,
                 "Send the requests of such a file to a fresh service and compare; serves nobody");
  app.add_option("--state", options.state_file,
                 "Go on from what this file says, and keep it up to date; made when absent")
      ->excludes("--replay");
  app.add_option("--seed-state", options.seed_file,
                 "YAML file with pools and jobs to begin with; not read when --state exists")
      ->excludes("--replay");
  app.add_option("--faults", options.faults_file, "YAML file that says what shall go wrong");
  app.add_option("--config", options.config_file,
                 "YAML file with accounts, quotas, timings, switches");
  app.footer(
      fmt::format("Well-known account: {}\nWell-known key (public, for tests only):\n  {}\n\n"
                  "Example: batch-emulator --port 10001 --time-scale 10\n"
                  "Prints one line with its URL when ready; ends on SIGINT and SIGTERM.",
                  kWellKnownAccount, kWellKnownKey));
}

}  // namespace

std::variant<Options, Farewell> ReadCommandLine(int argc, const char* const* argv) {
  CLI::App app{"An emulator of the Azure Batch data plane: pools, nodes and images in memory.",
               "batch-emulator"};
  Options options;
  Unread unread;
  Declare(app, options, unread);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream text;
    const int code = app.exit(error, text, text);
    return Farewell{code == 0 ? 0 : kUsage, text.str()};
  }
  options.latency = *ParseShortDuration(unread.latency);
  options.start_time = ParseTime(unread.start_time);
  if (!options.tls && (!options.tls_ca_file.empty() || !options.tls_fault.empty())) {
    return Farewell{kUsage, "--tls-ca-file and --tls-fault go with --tls; add it\n"};
  }
  return options;
}

std::optional<std::string> ApplyAccount(const Options& options, ServiceConfig& config) {
  if (!options.key.empty()) config.accounts.front().keys = {options.key};
  if (options.account.empty()) return std::nullopt;
  for (std::size_t i = 1; i < config.accounts.size(); ++i) {
    if (config.accounts[i].name == options.account) {
      return fmt::format(
          "--account: '{}' is the name of account {} of the configuration, and the option renames "
          "the first",
          options.account, i + 1);
    }
  }
  config.accounts.front().name = options.account;
  return std::nullopt;
}

}  // namespace emulator
