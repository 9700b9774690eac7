// From a spec and a live pool to the changes, the steps, and what holds them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/core/property.h"
#include "reconciler/core/reason.h"
#include "reconciler/plan/image.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/ownership.h"
#include "reconciler/plan/prepared.h"
#include "reconciler/plan/record.h"

namespace reconciler::plan {

/// What is the same for all pools of an account in one cycle.
struct DecideContext {
  std::string account;
  Identity identity;
  Mode account_mode = Mode::kManage;
  std::string api_version = "2025-06-01";
  std::string revision;
  const PropertyTable* table = nullptr;
  const ImageList* images = nullptr;                       // nullptr: could not be read yet
  const std::vector<Application>* applications = nullptr;  // nullptr: not asked, nothing is said
  bool frozen = false;                                     // a freeze file stands
  bool takes_new_forms = false;  // a person asked: see VerdictInput::takes_new_form
  Instant wall{};
  Tick now{};
};

/// One line of the plan.
struct Change {
  std::string property;  // top-level name or "metadata.team"; what records and alerts are keyed by
  std::string path;      // "startTask.commandLine"
  std::optional<Value> before;    // live; nullopt: absent
  std::optional<Value> after;     // desired; nullopt: absent
  std::optional<Value> standard;  // the default that takes the place of an absent `after`, if any
  bool sensitive = false;
  Cost cost = Cost::kPatch;
  Cause cause = Cause::kNone;
  Position position;  // of the spec (or defaults) member; no file when it left the spec
  std::string note;   // "reaches nodes when they restart"
};

enum class StepKind {
  kCreate,
  kAdopt,            // metadata alone: owner, source, pool, incarnation
  kPatch,            // properties of cost patch and reboot, with the whole metadata list
  kForget,           // metadata alone: the record forgets released properties
  kRecordKept,       // metadata alone: the record learns what the service made of a value
  kRemoveStartTask,  // updateproperties
  kStopResize,
  kDisableAutoScale,
  kEnableAutoScale,
  kResize,
  kRetryAllocation,  // the same resize again
};
std::string_view StepName(StepKind kind);  // "create", "patch", "resize", "stop resize", ...

/// One call to the service, with absolute values.
struct Step {
  StepKind kind = StepKind::kPatch;
  std::vector<std::string> properties{};  // kPatch: what is written; kForget, kRecordKept: names
  int dedicated = 0;                      // kResize, kRetryAllocation, kCreate with fixed targets
  int low_priority = 0;
  std::string summary{};  // "retry allocation (20 of 40, AllocationTimedout, 3rd try)", or empty
  Reason reason = Reason::kNone;  // kAdopt: kReadopted where our stamp had been removed
};

/// What `Hold::property` says for the whole scale group.
inline constexpr std::string_view kScaleGroup = "scale";

/// Why (a part of) the plan of a pool is not carried out now.
struct Hold {
  Reason reason = Reason::kNone;
  std::string message{};        // for people, with what it would take
  bool lifted_by_time = false;  // else a person has to
  Position position{};
  std::string property{};  // what is held: a property, kScaleGroup, or (empty) the whole pool
};
/// Whether the reason is one of the condition Frozen: counted apart from what is blocked.
bool IsFrozenReason(Reason reason);

struct Released {
  std::string property{};
  std::string text{};  // "released targetDedicatedNodes, stays 40; write 0 to empty the pool"
  Position position{};
};

enum class Presence { kAbsent, kPresent, kDeleting };
std::string_view PresenceName(Presence presence);  // "absent", "present", "deleting"

/// Everything that is decided about one pool in one round. A pure value: printable, comparable.
struct PoolPlan {
  std::string pool;                // live spelling, or the spec's where there is no live pool
  const PoolSpec* spec = nullptr;  // nullptr: orphan
  Presence presence = Presence::kAbsent;
  Ownership ownership = Ownership::kUnclaimed;
  std::vector<Change> changes;  // carried out by `steps`, unless a hold or observe mode forbids it
  std::vector<Change> blocked;  // differences of a cost that is not executed
  std::vector<Change> kept;     // the service keeps another value
  std::vector<Released> released;
  std::vector<Step> steps;    // in order; what is foreseen from this observation
  std::vector<Hold> holds;    // those of the whole pool first: with one of these no steps
  bool observe_only = false;  // differences are shown, marked (observe), and no step is taken
  bool memory_reduced = false;
  std::string not_refreshed;  // "3 nodes booted before ... may run the old start task", or empty
  /// Of a pool whose spec leaves the SKU to the list: the newer one that a new pool would get.
  std::string newer_sku;
  std::string memory_damaged;  // the record cannot be read: what is wrong and what it means
  /// Secrets that cannot be compared, of another digest key or of a pool that is to be adopted:
  /// recorded with the next write.
  std::vector<std::string> secret_unknown;
  // For the guards: targets that count, before and after; a constant formula counts as its value.
  bool owned = false;
  int nodes_before = 0;
  int nodes_after = 0;
  /// Of `nodes_before`: what somebody else added lately, in sight of this process, to targets that
  /// the spec has held all the time. Not ours to lose.
  int nodes_of_others = 0;
  bool nodes_known = false;  // false: a formula that is not constant decides
  std::string renamed_from;  // an orphan with an equal body
  /// Memory that this look teaches: in-sync properties with their live digests, and the scale
  /// group.
  std::vector<std::pair<std::string, std::string>> in_sync;
  std::optional<SeenScale> scale_in_sync;

  bool HasWork() const { return !steps.empty(); }
  bool Differs() const { return !changes.empty() || !blocked.empty(); }
  bool Creates() const;  // now, or once a hold that time lifts has ended
  bool Adopts() const;   // claimed by its first step
  /// Something stands in the way that only a person can remove; frozen pools are counted apart.
  bool IsBlocked() const;
  bool IsFrozen() const;
};

/// Decides about one pool that has a spec. `live` nullptr: there is no such pool. Pure.
/// The order of steps: adopt; patch, remove start task; then the scale group.
PoolPlan DecidePool(const DecideContext& context, const PreparedSpec& prepared,
                    const LivePool* live, Ownership ownership, const PoolMemory& memory);

/// The plan of one account.
struct AccountPlan {
  std::string account;
  std::string revision;
  bool specs_complete = true;
  std::vector<PoolPlan> pools;             // sorted by pool id
  std::vector<UnreadableSpec> unreadable;  // specs with errors and no last good state
  std::vector<std::string> orphans;        // ours and no spec names them
  std::vector<std::string> unmanaged;      // neither
  std::size_t checked = 0;                 // pools of specs that were compared
  long long nodes_after = 0;               // sum of all targets that are known; see SumNodes
  std::optional<long long> nodes_max;      // `maxNodes`; unset: the plan prints the sum
  std::optional<Hold> parked;              // a guard stopped the whole plan

  // Numbers of pools. One pool may count as to change and as blocked.
  std::size_t ToCreate() const;
  std::size_t ToAdopt() const;
  std::size_t ToChange() const;  // also those that wait for time alone; of those to adopt the ones
                                 // that differ
  std::size_t Blocked() const;
  std::size_t Frozen() const;    // with differences that a freeze holds
  std::size_t Observed() const;  // with differences that observe mode does not touch
  std::size_t Kept() const;      // properties, not pools
  bool Empty() const;  // nothing to create, to adopt, to change, blocked, frozen or observed
};
/// The targets of all pools of `plan` once it is carried out, plus those of pools outside of it.
long long SumNodes(const AccountPlan& plan, long long other_targets);

/// Marks renames: an orphan and a create whose bodies are equal. Needs the orphans' bodies as
/// digests over canonical forms; `orphan_digests` and `create_digests` are id -> digest.
void FindRenames(AccountPlan& plan, const std::map<std::string, std::string>& orphan_digests,
                 const std::map<std::string, std::string>& create_digests);
/// Digest over the canonical form of a whole body (without metadata of ours, secrets, targets).
std::string BodyDigest(const Value& body, const PropertyTable& table, std::string_view api_version);

}  // namespace reconciler::plan
