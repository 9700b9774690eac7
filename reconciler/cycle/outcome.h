// What an answer means: for this call, for the pool's next try, and for the account.
#pragma once

#include "reconciler/batch/client.h"
#include "reconciler/cycle/pass.h"
#include "reconciler/plan/write.h"

namespace reconciler::cycle {

/// One call on its way.
struct Call {
  std::string key;  // of the pool, without case
  PoolState* state = nullptr;
  plan::Step step;
  plan::WriteIntent intent;
  std::vector<Secret> sent_secrets{};  // with it
  std::string incarnation;             // of a create or an adoption
  std::string etag;                    // that the answer returned; empty: none
  bool accepted = false;
  bool look = false;       // the pool has to be read before anything else
  bool withdrawn = false;  // it never went out because the pass had to end: its step stands
};

/// Files the answer in the memory of the pool (backoff, refusal, last resize) and of the account
/// (throttled, unauthorized), and tells the events. Sets `accepted`, `etag`, `look`, `withdrawn`.
ActionOutcome TakeOutcome(Pass& pass, Call& call, const Result<batch::WriteAnswer>& answer);

/// Holds the whole account: no request before the delay is over.
void HoldAccount(Pass& pass, const Error& error);
/// Throttled or refused: about the account, whatever was asked for.
bool HoldsAccount(const Error& error);
/// Of a read that the cycle could do without: nothing more is sent, if it was throttled or refused.
void HoldIfAsked(Pass& pass, const Error& error);

}  // namespace reconciler::cycle
