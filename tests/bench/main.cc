// Prints the bounds that the README promises, each as a figure beside its limit, and fails where
// one is passed. Each case is a process of its own, so that memory figures do not mix.
#include <curl/curl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "daemon/file_tree.h"
#include "reconciler/spec/load.h"
#include "tests/bench/account_world.h"
#include "tests/bench/bare_fetch.h"
#include "tests/bench/emulator_process.h"
#include "tests/bench/report.h"

namespace bench {
namespace {

double CpuMilliseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

double ResidentMebibytes() {
  std::ifstream status("/proc/self/statm");
  long pages = 0;
  status >> pages >> pages;
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

struct Quiet {
  double cpu = 0, wall = 0, bare_wall = 0, requests = 0, resident = 0;
};

void Settle(AccountWorld& world, const std::shared_ptr<const reconciler::SpecSnapshot>& specs) {
  for (int cycle = 0; cycle < 200; ++cycle) {
    world.Run(specs);
    if (world.last.writes == 0 && !world.last.under_way) return;
    usleep(50'000);
  }
  throw std::runtime_error("the account did not come to rest");
}

/// Quiet cycles in turn with bare fetches of the same pages.
Quiet MeasureQuiet(const std::string& emulator_program, int pools, int rounds) {
  const EmulatorProcess emulator(emulator_program, {"--time-scale", "1000"});
  const auto specs = MakeSpecs(pools);
  AccountWorld world(emulator.port(), 8);
  Settle(world, specs);
  world.Run(specs);
  malloc_trim(0);  // as the daemon does after a busy cycle
  const reconciler::Secret key = WellKnownKey();
  CURL* curl = curl_easy_init();
  std::vector<double> cpu;
  std::vector<double> wall;
  std::vector<double> bare;
  Quiet quiet;
  for (int round = 0; round < rounds; ++round) {
    world.transport->sent = 0;
    world.transport->targets.clear();
    const double cpu_before = CpuMilliseconds();
    const auto before = std::chrono::steady_clock::now();
    world.Run(specs);
    wall.push_back(Milliseconds(std::chrono::steady_clock::now() - before).count());
    cpu.push_back(CpuMilliseconds() - cpu_before);
    quiet.requests = static_cast<double>(world.transport->sent);
    quiet.resident = std::max(quiet.resident, ResidentMebibytes());
    const auto bare_before = std::chrono::steady_clock::now();
    (void)BareFetch(curl, emulator.port(), key, world.transport->targets);
    bare.push_back(Milliseconds(std::chrono::steady_clock::now() - bare_before).count());
    for (const std::string& target : world.transport->targets) {
      if (target.find("supportedimages") != std::string::npos) quiet.requests = 1e9;
    }
  }
  curl_easy_cleanup(curl);
  quiet.cpu = Median(cpu);
  quiet.wall = Median(wall);
  quiet.bare_wall = Median(bare);
  return quiet;
}

bool RunQuiet(const std::string& emulator_program) {
  fmt::print("a cycle without changes, 500 pools\n");
  const Quiet quiet = MeasureQuiet(emulator_program, 500, 41);
  bool kept = Bound("requests: one page of pools, one of counts", quiet.requests, 2, "");
  kept &= Bound("processor time", quiet.cpu, 50, "ms");
  Figure("wall time", quiet.wall, "ms");
  Figure("bare libcurl, the same pages", quiet.bare_wall, "ms");
  kept &= Bound("wall time / bare libcurl", quiet.wall / quiet.bare_wall, 2, "x");
  kept &= Bound("resident memory", quiet.resident, 32, "MiB");
  return kept;
}

bool RunGrowth(const std::string& emulator_program, int pools) {
  const Quiet quiet = MeasureQuiet(emulator_program, pools, pools > 1'000 ? 5 : 21);
  fmt::print("a cycle without changes, {} pools\n", pools);
  Figure("processor time per pool", quiet.cpu / pools * 1e3, "us");
  Figure("resident memory", quiet.resident, "MiB");
  return Bound("processor time per pool", quiet.cpu / pools * 1e3, pools < 100 ? 200 : 100, "us");
}

double CreateSeconds(const std::string& emulator_program, int in_flight, int* connections) {
  const EmulatorProcess emulator(emulator_program, {"--latency", "50ms"});
  AccountWorld world(emulator.port(), in_flight);
  const auto before = std::chrono::steady_clock::now();
  const auto& report = world.Run(MakeSpecs(500));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - before;
  if (report.writes != 500) throw std::runtime_error("not all pools were created");
  *connections = emulator.ConnectionsSeen();
  return taken.count();
}

bool RunCreate(const std::string& emulator_program) {
  fmt::print("500 pools created from nothing, 50 ms latency\n");
  int connections = 0;
  const double together = CreateSeconds(emulator_program, 8, &connections);
  int single = 0;
  const double one_at_a_time = CreateSeconds(emulator_program, 1, &single);
  Figure("eight in flight", together, "s");
  Figure("one at a time", one_at_a_time, "s");
  bool kept = Bound("eight in flight / one at a time", together / one_at_a_time, 0.25, "x");
  kept &= Bound("connections", connections, 8, "");
  return kept;
}

bool RunSpecs(const std::string&) {
  namespace fs = std::filesystem;
  fmt::print("spec trees, 5000 files in 50 folders\n");
  const fs::path root = fs::temp_directory_path() / fmt::format("poolkeeper-bench.{}", getpid());
  for (int i = 0; i < 5'000; ++i) {
    const fs::path folder = root / fmt::format("team-{:02}", i % 50);
    fs::create_directories(folder);
    std::ofstream(folder / fmt::format("pool-{:04}.yaml", i))
        << "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: pool-" << i
        << "}\nspec:\n  vmSize: standard_d2_v3\n  virtualMachineConfiguration:\n"
           "    imageReference: {publisher: canonical, offer: ubuntuserver, sku: 18.04-lts}\n"
           "  targetDedicatedNodes: 2\n  startTask: {commandLine: hostname}\n";
  }
  reconciler::daemon::DiskFileTree tree(root.string());
  doors::SimState state;
  reconciler::spec::LoadOptions options;
  options.accounts = {"demo"};
  reconciler::spec::SpecLoader loader(tree, state, options);
  auto before = std::chrono::steady_clock::now();
  auto loaded = loader.Load();
  Figure("first load", Milliseconds(std::chrono::steady_clock::now() - before).count(), "ms");
  if (!loaded || (*loaded)->pools.size() != 5'000) throw std::runtime_error("load failed");
  before = std::chrono::steady_clock::now();
  loaded = loader.Load();
  Figure("second load, nothing changed",
         Milliseconds(std::chrono::steady_clock::now() - before).count(), "ms");
  const bool kept =
      Bound("files read by the second load", static_cast<double>(loader.files_read()), 0, "");
  fs::remove_all(root);
  return kept;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: poolkeeper_bench BATCH-EMULATOR [--smoke]\n", stderr);
    return 64;
  }
  const std::string emulator = argv[1];
  const bool smoke = argc > 2 && std::string(argv[2]) == "--smoke";
  bench::times_count = !smoke;
  bool kept = bench::InProcess([&] { return bench::RunQuiet(emulator); });
  kept &= bench::InProcess([&] { return bench::RunGrowth(emulator, 50); });
  kept &= bench::InProcess([&] { return bench::RunGrowth(emulator, 500); });
  if (!smoke) {
    kept &= bench::InProcess([&] { return bench::RunGrowth(emulator, 5'000); });
    kept &= bench::InProcess([&] { return bench::RunCreate(emulator); });
    kept &= bench::InProcess([&] { return bench::RunSpecs(emulator); });
  }
  fmt::print("{}\n", kept ? "all bounds kept" : "a bound was passed");
  return kept ? 0 : 1;
}
