// What the rooms hand to each other about pools.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/time_text.h"
#include "reconciler/core/value.h"

namespace reconciler {

/// A place in a spec tree. Lines and columns count from 1, columns in characters; 0: unknown.
struct Position {
  std::shared_ptr<const std::string> file;  // path below the root of the tree
  int line = 0;
  int column = 0;
};
/// "pools/render.yaml:14:5", without what is unknown.
std::string FormatPosition(const Position& position);

enum class Mode { kManage, kObserve };
enum class OnPending { kWait, kStop };

/// How poolkeeper treats one pool; never sent to the service. Defaults as in pool.schema.json.
struct Policy {
  Mode mode = Mode::kManage;
  bool adopt = false;
  OnPending on_pending = OnPending::kWait;
  std::string node_deallocation_option = "requeue";
  bool allow_unverified = false;
  bool allow_ended = false;
  bool allow_unlisted = false;
  /// `policy.image.newest.skuPattern`: at create the list gives the SKU, which the body does not
  /// name; empty: the body names it.
  std::string newest_sku_pattern;
};

/// One pool as its spec wants it, after defaults are merged.
struct PoolSpec {
  std::string id;       // metadata.name
  std::string account;  // never empty once loaded
  /// The REST body of "create pool" without `id`, as written: secrets are {"secretRef": name}, null
  /// means "ours, at the service's default", the image is unresolved.
  Value body;
  Policy policy;
  Position position;  // of metadata.name
  /// Where each member of `body` stands: "startTask.commandLine", "metadata.team" for an item of
  /// metadata, "applicationPackageReferences[0].version" elsewhere.
  std::map<std::string, Position, std::less<>> positions;
  /// Why this is the last good state and not the file's: "" when it is the file's. A frozen pool is
  /// observed and never written.
  std::string frozen_reason;
  /// Properties of the scale group (the only ones without a record on the pool) that the last good
  /// spec named and this one does not.
  std::vector<std::string> scale_left;
  /// The `scale_left` of a spec that has just gone from autoscale to fixed targets.
  bool was_auto_scale = false;
  /// Digest over body and policy: changes whenever the spec does.
  std::string digest;

  /// The position of the member at `path` or of its nearest parent; else that of the document.
  const Position& PositionOf(std::string_view path) const;
};

/// "account/id" without case: the identity of a pool among all specs.
std::string PoolKey(std::string_view account, std::string_view id);

struct ResizeError {
  std::string code;
  std::string message;
};

enum class AllocationState { kSteady, kResizing, kStopping, kUnknown };
std::string_view AllocationStateName(AllocationState state);

struct AutoScaleRun {
  std::optional<Instant> timestamp;
  std::string results;
  std::string error_code;  // empty: evaluated without error
  std::string error_message;
};

/// What the service returned for a pool. `body` is the whole answer; the rest is read from it.
struct LivePool {
  std::string id;
  std::string etag;
  std::string creation_time;  // as text: compared, never computed with
  std::optional<Instant> last_modified;
  bool deleting = false;
  AllocationState allocation_state = AllocationState::kUnknown;
  std::optional<Instant> allocation_transition;
  std::string vm_size;
  int current_dedicated = 0;
  int current_low_priority = 0;
  int target_dedicated = 0;
  int target_low_priority = 0;
  bool auto_scale = false;
  std::vector<ResizeError> resize_errors;
  std::optional<AutoScaleRun> auto_scale_run;
  Value body;

  int CurrentNodes() const { return current_dedicated + current_low_priority; }
  int TargetNodes() const { return target_dedicated + target_low_priority; }
  bool AtTarget() const {
    return current_dedicated == target_dedicated && current_low_priority == target_low_priority;
  }
};

/// One item of the pool's metadata, in the service's order.
struct MetadataItem {
  std::string name;
  std::string value;
  friend bool operator==(const MetadataItem&, const MetadataItem&) = default;
};
/// The metadata of a pool body; items that are not {name, value} strings are left out.
std::vector<MetadataItem> ReadMetadata(const Value& pool_body);
Value WriteMetadata(const std::vector<MetadataItem>& items);

/// Nodes of one pool by state, dedicated and Spot together.
struct NodeCounts {
  std::string pool_id;
  std::map<std::string, int, std::less<>>
      by_state;  // "idle", "startTaskFailed", ...; zeros left out
  int total = 0;
  int Of(std::string_view state) const;
};

struct SupportedImage {
  std::string publisher;
  std::string offer;
  std::string sku;
  std::string version;
  std::string node_agent;  // nodeAgentSKUId
  std::string os_type;     // linux, windows
  bool verified = false;
  std::vector<std::string> capabilities;
  std::optional<Instant> end_of_life;  // batchSupportEndOfLife
};

/// An application of the account with packages that nodes can get.
struct Application {
  std::string id;
  std::vector<std::string> versions;
};

/// Something wrong (or worth a warning) in a file; messages end without a full stop.
struct Finding {
  enum class Level { kWarning, kError };
  Level level = Level::kError;
  Position position;
  std::string path;     // key path within the document, "spec.startTask.commandLine"; may be empty
  std::string message;  // "unknown key 'x' (did you mean 'y'?)"
  std::string line_text;   // the line of the file, raw, for the caret; may be empty
  int line_text_from = 0;  // characters of a long line that stand before `line_text`
  int pools_hit = 0;       // a value that comes from folder defaults: how many pools it reaches
};
/// "file:line:column: message", then the line and a caret where known. `warning: ` stands before
/// the message of a warning. Of a long line the part around the column is shown; what a terminal
/// would obey is shown as an escape. No line feed at the end.
std::string FormatFinding(const Finding& finding);
/// By file, line, column, message.
void SortFindings(std::vector<Finding>& findings);

/// A spec with errors and without a last good state: its pool is known by name and by nothing else.
struct UnreadableSpec {
  std::string account;
  std::string id;
  Position position;    // of metadata.name
  std::string problem;  // "pools/render.yaml:5:3: unknown key ..."
};

/// All specs of one look at the tree; shared between account threads and never changed.
struct SpecSnapshot {
  std::string revision;                    // "sha256:" and 12 hex digits
  bool complete = false;                   // false: nothing counts as removed
  std::vector<PoolSpec> pools;             // sorted by account, id; the frozen ones included
  std::vector<UnreadableSpec> unreadable;  // their live pools are no orphans
  std::vector<Finding> findings;
  std::size_t files = 0;
  std::size_t files_read = 0;  // not served from memory

  std::vector<const PoolSpec*> OfAccount(std::string_view account) const;
};

}  // namespace reconciler
