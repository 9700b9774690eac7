#include "reconciler/plan/verdict.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace reconciler::plan {
namespace {

/// One point of the cross product, in the words of the rules.
struct Case {
  bool equal = false;
  bool entry = false;
  bool same_spec = false;   // raw desired = applied
  bool kept_noted = false;  // raw live = what the record says that the service made of it
  bool kept_proven = false;
  bool seen = false;
  bool moved = false;
  bool adopted = false;
  std::string key_now;   // "": no secret inside
  std::string key_then;  // "": none recorded
  bool same_secret = false;
};

AppliedEntry EntryOf(const Case& at) {
  AppliedEntry entry;
  entry.digest = at.same_spec ? "desired" : "other";
  entry.kept = at.kept_noted ? "live" : "";
  entry.secret_key_id = at.key_then;
  if (!at.key_then.empty()) entry.secret_digest = at.same_secret ? "secret" : "former";
  return entry;
}

VerdictInput InputOf(const Case& at, const AppliedEntry& entry) {
  VerdictInput input;
  input.canonical_equal = at.equal;
  input.applied = at.entry ? &entry : nullptr;
  input.desired_digest = "desired";
  input.live_digest = "live";
  input.secret_key_id = at.key_now;
  input.secret_digest = at.key_now.empty() ? "" : "secret";
  input.kept_proven = at.kept_proven;
  input.seen = at.seen;
  input.moved_since_seen = at.moved;
  input.adopted = at.adopted;
  return input;
}

Verdict Judged(const Case& at) {
  const AppliedEntry entry = EntryOf(at);
  return Judge(InputOf(at, entry));
}

enum class Secrets { kNone, kSame, kChanged, kUnknown };

/// What is known of the secrets inside, said by cases.
Secrets SecretsOf(const Case& at) {
  const bool now = !at.key_now.empty();
  const bool then = at.entry && !at.key_then.empty();
  if (!now && !then) return Secrets::kNone;
  if (!at.entry) return Secrets::kUnknown;    // nobody wrote down which secret went
  if (now != then) return Secrets::kChanged;  // gained or lost
  if (at.key_now != at.key_then) return Secrets::kUnknown;
  return at.same_secret ? Secrets::kSame : Secrets::kChanged;
}

/// The rules as a flat list, first match wins; stated apart from the code that they test.
struct Rule {
  const char* name;
  bool (*holds)(const Case&, Secrets);
  VerdictKind kind;
  Cause cause;
};

const std::vector<Rule>& Rules() {
  using K = VerdictKind;
  using S = Secrets;
  static const std::vector<Rule> rules{
      {"equal, secrets unknown", [](const Case& c, S s) { return c.equal && s == S::kUnknown; },
       K::kSecretUnknown, Cause::kNone},
      {"equal, secrets changed", [](const Case& c, S s) { return c.equal && s == S::kChanged; },
       K::kAct, Cause::kSpecChanged},
      {"equal", [](const Case& c, S) { return c.equal; }, K::kInSync, Cause::kNone},
      {"proof, no record", [](const Case& c, S) { return !c.entry && c.kept_proven; }, K::kKept,
       Cause::kNone},
      {"adopted", [](const Case& c, S) { return !c.entry && c.adopted && !c.seen; }, K::kAct,
       Cause::kAdopted},
      {"adopted, in sync since, pool moved",
       [](const Case& c, S) { return !c.entry && c.adopted && c.moved; }, K::kAct,
       Cause::kPoolChanged},
      {"adopted, in sync since, pool did not move",
       [](const Case& c, S) { return !c.entry && c.adopted; }, K::kAct, Cause::kSpecChanged},
      {"spec and pool moved",
       [](const Case& c, S s) {
         return (!c.entry || !c.same_spec || s == S::kChanged) && c.seen && c.moved;
       },
       K::kAct, Cause::kBoth},
      {"spec moved",
       [](const Case& c, S s) { return !c.entry || !c.same_spec || s == S::kChanged; }, K::kAct,
       Cause::kSpecChanged},
      {"kept", [](const Case& c, S) { return c.kept_noted || c.kept_proven; }, K::kKept,
       Cause::kNone},
      {"pool moved", [](const Case& c, S) { return c.seen && c.moved; }, K::kAct,
       Cause::kPoolChanged},
      {"unknown", [](const Case&, S) { return true; }, K::kAct, Cause::kUnknown},
  };
  return rules;
}

template <class Visit>
void ForEachCase(Visit visit) {
  const std::vector<std::string> keys{"", "key1", "key2"};
  for (unsigned bits = 0; bits < 512; ++bits) {
    const auto bit = [&](unsigned place) { return ((bits >> place) & 1U) != 0; };
    for (const std::string& now : keys) {
      for (const std::string& then : keys) {
        visit(Case{bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6), bit(7), now, then,
                   bit(8)});
      }
    }
  }
}

TEST_CASE("verdict: every case of the cross product falls under its rule") {
  std::vector<int> hits(Rules().size(), 0);
  ForEachCase([&](const Case& at) {
    const Secrets secrets = SecretsOf(at);
    const Verdict verdict = Judged(at);
    std::size_t i = 0;
    while (!Rules()[i].holds(at, secrets)) ++i;
    ++hits[i];
    CAPTURE(Rules()[i].name);
    CHECK(verdict.kind == Rules()[i].kind);
    CHECK(verdict.cause == Rules()[i].cause);
    const bool acts = verdict.kind == VerdictKind::kAct;
    CHECK(verdict.secret_changed == (acts && secrets == Secrets::kChanged));
    const bool to_be_recorded = verdict.kind == VerdictKind::kKept && at.entry && !at.kept_noted;
    CHECK(verdict.record_kept == to_be_recorded);
  });
  for (std::size_t i = 0; i < hits.size(); ++i) {
    CAPTURE(Rules()[i].name);
    CHECK(hits[i] > 0);
  }
}

TEST_CASE("verdict: nobody is accused unless the live value moved before our eyes") {
  ForEachCase([](const Case& at) {
    const Cause cause = Judged(at).cause;
    if (cause == Cause::kPoolChanged || cause == Cause::kBoth) CHECK((at.seen && at.moved));
  });
}

TEST_CASE("verdict: a value that does not hold is in sync only without a secret that may differ") {
  ForEachCase([](const Case& at) {
    if (Judged(at).kind != VerdictKind::kInSync) return;
    CHECK(at.equal);
    CHECK((at.key_now.empty() || (at.entry && at.key_now == at.key_then && at.same_secret)));
  });
}

}  // namespace
}  // namespace reconciler::plan
