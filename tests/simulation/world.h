// A whole account in virtual time: the emulator's service, the keeper, somebody else, and faults.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "reconciler/core/random.h"
#include "reconciler/cycle/account_cycle.h"
#include "reconciler/spec/load.h"
#include "tests/doors/sim_clock.h"
#include "tests/doors/sim_secrets.h"
#include "tests/doors/sim_state.h"
#include "tests/doors/sim_transport.h"
#include "tests/doors/sim_tree.h"
#include "tests/doors/trace_sink.h"
#include "tests/emulator/faulty_service.h"
#include "tests/emulator/service.h"

namespace simulation {

/// What the specs of one pool say, and what the live pool must come to.
struct WantedPool {
  std::string id;
  bool auto_scale = false;
  int dedicated = 0;
  int low_priority = -1;  // -1: not named
  std::string command;    // of the start task; empty: none
  std::string team;       // metadata item; empty: none
  bool in_tree = true;
  bool broken = false;  // the file is unreadable at the moment
};

class World {
 public:
  explicit World(std::uint64_t seed);

  /// One cycle of the keeper at its due time, specs loaded anew; a kill ends it half-way.
  void RunKeeper(const reconciler::cycle::CycleOptions& options = {});
  /// The process is gone: memory lost, state folder and pools stay.
  void RestartKeeper();
  /// One random event: a spec edit, somebody else's call, a kill, an affliction, nothing.
  void Disturb();
  /// No more faults; each spec file readable.
  void Calm();

  /// Each spec in the tree is what its pool is, nodes included.
  bool Converged(std::string* why = nullptr);
  const reconciler::cycle::CycleReport& last() const { return last_; }
  std::string TraceDigest() const;
  std::string Get(const std::string& pool_id);
  emulator::Response Call(const std::string& method, const std::string& path,
                          const std::string& body = "");

  int fault_percent = 0;
  reconciler::SeededRandom random;
  doors::SimClock clock;
  emulator::Service service;
  emulator::FaultyService faulty;
  doors::SimTransport transport;
  doors::SimState state;
  doors::SimTree tree;
  doors::SimSecrets secrets;
  doors::TraceSink trace;
  std::vector<WantedPool> wanted;
  int kills = 0;

 private:
  void WriteSpec(const WantedPool& pool);
  void EditSpec();
  void SomebodyElse();
  doors::Fault DrawFault();

  reconciler::SeededRandom keeper_random_;
  reconciler::Doors doors_;
  std::unique_ptr<reconciler::cycle::Account> account_;
  std::unique_ptr<reconciler::spec::SpecLoader> loader_;
  std::shared_ptr<const reconciler::SpecSnapshot> specs_;
  reconciler::cycle::CycleReport last_;
  int kill_in_ = -1;  // exchanges until the keeper is killed
};

}  // namespace simulation
