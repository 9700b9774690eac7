#include "tests/cycle/keeper.h"

#include <doctest/doctest.h>

#include <utility>

#include "reconciler/batch/shared_key.h"
#include "reconciler/core/json.h"
#include "reconciler/plan/render.h"
#include "tests/doors/foreign_call.h"
#include "tests/emulator/test/other_side.h"

namespace keeper {
namespace {

using namespace reconciler;

Instant StartOfTime() { return Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)); }

emulator::ServiceConfig Trusting(emulator::ServiceConfig config) {
  config.verify_signatures = false;  // signatures have tests of their own
  return config;
}

}  // namespace

emulator::ServiceConfig ServiceOfRun() {
  emulator::ServiceConfig config;
  config.switches = emulator::SwitchesOfRun();
  return config;
}

std::string PoolText(const std::string& name, const std::string& more, const std::string& policy) {
  std::string text =
      "apiVersion: poolkeeper/v1\n"
      "kind: Pool\n"
      "metadata: {name: " +
      name +
      "}\n"
      "spec:\n"
      "  vmSize: standard_d2_v3\n"
      "  virtualMachineConfiguration:\n"
      "    imageReference: {publisher: canonical, offer: ubuntuserver, sku: 18.04-lts}\n" +
      more;
  if (!policy.empty()) text += "policy:\n" + policy;
  return text;
}

Keeper::Keeper(Settings settings)
    : clock(StartOfTime()),
      service(Trusting(settings.service), [this] { return clock.Wall(); }),
      transport(service, clock),
      bent(transport),
      settings_(std::move(settings)),
      doors_{bent, clock, random, state, secrets, trace} {
  Restart();
}

void Keeper::Restart() {
  cycle::AccountConfig config;
  config.name = "demo";
  config.endpoint = {"http", "demo.local", 80};
  config.identity = {"contoso-batch", "pools-main"};
  config.api_version = settings_.api_version;
  config.mode = settings_.mode;
  config.nodes_max = settings_.nodes_max;
  account = std::make_unique<cycle::Account>(
      config, std::make_unique<batch::SharedKeyCredential>("demo", Secret("key")));
  spec::LoadOptions options;
  options.accounts = accounts;
  options.api_version_of = [version = settings_.api_version](std::string_view) { return version; };
  loader_ = std::make_unique<spec::SpecLoader>(tree, state, options);
  last = {};
}

const cycle::CycleReport& Keeper::Run(cycle::CycleOptions options, std::stop_token stop) {
  clock.AdvanceTo(last.next_due);
  auto loaded = loader_->Load();
  REQUIRE(loaded);
  specs = *loaded;
  if (options.act) (void)loader_->CommitLastGood();
  last = cycle::RunCycle(*account, specs, doors_, options, std::move(stop));
  return last;
}

bool Keeper::RunUntilReady(int cycles_max) {
  for (int cycle = 0; cycle < cycles_max; ++cycle) {
    Run();
    bool ready = last.observed;
    for (const auto& status : last.statuses) ready &= status.condition == Condition::kReady;
    if (ready) return true;
  }
  return false;
}

void Keeper::Settle() {
  REQUIRE(RunUntilReady());
  (void)TakeWrites();
}

const cycle::CycleReport& Keeper::RunAfter(Tick wait) {
  clock.Advance(wait);
  return Run();
}

const cycle::CycleReport& Keeper::RunNow() {
  last.next_due = {};
  return Run();
}

std::vector<std::string> Keeper::WritesOfCycles(int cycles) {
  (void)TakeWrites();
  for (int cycle = 0; cycle < cycles; ++cycle) Run();
  return TakeWrites();
}

void Keeper::Spec(const std::string& name, const std::string& more, const std::string& policy) {
  tree.Write(name + ".yaml", PoolText(name, more, policy));
}

int Keeper::Call(const std::string& method, const std::string& path, const std::string& body) {
  return doors::ForeignCall(service, method, path, body).status;
}

Value Keeper::Get(const std::string& pool_id) {
  const std::string text = service.PoolJson("demo", pool_id);
  if (text.empty()) return {};
  auto body = ParseJson(text);
  REQUIRE(body);
  return *body;
}

std::string Keeper::Item(const std::string& pool_id, const std::string& name) {
  for (const MetadataItem& item : ReadMetadata(Get(pool_id))) {
    if (item.name == name) return item.value;
  }
  return "";
}

const cycle::PoolStatus& Keeper::StatusOf(const std::string& pool_id) const {
  for (const auto& status : last.statuses) {
    if (status.pool == pool_id) return status;
  }
  FAIL("no status of pool " << pool_id);
  return last.statuses.front();
}

const plan::PoolPlan& Keeper::PlanOf(const std::string& pool_id) const {
  for (const auto& pool : last.plan.pools) {
    if (pool.pool == pool_id) return pool;
  }
  FAIL("no plan of pool " << pool_id);
  return last.plan.pools.front();
}

std::vector<Event> Keeper::Events(EventKind kind, const std::string& pool_id) const {
  std::vector<Event> events;
  for (const Event& event : trace.events) {
    if (event.kind == kind && (pool_id.empty() || event.pool == pool_id)) events.push_back(event);
  }
  return events;
}

std::string Keeper::PlanText() const { return plan::RenderPlan(last.plan, {}); }

std::vector<std::string> Keeper::TakeWrites() {
  std::vector<std::string> writes;
  for (; writes_taken_ < transport.log.size(); ++writes_taken_) {
    const auto& entry = transport.log[writes_taken_];
    if (entry.method == "GET") continue;
    writes.push_back(entry.method + " " + entry.target.substr(0, entry.target.find('?')));
  }
  return writes;
}

}  // namespace keeper
