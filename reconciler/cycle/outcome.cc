#include "reconciler/cycle/outcome.h"

#include <algorithm>

#include "reconciler/cycle/backoff.h"

namespace reconciler::cycle {
namespace {

using Outcome = ActionOutcome::Result;

/// The service's own pause between two enableautoscale calls to one pool.
constexpr std::chrono::seconds kAutoScalePause{30};

void BackOff(Pass& pass, plan::PoolMemory& memory, const Error& error, const BackoffRange& range,
             Reason reason) {
  ++memory.failures;
  auto delay = BackoffDelay(memory.failures, range, pass.doors.random);
  if (error.retry_after) delay = std::max(delay, *error.retry_after);
  memory.backoff_until = pass.doors.clock.Now() + delay;
  memory.backoff_reason = reason;
  memory.backoff_message = error.message;
}

void NoteAccepted(Pass& pass, Call& call, plan::PoolMemory& memory) {
  if (call.step.kind != plan::StepKind::kRecordKept) memory.ForgetSeen(call.intent.properties);
  memory.failures = 0;
  memory.backoff_until.reset();
  memory.refused_digest.clear();
  switch (call.step.kind) {
    case plan::StepKind::kRetryAllocation: {
      int& tries = pass.account.allocation_tries[call.state->live ? call.state->live->vm_size : ""];
      memory.allocation_tries = std::max(memory.allocation_tries, tries) + 1;
      tries = memory.allocation_tries;
      [[fallthrough]];
    }
    case plan::StepKind::kResize:
      memory.last_resize = pass.context.wall;
      memory.allocation_due.reset();
      memory.stop_resize_sent = false;
      break;
    case plan::StepKind::kStopResize:
    case plan::StepKind::kDisableAutoScale:
      memory.stop_resize_sent = true;
      break;
    case plan::StepKind::kRemoveStartTask:
      memory.last_change = pass.doors.clock.Wall();
      break;
    case plan::StepKind::kPatch:
      memory.last_change = pass.doors.clock.Wall();
      [[fallthrough]];
    case plan::StepKind::kForget:
    case plan::StepKind::kRecordKept:
      memory.kept_proven.clear();  // the record says it now
      memory.kept_desired.clear();
      break;
    default:
      break;
  }
}

Outcome TakeRefusal(Pass& pass, Call& call, plan::PoolMemory& memory, const Error& error) {
  if (error.code == "MetadataTooLarge" && !pass.account.record_reduced[call.key]) {
    pass.account.record_reduced[call.key] = true;  // the next try writes no record
    call.look = true;
    return Outcome::kRetry;
  }
  memory.refused_digest = call.state->prepared->spec->digest;
  memory.backoff_until = pass.doors.clock.Now() + kRefusedRetry;
  memory.backoff_reason = Reason::kServiceRefused;
  memory.backoff_message = error.message;
  return Outcome::kStop;
}

Outcome TakeThrottle(Pass& pass, plan::PoolMemory& memory, const Error& error) {
  if (error.code != "TooManyEnableAutoScaleRequests") {
    HoldAccount(pass, error);
    return Outcome::kRetry;
  }
  const auto pause = std::max<std::chrono::milliseconds>(
      kAutoScalePause, error.retry_after.value_or(std::chrono::milliseconds(0)));
  memory.backoff_until = pass.doors.clock.Now() + pause;
  memory.backoff_reason = Reason::kThrottled;
  memory.backoff_message = error.message;
  return Outcome::kRetry;
}

Outcome TakeError(Pass& pass, Call& call, plan::PoolMemory& memory, const Error& error) {
  if (error.code == "PoolNotFound") {
    call.look = true;
    return Outcome::kWait;
  }
  switch (error.kind) {
    case ErrorKind::kConflict:
      call.look = true;
      return Outcome::kWait;
    case ErrorKind::kThrottled:
      return TakeThrottle(pass, memory, error);
    case ErrorKind::kUnauthorized:
      HoldAccount(pass, error);
      return Outcome::kSlowRetry;
    case ErrorKind::kUnknownOutcome:
      call.look = true;
      memory.ForgetSeen(call.intent.properties);
      BackOff(pass, memory, error, kRetryBackoff, Reason::kOutcomeUnknown);
      if (call.step.kind == plan::StepKind::kCreate) {
        pass.account.unknown_creates[call.key] = {call.incarnation, std::nullopt};
      }
      return Outcome::kUnknown;
    case ErrorKind::kSlow:
      BackOff(
          pass, memory, error, kSlowBackoff,
          error.code.find("Quota") == std::string::npos ? Reason::kWaitingToRetry : Reason::kQuota);
      return Outcome::kSlowRetry;
    case ErrorKind::kTerminal:
    case ErrorKind::kInvalidSpec:
      return TakeRefusal(pass, call, memory, error);
    case ErrorKind::kNotSent:
    case ErrorKind::kTransient:
      BackOff(pass, memory, error, kRetryBackoff, Reason::kWaitingToRetry);
      return Outcome::kRetry;
    case ErrorKind::kCancelled:
      return Outcome::kRetry;
  }
  return Outcome::kRetry;
}

Event ActionEvent(const Pass& pass, const Call& call, EventKind kind, Severity severity) {
  Event event = pass.EventOf(kind, severity, call.intent.pool_id);
  event.action = plan::StepName(call.step.kind);
  return event;
}

/// Somebody had removed our stamp from a pool that this process managed.
void TellReadopted(Pass& pass, const Call& call) {
  Event event = pass.EventOf(EventKind::kOwnership, Severity::kWarning, call.intent.pool_id);
  event.reason = call.step.reason;
  event.detail = std::string(TextOf(call.step.reason).meaning);
  pass.Emit(event);
}

/// Not sent because the pass had to end; the call that ended it speaks for all.
bool WasWithdrawn(const Pass& pass, const Error& error) {
  if (error.kind == ErrorKind::kCancelled) return true;
  if (error.kind == ErrorKind::kThrottled && error.status == 0) return true;
  return error.kind == ErrorKind::kNotSent && pass.doors.clock.Now() >= pass.deadline;
}

void TellFailure(Pass& pass, const Call& call, const Error& error, Outcome outcome) {
  if (WasWithdrawn(pass, error)) return;
  const bool unknown = outcome == Outcome::kUnknown;
  const Severity severity = outcome == Outcome::kStop   ? Severity::kError
                            : outcome == Outcome::kWait ? Severity::kInfo
                                                        : Severity::kWarning;
  Event event = ActionEvent(
      pass, call, unknown ? EventKind::kActionUnknown : EventKind::kActionFailed, severity);
  event.detail = error.message;
  event.request_id = error.request_id;
  event.fields = {{"error", std::string(ErrorKindName(error.kind))}};
  if (!error.code.empty()) event.fields.emplace_back("code", error.code);
  pass.Emit(event);
}

}  // namespace

bool HoldsAccount(const Error& error) {
  return error.kind == ErrorKind::kThrottled || error.kind == ErrorKind::kUnauthorized;
}

void HoldIfAsked(Pass& pass, const Error& error) {
  if (HoldsAccount(error)) HoldAccount(pass, error);
}

void HoldAccount(Pass& pass, const Error& error) {
  Account& account = pass.account;
  const Tick now = pass.doors.clock.Now();
  const Tick floor = now + error.retry_after.value_or(std::chrono::milliseconds(0));
  if (account.hold_until) {  // by an answer of this cycle: many that say the same are one failure
    account.hold_until = std::max(*account.hold_until, floor);
    return;
  }
  ++account.failures_in_row;
  const auto delay = BackoffDelay(account.failures_in_row, kRetryBackoff, pass.doors.random);
  account.hold_until = std::max<Tick>(now + delay, floor);
  account.hold_reason =
      error.kind == ErrorKind::kUnauthorized ? Reason::kUnauthorized : Reason::kThrottled;
  account.hold_message = error.message;
}

ActionOutcome TakeOutcome(Pass& pass, Call& call, const Result<batch::WriteAnswer>& answer) {
  plan::PoolMemory& memory = pass.Memory(call.key);
  ActionOutcome outcome;
  outcome.pool = call.intent.pool_id;
  outcome.step = call.step.kind;
  if (answer) {
    call.accepted = true;
    call.look = true;
    call.etag = answer->etag;
    NoteAccepted(pass, call, memory);
    Event event = ActionEvent(pass, call, EventKind::kActionDone, Severity::kInfo);
    event.detail = call.step.summary;
    event.request_id = answer->request_id;
    pass.Emit(event);
    if (call.step.reason == Reason::kReadopted) TellReadopted(pass, call);
    return outcome;
  }
  call.withdrawn = WasWithdrawn(pass, answer.error());
  outcome.result = call.withdrawn ? Outcome::kRetry : TakeError(pass, call, memory, answer.error());
  outcome.message = answer.error().message;
  outcome.code = answer.error().code;
  TellFailure(pass, call, answer.error(), outcome.result);
  return outcome;
}

}  // namespace reconciler::cycle
