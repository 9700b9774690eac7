#include "tests/simulation/world.h"

#include <fmt/format.h>

#include <utility>

#include "reconciler/batch/shared_key.h"
#include "reconciler/core/json.h"
#include "tests/doors/foreign_call.h"
#include "tests/emulator/test/other_side.h"
#include "tests/simulation/service_faults.h"

namespace simulation {
namespace {

using namespace reconciler;

constexpr char kAccount[] = "demo";
constexpr int kPools = 4;

Instant StartOfTime() { return Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)); }

emulator::ServiceConfig ServiceConfigOf(std::uint64_t seed) {
  emulator::ServiceConfig config;
  config.verify_signatures = false;
  config.switches = emulator::SwitchesOfRun();
  config.seed = seed;
  return config;
}

cycle::AccountConfig AccountConfigOf() {
  cycle::AccountConfig config;
  config.name = kAccount;
  config.endpoint = {"http", "demo.local", 80};
  config.identity = {"fleet", "specs"};
  return config;
}

spec::LoadOptions LoadOptionsOf() {
  spec::LoadOptions options;
  options.accounts = {kAccount};
  return options;
}

std::string SpecText(const WantedPool& pool) {
  std::string text = fmt::format(
      "apiVersion: poolkeeper/v1\n"
      "kind: Pool\n"
      "metadata: {{name: {}}}\n"
      "spec:\n"
      "  vmSize: STANDARD_D2_V3\n"
      "  virtualMachineConfiguration:\n"
      "    imageReference: {{publisher: canonical, offer: ubuntuserver, sku: 18.04-lts}}\n",
      pool.id);
  if (pool.auto_scale) {
    text +=
        fmt::format("  enableAutoScale: true\n  autoScaleFormula: $TargetDedicatedNodes = {};\n",
                    pool.dedicated);
  } else {
    text += fmt::format("  targetDedicatedNodes: {}\n", pool.dedicated);
    if (pool.low_priority >= 0) {
      text += fmt::format("  targetLowPriorityNodes: {}\n", pool.low_priority);
    }
  }
  if (!pool.command.empty())
    text += fmt::format("  startTask: {{commandLine: {}}}\n", pool.command);
  if (!pool.team.empty())
    text += fmt::format("  metadata: [{{name: team, value: {}}}]\n", pool.team);
  return text;
}

}  // namespace

World::World(std::uint64_t seed)
    : random(seed, "world"),
      clock(StartOfTime()),
      service(ServiceConfigOf(seed), [this] { return clock.Wall(); }),
      faulty(
          service, DrawnAnswers(seed), [this] { return clock.Wall(); },
          [this] { return clock.Wall(); }),
      transport(service, clock),
      keeper_random_(seed, "keeper"),
      doors_{transport, clock, keeper_random_, state, secrets, trace} {
  transport.keep_log = false;
  transport.draw_fault = [this](const HttpRequest&) { return DrawFault(); };
  transport.serve = [this](const emulator::Request& request) {
    if (fault_percent > 0) return faulty.Handle(request);
    faulty.Settle();
    return service.Handle(request);
  };
  transport.foreign_edit = [this](const HttpRequest&) { SomebodyElse(); };
  transport.kill = [this](const HttpRequest&, bool) { return kill_in_ >= 0 && kill_in_-- == 0; };
  for (int i = 0; i < kPools; ++i) {
    WantedPool pool;
    pool.id = fmt::format("pool-{}", i);
    pool.dedicated = static_cast<int>(random.Below(5)) + 1;
    pool.command = i % 2 == 0 ? "hostname" : "";
    pool.team = i % 3 == 0 ? "render" : "";
    wanted.push_back(pool);
    WriteSpec(pool);
  }
  RestartKeeper();
}

void World::RestartKeeper() {
  account_ = std::make_unique<cycle::Account>(
      AccountConfigOf(), std::make_unique<batch::SharedKeyCredential>("demo", Secret("key")));
  loader_ = std::make_unique<spec::SpecLoader>(tree, state, LoadOptionsOf());
  specs_.reset();
  last_ = {};
  kill_in_ = -1;
}

void World::RunKeeper(const cycle::CycleOptions& options) {
  clock.AdvanceTo(last_.next_due);
  auto loaded = loader_->Load();
  if (loaded) specs_ = *loaded;
  if (!specs_) return;
  (void)loader_->CommitLastGood();
  try {
    last_ = cycle::RunCycle(*account_, specs_, doors_, options, {});
  } catch (const doors::KeeperKilled&) {
    ++kills;
    RestartKeeper();
  }
}

doors::Fault World::DrawFault() {
  if (static_cast<int>(random.Below(100)) >= fault_percent) return doors::Fault::kNone;
  return static_cast<doors::Fault>(1 + random.Below(doors::kFaultKinds - 1));
}

void World::WriteSpec(const WantedPool& pool) {
  const std::string path = "pools/" + pool.id + ".yaml";
  if (!pool.in_tree) {
    tree.Remove(path);
  } else {
    tree.Write(path, pool.broken ? "kind: [Pool\n" : SpecText(pool));
  }
}

void World::EditSpec() {
  WantedPool& pool = wanted[random.Below(wanted.size())];
  switch (random.Below(8)) {
    case 0:
    case 1:
      pool.dedicated = static_cast<int>(random.Below(9));
      break;
    case 2:
      pool.command = random.Below(3) == 0 ? "" : fmt::format("echo {}", random.Below(100));
      break;
    case 3:
      pool.team = random.Below(3) == 0 ? "" : fmt::format("team{}", random.Below(100));
      break;
    case 4:
      pool.auto_scale = !pool.auto_scale;
      break;
    case 5:
      pool.low_priority = static_cast<int>(random.Below(4)) - 1;
      break;
    case 6:
      pool.broken = !pool.broken;
      break;
    default:
      pool.in_tree = !pool.in_tree;
  }
  WriteSpec(pool);
}

void World::SomebodyElse() {
  const std::string id = wanted[random.Below(wanted.size())].id;
  const std::string path = "/pools/" + id;
  switch (random.Below(8)) {
    case 0:
    case 1:
      (void)Call("POST", path + "/resize",
                 fmt::format(R"({{"targetDedicatedNodes":{},"targetLowPriorityNodes":0}})",
                             random.Below(9)));
      break;
    case 2:
      (void)Call("PATCH", path, R"({"startTask":{"commandLine":"rm -rf /tmp/x"}})");
      break;
    case 3:
      (void)Call("POST", path + "/stopresize");
      break;
    case 4:
      (void)Call("POST", path + "/disableautoscale");
      break;
    case 5:
      (void)Call(
          "POST", path + "/enableautoscale",
          fmt::format(R"({{"autoScaleFormula":"$TargetDedicatedNodes = {};"}})", random.Below(9)));
      break;
    case 6: {
      // A colleague who keeps our items and changes or adds one of his own.
      auto body = ParseJson(Get(id));
      if (!body || !body->IsObject()) break;
      std::vector<MetadataItem> items = ReadMetadata(*body);
      if (items.empty()) break;
      const std::string value = fmt::format("v{}", random.Below(100));
      bool found = false;
      for (MetadataItem& item : items) {
        if (item.name != "team") continue;
        item.value = value;
        found = true;
      }
      if (!found) items.push_back({"note", value});
      Value patch;
      patch.Set("metadata", WriteMetadata(items));
      (void)Call("PATCH", path, WriteJson(patch));
      break;
    }
    default:
      if (random.Below(4) == 0) (void)Call("DELETE", path);
  }
}

void World::Disturb() {
  switch (random.Below(11)) {
    case 0:
    case 1:
    case 2:
      EditSpec();
      break;
    case 3:
    case 4:
      SomebodyElse();
      break;
    case 5:
      kill_in_ = static_cast<int>(random.Below(12));
      break;
    case 6:
      RestartKeeper();
      break;
    case 7:
      (void)service.Preempt(kAccount, wanted[random.Below(wanted.size())].id, 1);
      break;
    case 8:
      Afflict(service, random, kAccount, wanted[random.Below(wanted.size())].id);
      break;
    default:
      break;
  }
}

void World::Calm() {
  fault_percent = 0;
  faulty.Forget();
  kill_in_ = -1;
  for (WantedPool& pool : wanted) {
    pool.broken = false;
    WriteSpec(pool);
  }
}

emulator::Response World::Call(const std::string& method, const std::string& path,
                               const std::string& body) {
  return doors::ForeignCall(service, method, path, body);
}

std::string World::Get(const std::string& pool_id) { return service.PoolJson(kAccount, pool_id); }

bool World::Converged(std::string* why) {
  const auto differs = [&](const WantedPool& pool, const std::string& what) {
    if (why != nullptr) *why = pool.id + ": " + what + "\n" + Get(pool.id);
    return false;
  };
  for (const WantedPool& pool : wanted) {
    if (!pool.in_tree) continue;
    const auto body = ParseJson(Get(pool.id));
    if (!body || body->Find("id") == nullptr) return differs(pool, "does not exist");
    if (body->StringOr("allocationState") != "steady") return differs(pool, "not steady");
    if (body->IntOr("targetDedicatedNodes", -1) != pool.dedicated) return differs(pool, "target");
    if (body->IntOr("currentDedicatedNodes", -1) != pool.dedicated) return differs(pool, "nodes");
    if (body->BoolOr("enableAutoScale", false) != pool.auto_scale)
      return differs(pool, "autoscale");
    if (!pool.auto_scale && pool.low_priority >= 0 &&
        body->IntOr("targetLowPriorityNodes", -1) != pool.low_priority) {
      return differs(pool, "Spot target");
    }
    // A start task that the spec does not name is somebody else's, or none; never one of ours.
    const Value* live_command = body->FindPath("startTask.commandLine");
    const std::string command = live_command != nullptr ? live_command->AsString() : "";
    if (pool.command.empty() ? command.starts_with("echo") : command != pool.command) {
      return differs(pool, "start task");
    }
    std::string team;
    for (const MetadataItem& item : ReadMetadata(*body)) {
      if (item.name == "team") team = item.value;
    }
    if (team != pool.team && !pool.team.empty()) return differs(pool, "metadata");
  }
  return true;
}

std::string World::TraceDigest() const {
  return trace.digest() + "/" + std::to_string(transport.exchanges) + "/" +
         std::to_string(transport.writes);
}

}  // namespace simulation
