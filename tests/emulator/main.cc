// batch-emulator: the command line around the service.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>

#include "tests/emulator/admin.h"
#include "tests/emulator/certificate.h"
#include "tests/emulator/command_line.h"
#include "tests/emulator/config_file.h"
#include "tests/emulator/faulty_service.h"
#include "tests/emulator/key_folder.h"
#include "tests/emulator/listener.h"
#include "tests/emulator/request_log.h"
#include "tests/emulator/seed_file.h"
#include "tests/emulator/service_clock.h"
#include "tests/emulator/state_file.h"

namespace {

using emulator::Instant, emulator::Options, emulator::kUsage;

constexpr int kCannotListen = 69, kCannotWrite = 73, kBadConfig = 78;
constexpr std::chrono::seconds kSavePause{5};  // changes that a crash may lose

int Report(int code, const std::string& message) {
  std::fprintf(stderr, "batch-emulator: %s\n", message.c_str());
  return code;
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return file ? std::optional(text.str()) : std::nullopt;
}

/// The configuration file, or what is wrong with it.
std::variant<emulator::ServiceConfig, emulator::ConfigError> LoadConfig(const Options& options) {
  emulator::ServiceConfig config;
  if (!options.config_file.empty()) {
    const auto text = ReadFile(options.config_file);
    if (!text) return emulator::ConfigError{options.config_file + ": cannot be read"};
    auto read = emulator::ReadConfig(*text, options.config_file, config);
    if (std::holds_alternative<emulator::ConfigError>(read)) return read;
    config = std::get<emulator::ServiceConfig>(std::move(read));
  }
  return config;
}

/// An empty plan without a file.
std::variant<emulator::FaultPlan, emulator::ConfigError> LoadFaults(const std::string& path) {
  if (path.empty()) return emulator::FaultPlan{};
  const auto text = ReadFile(path);
  if (!text) return emulator::ConfigError{path + ": cannot be read"};
  return emulator::ReadFaultPlan(*text, path);
}

/// What is wrong with the seed, if one was named.
std::optional<std::string> PlantSeed(const std::string& path, emulator::Service& service) {
  if (path.empty()) return std::nullopt;
  const auto text = ReadFile(path);
  if (!text) return path + ": cannot be read";
  const auto seed = emulator::ReadSeed(*text, path);
  if (const auto* error = std::get_if<emulator::ConfigError>(&seed)) return error->message;
  return service.Plant(std::get<emulator::Seed>(seed));
}

/// The state that the service begins with. An exit code after having said why not, else 0.
int Begin(const Options& options, emulator::Service& service, emulator::StateFile* state,
          emulator::ServiceClock& clock) {
  if (state != nullptr && state->Exists()) {
    const auto loaded = state->Load();
    if (const auto* problem = std::get_if<std::string>(&loaded)) {
      return Report(kBadConfig, *problem);
    }
    clock.GoOnFrom(std::get<Instant>(loaded));
    return 0;
  }
  if (const auto problem = PlantSeed(options.seed_file, service)) {
    return Report(kBadConfig, *problem);
  }
  const auto problem = state == nullptr ? std::nullopt : state->Save();
  return problem ? Report(kCannotWrite, *problem) : 0;
}

bool WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  return static_cast<bool>(file.flush());
}

emulator::Response Logged(emulator::FaultyService& faulty, const emulator::Request& request,
                          Instant now, std::ofstream& log) {
  const auto before = faulty.strikes();
  emulator::Response answer = faulty.Handle(request);
  std::optional<std::size_t> fault;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (faulty.strikes()[i] != before[i]) fault = i;
  }
  log << emulator::LogLine(request, answer, now, fault) << std::flush;
  return answer;
}

int ReplayLog(const Options& options, emulator::ServiceConfig config, emulator::FaultPlan plan) {
  const auto text = ReadFile(options.replay_file);
  if (!text) return Report(kBadConfig, options.replay_file + ": cannot be read");
  const auto calls = emulator::ReadLog(*text, options.replay_file);
  if (const auto* error = std::get_if<emulator::ConfigError>(&calls)) {
    return Report(kBadConfig, error->message);
  }
  const auto differences = emulator::Replay(std::get<0>(calls), std::move(config), std::move(plan));
  for (const std::string& difference : differences) std::printf("%s\n", difference.c_str());
  return differences.empty() ? 0 : 1;
}

/// Serves until a signal comes.
int Serve(const Options& options, const emulator::CertificateAuthority* authority,
          emulator::ServiceConfig config, emulator::FaultPlan faults) {
  std::ofstream log;
  if (!options.log_file.empty()) {
    log.open(options.log_file);
    if (!log) return Report(kCannotWrite, options.log_file + ": cannot be written");
  }
  emulator::ServiceClock service_clock(options.manual_clock ? 0 : options.time_scale,
                                       options.start_time.value_or(emulator::ServiceClock::Wall()));
  const auto clock = [&service_clock] { return service_clock.Now(); };
  std::vector<std::string> accounts;
  for (const emulator::AccountConfig& account : config.accounts) accounts.push_back(account.name);
  emulator::Service service(std::move(config), clock, emulator::ServiceClock::Wall);
  std::optional<emulator::StateFile> state;
  if (!options.state_file.empty()) state.emplace(options.state_file, service);
  if (const int code = Begin(options, service, state ? &*state : nullptr, service_clock)) {
    return code;
  }
  emulator::FaultyService faulty(service, std::move(faults), clock, emulator::ServiceClock::Wall);
  if (options.admin) service.KeepHistory();
  emulator::AdminDoors doors{service, faulty, std::move(accounts), clock, {}};
  if (options.manual_clock) {
    doors.advance = [&service_clock](emulator::Duration by) { service_clock.Advance(by); };
  }
  doors.go_on_from = [&service_clock](Instant instant) { service_clock.GoOnFrom(instant); };
  doors.state_file = state ? &*state : nullptr;
  emulator::ServerContext tls(nullptr, &SSL_CTX_free);
  if (authority != nullptr) tls = authority->Issue(options.tls_fault);
  emulator::Listener listener(
      {options.port,
       options.latency,
       tls.get(),
       options.tls_fault == "stalls",
       options.connections_max,
       [&](const emulator::Request& head) {
         return options.admin ? emulator::UploadFault(head, doors) : faulty.UploadFault(head);
       },
       {},
       {}},
      [&](const emulator::Request& r) {
        auto answer = options.admin ? emulator::AnswerAdmin(r, doors) : std::nullopt;
        if (answer) return *std::move(answer);
        return log.is_open() ? Logged(faulty, r, clock(), log) : faulty.Handle(r);
      });
  if (authority != nullptr) {
    doors.present_certificate = [&listener, authority](const std::string& fault) {
      listener.Present(authority->Issue(fault).get(), fault == "stalls");
    };
  }
  if (const std::string error = listener.Open(); !error.empty())
    return Report(kCannotListen, error);
  if (!options.port_file.empty() &&
      !WriteFile(options.port_file, fmt::format("{}\n", listener.port()))) {
    return Report(kCannotWrite, options.port_file + ": cannot be written");
  }
  std::printf("batch-emulator listens on %s://127.0.0.1:%d\n", options.tls ? "https" : "http",
              int{listener.port()});
  std::fflush(stdout);
  if (state) {
    listener.Every(kSavePause, [&state] {
      if (const auto problem = state->SaveChanges()) Report(kCannotWrite, *problem);
    });
  }
  listener.Run();
  const auto problem = state ? state->Save() : std::nullopt;
  return problem ? Report(kCannotWrite, *problem) : 0;
}

int Run(const Options& options) {
  auto loaded = LoadConfig(options);
  if (const auto* error = std::get_if<emulator::ConfigError>(&loaded)) {
    return Report(kBadConfig, error->message);
  }
  emulator::ServiceConfig config = std::get<emulator::ServiceConfig>(std::move(loaded));
  if (const auto problem = emulator::ApplyAccount(options, config)) return Report(kUsage, *problem);
  if (!config.login.keys_folder.empty()) {
    config.on_node_user = [folder = config.login.keys_folder](const auto& change) {
      emulator::KeepKey(folder, change);
    };
  }
  std::optional<emulator::CertificateAuthority> authority;
  if (options.tls) {
    std::vector<std::string> names;
    for (const auto& account : config.accounts) names.push_back(account.name);
    authority.emplace(names);
    config.scheme = "https";
  }
  if (!options.tls_ca_file.empty() && !WriteFile(options.tls_ca_file, authority->Pem())) {
    return Report(kCannotWrite, options.tls_ca_file + ": cannot be written");
  }
  auto faults = LoadFaults(options.faults_file);
  if (const auto* error = std::get_if<emulator::ConfigError>(&faults)) {
    return Report(kBadConfig, error->message);
  }
  if (!options.replay_file.empty()) {
    return ReplayLog(options, std::move(config), std::get<emulator::FaultPlan>(std::move(faults)));
  }
  return Serve(options, authority ? &*authority : nullptr, std::move(config),
               std::get<emulator::FaultPlan>(std::move(faults)));
}

}  // namespace

int main(int argc, char** argv) {
  const auto read = emulator::ReadCommandLine(argc, argv);
  if (const auto* farewell = std::get_if<emulator::Farewell>(&read)) {
    std::fputs(farewell->text.c_str(), farewell->code == 0 ? stdout : stderr);
    return farewell->code;
  }
  try {
    return Run(std::get<Options>(read));
  } catch (const std::exception& error) {
    return Report(70, error.what());
  }
}
