// One property, one verdict: in sync, kept, or to act upon and why.
#pragma once

#include <string>

#include "reconciler/core/reason.h"
#include "reconciler/plan/record.h"

namespace reconciler::plan {

enum class VerdictKind {
  kInSync,         // nothing to do; the record is refreshed with the next write
  kKept,           // the service keeps another value than it was sent: nothing to do, never silent
  kSecretUnknown,  // the secrets were recorded under another key: reported, not acted upon
  kAct,
};

struct VerdictInput {
  bool canonical_equal = false;          // canonical desired = canonical live
  const AppliedEntry* applied = nullptr;  // nullptr: no entry in the record
  std::string desired_digest;             // over the raw desired value
  std::string live_digest;                // over the raw live value
  std::string secret_key_id;              // of the current digest key; empty: no secret inside
  std::string secret_digest;
  bool kept_proven = false;  // the evidence of this cycle proves that the service made this of it
  bool seen = false;         // this process saw it in sync or kept before
  bool moved_since_seen = false;  // and the live value is no longer the one that it saw
  bool adopted = false;           // the pool was adopted and this property was never applied by us
};

struct Verdict {
  VerdictKind kind = VerdictKind::kInSync;
  Cause cause = Cause::kNone;    // only with kAct
  bool record_kept = false;      // kKept that the record does not say yet: write it
  bool secret_changed = false;   // kAct only because a secret inside changed
};

/// The verdict table, tested in its order: in sync, kept, spec changed (or both), pool changed, unknown.
Verdict Judge(const VerdictInput& input);

}  // namespace reconciler::plan
