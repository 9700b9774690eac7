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
  kFormChanged,    // written by a version that compares otherwise: reported, not acted upon
  kAct,
};

struct VerdictInput {
  bool canonical_equal = false;           // canonical desired = canonical live
  const AppliedEntry* applied = nullptr;  // nullptr: no entry in the record
  int row = 1;                            // version of the canonical form, as this program has it
  bool takes_new_form = false;            // a person asked: another form is no reason to wait
  std::string desired_digest;             // over the raw desired value
  std::string live_digest;                // over the raw live value
  std::string secret_key_id;              // of PreparedProperty
  std::string secret_digest;
  bool secrets_compared = false;  // `canonical_equal` speaks of each secret inside as well
  /// Evidence of this process proves that the service made this live value of this very desired
  /// value. Whoever holds the proof drops it when the spec changes: without an entry it decides
  /// alone.
  bool kept_proven = false;
  bool record_damaged = false;  // there was a record, and it cannot be read: no entry says nothing
  bool seen = false;            // this process saw it in sync or kept before
  bool moved_since_seen = false;  // and the live value is no longer the one that it saw
  bool adopted = false;           // the pool was adopted and this property was never applied by us
};

struct Verdict {
  VerdictKind kind = VerdictKind::kInSync;
  Cause cause = Cause::kNone;   // only with kAct
  bool record_kept = false;     // kKept that the record does not say yet: write it
  bool secret_changed = false;  // kAct, alone or also because a secret inside changed
};

/// The verdict table, tested in its order: in sync, kept, spec changed (or both), pool changed,
/// unknown. A difference that nobody made, of what a version of another canonical form applied,
/// waits for a person or a new spec: neither of two versions undoes what the other one sees as
/// equal. What is canonically equal with secrets inside is in sync only if their digests are equal
/// under the same key, or if the pool was found to have them; gaining or losing secrets is a change
/// of the spec. Without an entry, secrets are unknown. PoolChanged accuses: it needs a live value
/// that moved since this process saw it. An adopted property that this process saw in sync since is
/// judged by who moved after that.
Verdict Judge(const VerdictInput& input);

}  // namespace reconciler::plan
