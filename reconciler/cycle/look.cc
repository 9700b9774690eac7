#include "reconciler/cycle/look.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/cycle/observe.h"
#include "reconciler/plan/decide.h"
#include "reconciler/plan/write_record.h"

namespace reconciler::cycle {
namespace {

/// From here on one pass over the list is cheaper than a GET each.
constexpr std::size_t kSingleReadsMax = 20;

std::string PoolIdOf(const PoolState& state) {
  return state.live ? state.live->id : state.prepared->spec->id;
}

void TakeFailure(Pass& pass, PoolState& state, const Error& error) {
  state.HoldFirst(Reason::kObservationFailed, error.message, true);
  HoldIfAsked(pass, error);
}

void LookOneByOne(Pass& pass, const std::vector<PoolState*>& states) {
  std::vector<std::string> ids;
  for (const PoolState* state : states) ids.push_back(PoolIdOf(*state));
  const Tick asked = pass.doors.clock.Now();
  auto answers = pass.client.GetPools(ids, pass.stop);
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!answers[i]) {
      TakeFailure(pass, *states[i], answers[i].error());
    } else if (*answers[i]) {
      TakeAnswer(pass, *states[i], std::move(**answers[i]), asked);
    } else {
      TakeAbsence(pass, *states[i]);
    }
  }
}

void LookThroughList(Pass& pass, const std::vector<PoolState*>& states) {
  std::map<std::string, PoolState*> missing;
  for (PoolState* state : states) missing[FoldCase(state->prepared->spec->id)] = state;
  const Tick asked = pass.doors.clock.Now();
  const auto listed = pass.client.ListPools(
      [&](LivePool live) -> Status {
        const auto found = missing.find(FoldCase(live.id));
        if (found == missing.end()) return Ok{};
        TakeAnswer(pass, *found->second, std::move(live), asked);
        missing.erase(found);
        return Ok{};
      },
      "", pass.stop);
  for (auto& [key, state] : missing) {
    if (listed) {
      TakeAbsence(pass, *state);
    } else {
      TakeFailure(pass, *state, listed.error());
    }
  }
}

bool ChangesAny(const std::vector<plan::Change>& changes, const std::string& property) {
  return std::any_of(changes.begin(), changes.end(),
                     [&](const plan::Change& change) { return change.property == property; });
}

/// Nobody wrote since our write, and yet these are not what was sent: the service made this of
/// them.
void LearnKept(Pass& pass, const Call& call) {
  PoolState& state = *call.state;
  plan::PoolMemory& memory = pass.Memory(call.key);
  for (const std::string& property : call.intent.properties) {
    if (!ChangesAny(state.plan.changes, property) && !ChangesAny(state.plan.blocked, property)) {
      continue;
    }
    memory.kept_proven[property] = plan::LiveDigest(plan::LiveValue(*state.live, property));
    if (const auto* prepared = plan::FindProperty(*state.prepared, property)) {
      memory.kept_desired[property] = prepared->digest;
    }
  }
}

bool IsScaleStep(plan::StepKind kind) {
  return kind == plan::StepKind::kResize || kind == plan::StepKind::kEnableAutoScale ||
         kind == plan::StepKind::kDisableAutoScale;
}

/// An accepted call that the fresh answer asks for again had no effect.
void LearnNotSticking(Pass& pass, const Call& call) {
  if (!IsScaleStep(call.step.kind)) return;
  const auto& steps = call.state->plan.steps;
  const bool again = std::any_of(steps.begin(), steps.end(), [&](const plan::Step& step) {
    return step.kind == call.step.kind && step.dedicated == call.step.dedicated &&
           step.low_priority == call.step.low_priority;
  });
  if (again) pass.Memory(call.key).scale_not_sticking = call.state->prepared->scale.digest;
}

void LearnFrom(Pass& pass, const Call& call) {
  PoolState& state = *call.state;
  if (!call.accepted || !state.live || call.etag.empty() || state.live->etag != call.etag) return;
  if (!state.plan.Differs() || state.live->body.IsNull()) return;
  LearnKept(pass, call);
  LearnNotSticking(pass, call);
  LivePool live = std::move(*state.live);
  const Tick observed = state.observed;
  TakeAnswer(pass, state, std::move(live), observed);
}

/// updateproperties replaces the whole list: an item that it was sent and that is not there any
/// more is put back by the next round, because our record counts it; a foreign one is told.
void TellLostItems(Pass& pass, const Call& call) {
  if (call.step.kind != plan::StepKind::kRemoveStartTask || !call.state->live) return;
  const std::vector<MetadataItem> sent = ReadMetadata(call.intent.body);
  const std::vector<MetadataItem> now = ReadMetadata(call.state->live->body);
  for (const MetadataItem& item : sent) {
    if (std::find(now.begin(), now.end(), item) != now.end()) continue;
    Event event = pass.EventOf(EventKind::kActionFailed, Severity::kWarning, call.intent.pool_id);
    event.action = plan::StepName(call.step.kind);
    event.detail =
        "metadata item '" + item.name + "' went missing with the removal of the start task";
    pass.Emit(event);
  }
}

/// A create whose answer was lost: the pool is there, or this was the first time that it was not.
void SettleCreate(Pass& pass, const Call& call) {
  const auto unknown = pass.account.unknown_creates.find(call.key);
  if (unknown == pass.account.unknown_creates.end()) return;
  if (!call.state->observed_after_write) return;  // the look failed as well
  if (call.state->live) {
    pass.account.unknown_creates.erase(unknown);
  } else if (!unknown->second.first_absent) {
    unknown->second.first_absent = pass.doors.clock.Now();
  }
}

}  // namespace

void LookAt(Pass& pass, const std::vector<PoolState*>& states) {
  if (states.size() > kSingleReadsMax) {
    LookThroughList(pass, states);
  } else if (!states.empty()) {
    LookOneByOne(pass, states);
  }
}

void LookAfter(Pass& pass, std::vector<Call>& calls) {
  std::vector<PoolState*> states;
  for (const Call& call : calls) {
    if (call.look) states.push_back(call.state);
  }
  LookAt(pass, states);
  for (Call& call : calls) {
    if (!call.look) continue;
    SettleCreate(pass, call);
    TellLostItems(pass, call);
    LearnFrom(pass, call);
    if (call.state->live && !call.state->plan.HasWork()) call.state->live->body = Value();
  }
}

}  // namespace reconciler::cycle
