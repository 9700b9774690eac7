#include "tests/emulator/command_line.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/emulator/service_clock.h"

namespace emulator {
namespace {

std::variant<Options, Farewell> Read(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "batch-emulator");
  return ReadCommandLine(static_cast<int>(arguments.size()), arguments.data());
}
Options Taken(const std::vector<const char*>& arguments) {
  const auto read = Read(arguments);
  if (const auto* farewell = std::get_if<Farewell>(&read)) FAIL(farewell->text);
  return std::get<Options>(read);
}
/// The first line of a refusal.
std::string Refused(const std::vector<const char*>& arguments) {
  const auto read = Read(arguments);
  const auto* farewell = std::get_if<Farewell>(&read);
  if (farewell == nullptr) return "accepted";
  CHECK(farewell->code == 64);
  return farewell->text.substr(0, farewell->text.find('\n'));
}

TEST_CASE("command line: what is not given has its default") {
  const Options options = Taken({});
  CHECK(options.port == 0);
  CHECK(options.latency.count() == 0);
  CHECK_FALSE(options.start_time);
  CHECK(std::get<Farewell>(Read({"--help"})).code == 0);
}

TEST_CASE("command line: values are taken as they are meant") {
  const Options options =
      Taken({"--port", "65535", "--latency", "1.5s", "--time-scale", "0.5", "--connections-max",
             "3", "--account", "farm1", "--key", "AAAA", "--tls", "--tls-fault", "expired"});
  CHECK(options.port == 65535);
  CHECK(options.latency.count() == 1500);
  CHECK(options.time_scale == 0.5);
  CHECK(options.connections_max == 3);
  CHECK(options.account == "farm1");
  CHECK(options.key == "AAAA");
  CHECK(options.tls_fault == "expired");
}

TEST_CASE("command line: a refusal names the option, what it takes and what it got") {
  for (const char* const port : {"99999", "-1", "http", ""}) {
    CHECK(Refused({"--port", port}) ==
          "--port: expected a port from 0 to 65535, 0 for a free one, found '" + std::string(port) +
              "'");
  }
  CHECK(Refused({"--connections-max", "-3"}) ==
        "--connections-max: expected a number, 0 or more; 0 for no limit, found '-3'");
  CHECK(Refused({"--latency", "soon"}) ==
        "--latency: expected a duration such as 50ms, 2s or 1m, found 'soon'");
  CHECK(Refused({"--time-scale", "0"}) ==
        "--time-scale: expected a number from 0.001 to 1000000, found '0'");
  CHECK(Refused({"--account", "Demo"}) ==
        "--account: expected the name of an account, 3 to 24 lower-case letters and digits, found "
        "'Demo'");
  CHECK(Refused({"--key", "no-base64"}) ==
        "--key: expected a key in base64, found '-' as its character 3");
  CHECK(Refused({"--tls", "--tls-fault", "odd"}).find("--tls-fault: expected expired, wrongName") ==
        0);
  CHECK(Refused({"--tls-ca-file", "ca.pem"}) ==
        "--tls-ca-file and --tls-fault go with --tls; add it");
}

TEST_CASE("command line: a start time begins the clock") {
  const auto start = ParseTime("2026-01-01T00:00:00Z");
  const Options options =
      Taken({"--admin", "--manual-clock", "--start-time", "2026-01-01T00:00:00Z"});
  CHECK(options.start_time == start);
  ServiceClock clock(0, *options.start_time);
  CHECK(clock.Now() == *start);
  clock.Advance(std::chrono::seconds{5});
  CHECK(clock.Now() == *start + std::chrono::seconds{5});
  for (const char* const time :
       {"2026-01-01", "tomorrow", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z"}) {
    CHECK(Refused({"--start-time", time}) ==
          "--start-time: expected a time from 1970 to 2199 such as 2026-01-01T00:00:00Z, found '" +
              std::string(time) + "'");
  }
}

TEST_CASE("command line: the account's options change the first account alone") {
  ServiceConfig config;
  config.accounts.resize(2);
  config.accounts[1].name = "second";
  Options options;
  options.account = "second";
  options.key = "AAAA";
  CHECK(ApplyAccount(options, config) ==
        "--account: 'second' is the name of account 2 of the configuration, and the option renames "
        "the first");
  options.account = "third";
  CHECK_FALSE(ApplyAccount(options, config));
  CHECK(config.accounts[0].name == "third");
  CHECK(config.accounts[0].keys == std::vector<std::string>{"AAAA"});
  CHECK(config.accounts[1].name == "second");
}

}  // namespace
}  // namespace emulator
