// What this process has seen of one pool; lost with the process, and nothing breaks then.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/ports.h"

namespace reconciler::plan {

/// The scale group when it was last in sync, with the spec that it was in sync with.
struct SeenScale {
  std::string spec_digest;  // ScaleSpec::digest
  std::string
      live_digest;  // over live targets, autoscale, formula, interval (targets only if fixed)
  bool before_this_start = false;  // seen by an earlier process
};

struct PoolMemory {
  std::map<std::string, std::string, std::less<>> seen;  // property -> digest of the live value
  /// A write of ours changed these properties, or may have: what was seen before accuses nobody.
  void ForgetSeen(const std::vector<std::string>& properties) {
    for (const std::string& property : properties) seen.erase(property);
  }
  std::optional<SeenScale> scale;
  bool managed = false;       // this process saw it as ours
  std::string creation_time;  // then

  /// Properties whose last write was answered and read back untouched by others (equal ETag), yet
  /// are not canonically equal: what the service makes of them. Property -> digest of the live
  /// value.
  std::map<std::string, std::string, std::less<>> kept_proven;
  /// For the same properties the digest of the desired value that was written; a proof whose
  /// desired value is no longer the spec's counts for nothing. A property without an entry is not
  /// checked.
  std::map<std::string, std::string, std::less<>> kept_desired;

  /// ScaleSpec::digest for which an accepted call had no effect: parked until the spec changes.
  std::string scale_not_sticking;
  /// The last resize of ours that was accepted: wall time, for judging resize errors.
  std::optional<Instant> last_resize;
  bool stop_resize_sent = false;  // by us, since the last resize: its ResizeStopped is no alert

  /// A failed allocation waits until then before the same resize is sent again; with how many
  /// tries.
  std::optional<Tick> allocation_due;
  int allocation_tries = 0;

  /// Nodes that booted before the last change of start task or packages; once there are none, the
  /// minute of that change, so that nobody looks again.
  std::optional<Instant> last_change;  // when this process sent that change
  int nodes_before_change = 0;
  std::int64_t refreshed_minute = 0;

  /// After an action that failed: nothing is sent to this pool until then.
  std::optional<Tick> backoff_until;
  Reason backoff_reason = Reason::kNone;
  std::string backoff_message;
  int failures = 0;
  /// Digest of the spec that the service refused (400, 413): no write until the spec changes, or a
  /// day has passed (`backoff_until`).
  std::string refused_digest;
};

}  // namespace reconciler::plan
