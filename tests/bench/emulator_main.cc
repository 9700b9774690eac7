// Prints what the emulator takes in time and memory, each figure beside its limit, and fails where
// one is passed. The peer of a request is the emulator's own listener with an answer at hand.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/emulator_process.h"
#include "tests/bench/http_load.h"
#include "tests/bench/report.h"
#include "tests/emulator/listener.h"

namespace bench {
namespace {

constexpr char kVersion[] = "api-version=2025-06-01";
constexpr std::size_t kConnections = 32;

/// A pool such as people have: a subnet, two packages, a start task with files and variables.
std::string PoolBody(int number) {
  return fmt::format(
      R"({{"id":"render-{:04}","displayName":"Render {}","vmSize":"STANDARD_D2S_V3",)"
      R"("virtualMachineConfiguration":{{"imageReference":{{"publisher":"canonical",)"
      R"("offer":"0001-com-ubuntu-server-jammy","sku":"22_04-lts","version":"latest"}},)"
      R"("nodeAgentSKUId":"batch.node.ubuntu 22.04"}},"targetDedicatedNodes":1,)"
      R"("targetLowPriorityNodes":1,"taskSlotsPerNode":2,)"
      R"("taskSchedulingPolicy":{{"nodeFillType":"pack"}},"networkConfiguration":{{"subnetId":)"
      R"("/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/render/providers/)"
      R"(Microsoft.Network/virtualNetworks/render/subnets/nodes"}},"applicationPackageReferences":)"
      R"([{{"applicationId":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/)"
      R"(render/providers/Microsoft.Batch/batchAccounts/render/applications/renderer",)"
      R"("version":"4.1"}}],)"
      R"("startTask":{{"commandLine":"/bin/bash -c 'set -e; ./prepare.sh --team render'",)"
      R"("resourceFiles":[{{"httpUrl":"https://assets.example.com/prepare.sh",)"
      R"("filePath":"prepare.sh"}}],"environmentSettings":[{{"name":"TEAM","value":"render"}},)"
      R"({{"name":"STAGE","value":"production"}}],"userIdentity":{{"autoUser":{{"scope":"pool",)"
      R"("elevationLevel":"admin"}}}},"maxTaskRetryCount":2,"waitForSuccess":true}},)"
      R"("metadata":[{{"name":"team","value":"render"}},{{"name":"cost-center","value":"4711"}},)"
      R"({{"name":"poolkeeper","value":"render/sha256:0123456789ab"}}]}})",
      number, number);
}

std::string AccountName(int number) { return fmt::format("render{:03}", number); }

/// Writes a configuration with that many accounts, and removes it at the end.
class ConfigFile {
 public:
  explicit ConfigFile(int accounts)
      : path_(std::filesystem::temp_directory_path() /
              fmt::format("emulator-bench.{}.yaml", getpid())) {
    std::ofstream file(path_);
    file << "accounts:\n";
    for (int i = 0; i < accounts; ++i) file << "  - {name: " << AccountName(i) << "}\n";
  }
  ~ConfigFile() { std::filesystem::remove(path_); }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;

  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

void CreatePools(const EmulatorProcess& emulator, int accounts, int pools) {
  for (int account = 0; account < accounts; ++account) {
    std::vector<std::string> requests;
    for (int pool = 0; pool < pools; ++pool) {
      requests.push_back(SignedRequest(AccountName(account), "POST",
                                       fmt::format("/pools?{}", kVersion), PoolBody(pool)));
    }
    SendAll(emulator.port(), requests, kConnections);
  }
}

std::string ListRequest(int account) {
  return SignedRequest(AccountName(account), "GET", fmt::format("/pools?{}", kVersion));
}

bool RunMemory(const std::string& program, int accounts) {
  constexpr int kPools = 500;
  fmt::print("{} accounts of {} pools, two nodes each\n", accounts, kPools);
  const ConfigFile config(accounts);
  const EmulatorProcess emulator(program, {"--config", config.path(), "--time-scale", "1000"});
  const double before = emulator.ResidentMebibytes();
  const auto begun = std::chrono::steady_clock::now();
  CreatePools(emulator, accounts, kPools);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  std::size_t bytes = 0;
  for (int account = 0; account < accounts; ++account) {  // the nodes are there, each page is made
    bytes += SendAll(emulator.port(), {ListRequest(account)}, 1).bytes;
  }
  const double resident = emulator.ResidentMebibytes();
  const int pools = accounts * kPools;
  Figure("creates per second", pools / taken.count(), "");
  Figure("of the list, per pool", static_cast<double>(bytes) / pools, "B");
  Figure("resident memory", resident, "MiB");
  return Bound("resident memory per pool", (resident - before) * 1'024 / pools,
               1.5 * 1'024 * 1'024 / 100'000, "KiB");
}

bool RunPage(const std::string& program) {
  fmt::print("a page of 500 pools\n");
  const ConfigFile config(1);
  const EmulatorProcess emulator(program, {"--config", config.path(), "--time-scale", "1000"});
  CreatePools(emulator, 1, 500);
  const std::string request = ListRequest(0);
  SendAll(emulator.port(), {request}, 1);
  std::vector<double> wall;
  const double cpu_before = emulator.CpuSeconds();
  constexpr int kRounds = 201;
  std::size_t bytes = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Load load = SendAll(emulator.port(), {request}, 1);
    wall.push_back(load.seconds * 1e3);
    bytes = load.bytes;
  }
  Figure("size", static_cast<double>(bytes) / 1'024, "KiB");
  bool kept = Bound("wall time, request to last byte", Median(wall), 10, "ms");
  kept &= Bound("processor time", (emulator.CpuSeconds() - cpu_before) / kRounds * 1e3, 10, "ms");
  return kept;
}

/// The emulator's listener in a process of its own; every answer is the same.
class Peer {
 public:
  explicit Peer(std::string body) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    child_ = fork();
    if (child_ == 0) Serve(std::move(body), ends[1]);
    close(ends[1]);
    const bool known = read(ends[0], &port_, sizeof port_) == sizeof port_;
    close(ends[0]);
    if (!known) throw std::runtime_error("the peer did not start");
  }
  ~Peer() {
    kill(child_, SIGTERM);
    int status = 0;
    waitpid(child_, &status, 0);
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  std::uint16_t port() const { return port_; }
  double CpuSeconds() const { return CpuSecondsOf(child_); }

 private:
  [[noreturn]] static void Serve(std::string body, int port_pipe) {
    const emulator::Response answer{200, "OK", {{"Transfer-Encoding", "chunked"}}, std::move(body)};
    emulator::Listener listener({}, [&](const emulator::Request&) { return answer; });
    if (!listener.Open().empty()) _exit(1);
    const std::uint16_t port = listener.port();
    if (write(port_pipe, &port, sizeof port) != sizeof port) _exit(1);
    listener.Run();
    _exit(0);
  }
  pid_t child_ = -1;
  std::uint16_t port_ = 0;
};

bool RunRequests(const std::string& program) {
  fmt::print("small requests, {} connections\n", kConnections);
  const ConfigFile config(1);
  const EmulatorProcess emulator(program, {"--config", config.path(), "--time-scale", "1000"});
  CreatePools(emulator, 1, 500);
  std::vector<std::string> requests;
  for (int i = 0; i < 2'000; ++i) {
    requests.push_back(SignedRequest(AccountName(0), "GET",
                                     fmt::format("/pools/render-{:04}?{}", i % 500, kVersion)));
  }
  const std::size_t size = SendAll(emulator.port(), {requests[0]}, 1).bytes;
  const Peer peer(std::string(size, 'x'));
  std::vector<double> wall;
  double ours = 0, theirs = 0;
  constexpr int kRounds = 11;
  for (int round = 0; round < kRounds; ++round) {
    const double before = emulator.CpuSeconds(), peer_before = peer.CpuSeconds();
    wall.push_back(SendAll(emulator.port(), requests, kConnections).seconds * 1e6 / 2'000);
    SendAll(peer.port(), requests, kConnections);
    ours += (emulator.CpuSeconds() - before) / kRounds / 2'000 * 1e6;
    theirs += (peer.CpuSeconds() - peer_before) / kRounds / 2'000 * 1e6;
  }
  Figure("requests per second", 1e6 / Median(wall), "");
  bool kept = Bound("wall time of a request", Median(wall), 500, "us");
  kept &= Bound("processor time of a request", ours, 500, "us");
  Figure("of the listener alone, with an answer at hand", theirs, "us");
  kept &= Bound("processor time / the listener alone", ours / theirs, 5, "x");
  return kept;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: emulator_bench BATCH-EMULATOR [--smoke]\n", stderr);
    return 64;
  }
  const std::string emulator = argv[1];
  const bool smoke = argc > 2 && std::string(argv[2]) == "--smoke";
  bench::times_count = !smoke;
  bool kept = bench::InProcess([&] { return bench::RunPage(emulator); });
  kept &= bench::InProcess([&] { return bench::RunRequests(emulator); });
  kept &= bench::InProcess([&] { return bench::RunMemory(emulator, smoke ? 10 : 200); });
  fmt::print("{}\n", kept ? "all bounds kept" : "a bound was passed");
  return kept ? 0 : 1;
}
