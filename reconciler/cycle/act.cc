#include "reconciler/cycle/act.h"

#include <algorithm>
#include <utility>

#include "reconciler/core/digest.h"
#include "reconciler/core/text.h"
#include "reconciler/cycle/look.h"
#include "reconciler/cycle/outcome.h"
#include "reconciler/cycle/secrets.h"
#include "reconciler/plan/write.h"

namespace reconciler::cycle {
namespace {

/// A row of the pool list is enough for a write while it is younger than this.
constexpr Tick kRowAge = std::chrono::seconds(60);
/// Far more than any pool needs; a plan that never ends is a defect, not a reason to go on.
constexpr int kRoundsMax = 16;

batch::Write::Kind KindOf(plan::StepKind step) {
  switch (step) {
    case plan::StepKind::kCreate:
      return batch::Write::Kind::kCreate;
    case plan::StepKind::kRemoveStartTask:
      return batch::Write::Kind::kUpdateProperties;
    case plan::StepKind::kStopResize:
      return batch::Write::Kind::kStopResize;
    case plan::StepKind::kDisableAutoScale:
      return batch::Write::Kind::kDisableAutoScale;
    case plan::StepKind::kEnableAutoScale:
      return batch::Write::Kind::kEnableAutoScale;
    case plan::StepKind::kResize:
    case plan::StepKind::kRetryAllocation:
      return batch::Write::Kind::kResize;
    case plan::StepKind::kAdopt:
    case plan::StepKind::kPatch:
    case plan::StepKind::kForget:
    case plan::StepKind::kRecordKept:
      return batch::Write::Kind::kPatch;
  }
  return batch::Write::Kind::kPatch;
}

/// 32 hex digits that no other pool has.
std::string NewIncarnation(Random& random) {
  std::string text;
  for (int word = 0; word < 2; ++word) {
    std::uint64_t bits = random.Next();
    for (int digit = 0; digit < 16; ++digit, bits >>= 4U) text += "0123456789abcdef"[bits & 15U];
  }
  return text;
}

bool IsOld(const Pass& pass, const PoolState& state) {
  if (state.plan.steps.front().kind == plan::StepKind::kCreate) return false;
  // updateproperties takes no condition: what it sends must have been read in the same step.
  return state.plan.steps.front().kind == plan::StepKind::kRemoveStartTask ||
         pass.doors.clock.Now() - state.observed >= kRowAge;
}

/// The pools with a step that may be taken now.
std::vector<PoolState*> WithWork(Pass& pass) {
  std::vector<PoolState*> active;
  for (auto& [key, state] : pass.pools) {
    if (!state.plan.HasWork() || !state.selected || state.adopted) continue;
    // Somebody grew the pool since the guards looked: the next cycle's guards look at that.
    const int loss = state.plan.nodes_before - state.plan.nodes_after;
    if (loss > state.guarded_loss) continue;
    active.push_back(&state);
  }
  return active;
}

/// The call of the pool's next step; nullopt where the proof fails: then nothing is written.
std::optional<Call> BuildCall(Pass& pass, PoolState& state) {
  Call call;
  call.key = FoldCase(state.prepared->spec->id);
  call.state = &state;
  call.step = state.plan.steps.front();
  const plan::PreparedSpec& prepared = *state.prepared;
  if (call.step.kind == plan::StepKind::kCreate) {
    call.incarnation = NewIncarnation(pass.doors.random);
    call.intent = plan::BuildCreate(pass.context, prepared, call.incarnation,
                                    pass.account.record_reduced[call.key]);
    return call;
  }
  if (!state.live || state.live->body.IsNull()) return std::nullopt;
  if (call.step.kind == plan::StepKind::kAdopt) {
    const auto adoptable = plan::ProveAdoptable(*state.live, *prepared.spec);
    if (!adoptable) return std::nullopt;
    call.incarnation = NewIncarnation(pass.doors.random);
    call.intent = plan::BuildAdopt(pass.context, prepared, state.plan, *adoptable, call.incarnation,
                                   pass.account.record_reduced[call.key]);
    return call;
  }
  const bool copied = state.ownership == plan::Ownership::kStampCopied;
  auto owned = plan::ProveOwnership(std::move(*state.live), pass.context.identity, copied);
  if (!owned) {
    state.live.reset();
    return std::nullopt;
  }
  call.intent = plan::BuildWrite(pass.context, prepared, state.plan, call.step, *owned,
                                 pass.Memory(call.key), pass.account.record_reduced[call.key]);
  state.live = std::move(*owned).TakeLive();
  return call;
}

/// Adds the call and its request, or blocks the pool on a secret that cannot be read.
void AddCall(Pass& pass, Call call, std::vector<Call>& calls, std::vector<batch::Write>& writes) {
  auto body = FillBody(call.intent.body, pass.context.table->Spec(), pass.doors.secrets);
  if (!body) {
    call.state->HoldFirst(Reason::kSecretMissing, body.error().message, false);
    return;
  }
  writes.push_back(
      {KindOf(call.step.kind), call.intent.pool_id, call.intent.if_match, std::move(body->text)});
  call.sent_secrets = std::move(body->secrets);
  Event event = pass.EventOf(EventKind::kActionSent, Severity::kDebug, call.intent.pool_id);
  event.action = plan::StepName(call.step.kind);
  event.detail = call.step.summary;
  pass.Emit(event);
  call.state->observed_after_write = false;
  calls.push_back(std::move(call));
}

/// The call was certainly not carried out: the pool says why, and waits.
void HoldAfterRefusal(Pass& pass, const Call& call) {
  const plan::PoolMemory& memory = pass.Memory(call.key);
  const Account& account = pass.account;
  call.state->plan.steps.clear();
  if (memory.backoff_until && *memory.backoff_until > pass.doors.clock.Now()) {
    call.state->HoldFirst(memory.backoff_reason, memory.backoff_message,
                          memory.refused_digest.empty());
  } else if (account.hold_until) {
    call.state->HoldFirst(account.hold_reason, account.hold_message,
                          account.hold_reason != Reason::kUnauthorized);
  }
}

/// Sends one call for each of the pools and files the answers.
std::vector<Call> SendRound(Pass& pass, const std::vector<PoolState*>& active) {
  std::vector<Call> calls;
  std::vector<batch::Write> writes;
  for (PoolState* state : active) {
    if (auto call = BuildCall(pass, *state)) {
      AddCall(pass, std::move(*call), calls, writes);
    } else {
      state->plan.steps.clear();
    }
  }
  auto answers = pass.client.Send(std::move(writes), pass.deadline, pass.stop);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (!answers[i]) {
      answers[i] = WithoutSecrets(std::move(answers[i]).error(), calls[i].sent_secrets);
    }
    ActionOutcome outcome = TakeOutcome(pass, calls[i], answers[i]);
    if (calls[i].accepted) ++pass.writes;
    if (calls[i].step.kind == plan::StepKind::kAdopt) calls[i].state->adopted = calls[i].accepted;
    // A step that was not accepted is decided anew after a look, or in a later cycle.
    if (!calls[i].look) {
      if (!calls[i].withdrawn) HoldAfterRefusal(pass, calls[i]);
      calls[i].state->observed_after_write = true;  // the answer is certain: nothing was written
    }
    if (answers[i] || answers[i].error().kind != ErrorKind::kCancelled) {
      pass.outcomes.push_back(std::move(outcome));
    }
  }
  return calls;
}

}  // namespace

void Act(Pass& pass) {
  for (int round = 0; round < kRoundsMax && !MustEnd(pass); ++round) {
    std::vector<PoolState*> active = WithWork(pass);
    std::vector<PoolState*> old;
    std::copy_if(active.begin(), active.end(), std::back_inserter(old),
                 [&](PoolState* state) { return IsOld(pass, *state); });
    if (!old.empty()) {
      LookAt(pass, old);
      active = WithWork(pass);
      if (MustEnd(pass)) return;
    }
    if (active.empty()) return;
    std::vector<Call> calls = SendRound(pass, active);
    LookAfter(pass, calls);
  }
}

}  // namespace reconciler::cycle
