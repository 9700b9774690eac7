// One pool, one spec, one process: small enough that all of its histories can be walked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/plan/plan.h"
#include "reconciler/plan/write.h"

namespace reconciler::plan {

/// What the service does with a value that it is sent.
enum class Habit {
  kExact,
  kRespells,
  kIgnores,         // never takes it
  kIgnoresChanges,  // takes it at create, ignores it in each later call
};

/// The one property that the spec names.
enum class Subject { kStartTask, kTeam, kVmSize };
std::string NameOf(Subject subject);

/// What the spec says about the subject. `kLeft`: the spec does not name it.
enum class Wish { kA, kB, kNull, kLeft };

enum class Happening {
  kSpecEdit,       // the next wish of the script
  kForeignEdit,    // somebody writes a value of their own, or takes theirs away
  kForeignRepair,  // somebody writes what the spec says
  kCycle,
  kBlindCycle,  // a cycle that cannot look again after its first write
  kDeath,       // a cycle whose process dies right after its first write
  kStateLost,   // a new process that knows nothing
  kUpgrade,     // a new process of another api-version
};
inline constexpr Happening kHappenings[] = {Happening::kSpecEdit,      Happening::kForeignEdit,
                                            Happening::kForeignRepair, Happening::kCycle,
                                            Happening::kBlindCycle,    Happening::kDeath,
                                            Happening::kStateLost,     Happening::kUpgrade};
std::string_view HappeningName(Happening happening);

/// The service: one body with a version, and its habit with the subject.
struct Service {
  Habit habit = Habit::kExact;
  Subject subject = Subject::kStartTask;
  Value body;
  int version = 0;

  /// The value as text; empty: absent.
  std::string Text() const;
  /// What somebody else writes goes in as it is.
  void Put(const std::string& text);
  /// Carries out a call of ours; returns the new version.
  int Apply(const WriteIntent& intent);
  LivePool Get() const;
  bool Ignores(StepKind kind) const;
};

/// The truth, kept beside the code under test and never shown to it.
struct Truth {
  std::optional<Wish> applied;  // by our last write of the subject; nullopt: nothing, or given up
  std::string left_by_us;       // the live value right after that write
  bool proven = false;          // a process has seen what that write made, with nobody in between
  std::optional<std::string> seen;  // what this process last saw as settled: in sync or kept
  bool touched = false;             // somebody else wrote since then
};

struct World {
  Service service;
  Truth truth;
  PoolMemory memory;
  std::size_t wish = 0;  // into the script
  bool upgraded = false;
};

/// The text that a wish asks for; empty: absent.
std::string TextOf(Subject subject, Wish wish);

/// Drives the real decisions, as a cycle does.
class Historian {
 public:
  Historian(Subject subject, Habit habit, std::vector<Wish> script);

  /// A pool that we created; `watched`: and read back.
  World Begin(bool watched);
  /// Moves the world on; problems found on the way, in words.
  std::vector<std::string> Step(World& world, Happening happening);
  /// All that decides how the world goes on.
  std::string Key(const World& world) const;
  int writes() const { return writes_; }

 private:
  Wish WishOf(const World& world) const { return script_[world.wish]; }
  const PreparedSpec& Prepared(const World& world) const { return prepared_[world.wish]; }
  DecideContext Context(const World& world) const;
  PoolPlan Look(World& world);
  void RunCycle(World& world, bool one_write);
  void Write(World& world, const PoolPlan& plan, const plan::Step& step);
  void Learn(World& world);
  void CheckPlan(const World& world, const PoolPlan& plan);
  void CheckCause(const World& world, const PoolPlan& plan, Cause cause);
  void CheckWrite(const World& world, const plan::Step& step);
  void Complain(const std::string& text) { problems_.push_back(text); }

  Subject subject_;
  Habit habit_;
  std::vector<Wish> script_;
  std::vector<PoolSpec> specs_;
  std::vector<PreparedSpec> prepared_;
  std::vector<std::string> problems_;
  int writes_ = 0;
};

}  // namespace reconciler::plan
