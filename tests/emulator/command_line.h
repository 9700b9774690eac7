// What the program is started with.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "tests/emulator/service_config.h"
#include "tests/emulator/time_text.h"

namespace emulator {

inline constexpr int kUsage = 64;

struct Options {
  std::uint16_t port = 0;
  std::string port_file, account, key, config_file;
  std::chrono::milliseconds latency{0};
  double time_scale = 1;
  /// Where the clock of the pools begins; nothing: now.
  std::optional<Instant> start_time;
  bool tls = false;
  std::size_t connections_max = 0;
  std::string tls_ca_file, tls_fault;
  std::string faults_file;
  std::string log_file, replay_file;
  std::string state_file, seed_file;
  bool admin = false, manual_clock = false;
};

/// Help that was asked for (0), or what is wrong with the arguments (64).
struct Farewell {
  int code = 0;
  std::string text;
};

std::variant<Options, Farewell> ReadCommandLine(int argc, const char* const* argv);

/// Lays --account and --key over the first account. What is wrong with them, or nothing.
std::optional<std::string> ApplyAccount(const Options& options, ServiceConfig& config);

}  // namespace emulator
