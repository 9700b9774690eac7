// One account, its specs and the emulator's service on virtual time, for tests of whole cycles.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reconciler/core/random.h"
#include "reconciler/cycle/account_cycle.h"
#include "reconciler/spec/load.h"
#include "tests/cycle/bent_transport.h"
#include "tests/doors/sim_clock.h"
#include "tests/doors/sim_secrets.h"
#include "tests/doors/sim_state.h"
#include "tests/doors/sim_transport.h"
#include "tests/doors/sim_tree.h"
#include "tests/doors/trace_sink.h"
#include "tests/emulator/service.h"

namespace keeper {

/// The service with the switches of this run, see tests/emulator/test/other_side.h.
emulator::ServiceConfig ServiceOfRun();

struct Settings {
  emulator::ServiceConfig service = ServiceOfRun();
  std::string api_version = "2025-06-01";
  reconciler::Mode mode = reconciler::Mode::kManage;
  std::optional<long long> nodes_max{};
};

/// A spec of the guide's image; `more` is appended below `spec:` with two blanks of indent.
std::string PoolText(const std::string& name, const std::string& more,
                     const std::string& policy = "");

class Keeper {
 public:
  explicit Keeper(Settings settings = {});

  /// Loads the specs and runs one cycle at its due time.
  const reconciler::cycle::CycleReport& Run(reconciler::cycle::CycleOptions options = {},
                                            std::stop_token stop = {});
  /// Runs until every pool is Ready; false after `cycles_max` cycles.
  bool RunUntilReady(int cycles_max = 20);
  /// Runs until every pool is Ready, fails the test if that never happens, and forgets the writes.
  void Settle();
  /// Lets time pass, then runs one cycle.
  const reconciler::cycle::CycleReport& RunAfter(reconciler::Tick wait);
  /// Runs one cycle before it is due, as a change on disk or a person makes it.
  const reconciler::cycle::CycleReport& RunNow();
  /// The writes of so many further cycles.
  std::vector<std::string> WritesOfCycles(int cycles);
  /// Memory lost; the state folder and the pools stay.
  void Restart();

  /// Writes the spec of one pool into a file of its name.
  void Spec(const std::string& name, const std::string& more = "", const std::string& policy = "");

  /// Somebody else's call; the answer's status.
  int Call(const std::string& method, const std::string& path, const std::string& body = "");
  reconciler::Value Get(const std::string& pool_id);
  /// The items of the pool's metadata by name; "" where there is none.
  std::string Item(const std::string& pool_id, const std::string& name);
  const reconciler::cycle::PoolStatus& StatusOf(const std::string& pool_id) const;
  /// The plan of the last cycle for one pool.
  const reconciler::plan::PoolPlan& PlanOf(const std::string& pool_id) const;
  std::string PlanText() const;
  /// Events of a kind; with a pool only those about it.
  std::vector<reconciler::Event> Events(reconciler::EventKind kind,
                                        const std::string& pool_id = "") const;
  /// "PATCH /pools/p1" for each mutation that reached the service since the last call of this.
  std::vector<std::string> TakeWrites();

  std::vector<std::string> accounts{"demo"};  // of the configuration; read by Restart
  doors::SimClock clock;
  emulator::Service service;
  doors::SimTransport transport;
  BentTransport bent;
  doors::SimState state;
  doors::SimTree tree;
  doors::SimSecrets secrets;
  doors::TraceSink trace;
  reconciler::SeededRandom random{7};
  std::unique_ptr<reconciler::cycle::Account> account;
  std::shared_ptr<const reconciler::SpecSnapshot> specs;
  reconciler::cycle::CycleReport last;

 private:
  Settings settings_;
  reconciler::Doors doors_;
  std::unique_ptr<reconciler::spec::SpecLoader> loader_;
  std::size_t writes_taken_ = 0;
};

}  // namespace keeper
