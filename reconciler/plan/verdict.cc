#include "reconciler/plan/verdict.h"

#include "reconciler/plan/secret_places.h"

namespace reconciler::plan {
namespace {

bool AnySecret(const VerdictInput& input) {
  return !input.secret_key_id.empty() ||
         (input.applied != nullptr && !input.applied->secret_key_id.empty());
}

bool IsKey(std::string_view key_id) { return !key_id.empty() && key_id != kQueriesOnly; }

/// Written by a version that may tell the items of a set apart by other forms.
bool FormMoved(const VerdictInput& input) {
  return input.applied->row != input.row && input.applied->digest == input.desired_digest &&
         input.applied->secret_digest != input.secret_digest;
}

/// The secrets of the record and of now cannot be compared: other keys, or no record of them.
bool SecretsUnknown(const VerdictInput& input) {
  if (!AnySecret(input)) return false;
  if (input.applied == nullptr) return IsKey(input.secret_key_id);
  const std::string& then = input.applied->secret_key_id;
  if (IsKey(then) && IsKey(input.secret_key_id) && then != input.secret_key_id) return true;
  return FormMoved(input);
}

bool SecretsChanged(const VerdictInput& input) {
  if (!AnySecret(input) || input.applied == nullptr || SecretsUnknown(input)) return false;
  const std::string& then = input.applied->secret_key_id;
  // Of a record that knew nothing of queries.
  const bool queries_only = then.empty() && input.secret_key_id == kQueriesOnly;
  if (queries_only && input.applied->digest == input.desired_digest) return false;
  // One side without any: the spec gained or lost its secrets.
  return then != input.secret_key_id || input.applied->secret_digest != input.secret_digest;
}

/// The pool has all secrets of the spec, and no other ones were applied: they stand where those of
/// the record stood.
bool SecretsSeen(const VerdictInput& input) {
  return input.secrets_compared &&
         (input.applied == nullptr || input.applied->digest == input.desired_digest);
}

Verdict Act(Cause cause) { return {VerdictKind::kAct, cause, false, false}; }

/// The spec is not what we applied, or nothing is known of what we applied.
Cause CauseOfNewSpec(const VerdictInput& input) {
  if (input.applied == nullptr && input.adopted) {
    if (!input.seen) return Cause::kAdopted;
    return input.moved_since_seen ? Cause::kPoolChanged : Cause::kSpecChanged;
  }
  return input.seen && input.moved_since_seen ? Cause::kBoth : Cause::kSpecChanged;
}

}  // namespace

Verdict Judge(const VerdictInput& input) {
  const bool secrets_changed = SecretsChanged(input);
  if (input.canonical_equal) {
    if (SecretsSeen(input)) return {};
    if (SecretsUnknown(input)) return {VerdictKind::kSecretUnknown, Cause::kNone, false, false};
    if (!secrets_changed) return {};
    return {VerdictKind::kAct, Cause::kSpecChanged, false, true};
  }
  const AppliedEntry* applied = input.applied;
  if (applied == nullptr && input.kept_proven) {
    return {VerdictKind::kKept, Cause::kNone, false, false};
  }
  if (applied == nullptr && input.record_damaged && !input.adopted) {
    return Act(input.seen && input.moved_since_seen ? Cause::kPoolChanged : Cause::kUnknown);
  }
  if (applied == nullptr) return Act(CauseOfNewSpec(input));
  if (applied->digest != input.desired_digest || secrets_changed) {
    return {VerdictKind::kAct, CauseOfNewSpec(input), false, secrets_changed};
  }
  const bool recorded = !applied->kept.empty() && applied->kept == input.live_digest;
  if (recorded || input.kept_proven) {
    return {VerdictKind::kKept, Cause::kNone, !recorded, false};
  }
  // A live value that is still the one that was seen accuses nobody.
  const bool moved = input.seen && input.moved_since_seen;
  if (applied->row != input.row && !moved && !input.takes_new_form) {
    return {VerdictKind::kFormChanged, Cause::kNone, false, false};
  }
  return Act(moved ? Cause::kPoolChanged : Cause::kUnknown);
}

}  // namespace reconciler::plan
