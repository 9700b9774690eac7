// Faults of what happens to the account: when a request is carried out, and who sees it.
#include <utility>

#include "tests/emulator/fault_etag.h"
#include "tests/emulator/fault_foreign.h"
#include "tests/emulator/faulty_service.h"
#include "tests/emulator/json.h"

namespace emulator {

namespace {

constexpr std::chrono::minutes kClockRefused{15};

bool Succeeded(const Response& answer) { return answer.status >= 200 && answer.status < 300; }

}  // namespace

void FaultyService::CarryLater(const FaultFacts& facts, std::chrono::milliseconds time) {
  const std::string account = service_.AccountOf(facts.request);
  if (account.empty()) return;
  later_.Add(facts.now + time, [this, account, request = facts.request](Instant due) {
    service_.Carry(account, request, due);
  });
}

void FaultyService::Apply(const Fault& fault, const FaultFacts& facts) {
  if (fault.applied) (void)Ask(facts);
  if (fault.applied_after) CarryLater(facts, *fault.applied_after);
}

/// A write finds things as they are.
Response FaultyService::Stale(const Fault& fault, const FaultFacts& facts) {
  const std::string account = service_.AccountOf(facts.request);
  if (facts.operation.write || facts.operation.token || account.empty()) return Ask(facts);
  return service_.HandleIn(service_.AsOf(account, facts.now - fault.time), facts.request);
}

Response FaultyService::HideWrite(const Fault& fault, const FaultFacts& facts) {
  const std::string account = service_.AccountOf(facts.request);
  Service::Past before = service_.Present(account);
  Response answer = Ask(facts);
  if (facts.operation.write && Succeeded(answer)) {
    hidden_.Add(account, facts.operation.pool, std::move(before), facts.now + fault.time);
  }
  return answer;
}

/// The service's clock shows in Date and judges the dates of signatures and the life of tokens; a
/// service that checks none of them refuses all the same.
Response FaultyService::Skew(const Fault& fault, const FaultFacts& facts) {
  const bool checked = service_.ChecksCallers();
  if (!checked && std::chrono::abs(fault.time) > kClockRefused) {
    Fault refusal;
    refusal.status = 403;
    FaultFacts theirs = facts;
    theirs.wall += fault.time;
    return ErrorAnswer(refusal, theirs);
  }
  service_.SetSkew(fault.time);
  Response response = Ask(facts);
  service_.SetSkew(Duration{0});
  return response;
}

Response FaultyService::Outcome(const Fault& fault, const FaultFacts& facts) {
  if (fault.word == "lost") return service_.HandleLost(facts.request);
  Response first = Ask(facts);
  Response second = Ask(facts);
  return fault.word == "twiceFirst" ? first : second;
}

Response FaultyService::DropLater(const Fault& fault, const FaultFacts& facts) {
  const std::string account = service_.AccountOf(facts.request);
  Service::Past before = service_.Present(account);
  Response answer = Ask(facts);
  if (!facts.operation.write || !Succeeded(answer)) return answer;
  later_.Add(facts.now + fault.time, [this, account, pool = facts.operation.pool, before](Instant) {
    service_.RevertPool(account, pool, before);
  });
  return answer;
}

Response FaultyService::StrikeState(const Fault& fault, const FaultFacts& facts) {
  using Kind = Fault::Kind;
  switch (fault.kind) {
    case Kind::kStale:
      return Stale(fault, facts);
    case Kind::kHide:
      return HideWrite(fault, facts);
    case Kind::kClockSkew:
      return Skew(fault, facts);
    case Kind::kOutcome:
      return Outcome(fault, facts);
    case Kind::kDrop:
      return DropLater(fault, facts);
    case Kind::kDuplicate:
      CarryLater(facts, fault.time);
      return Ask(facts);
    case Kind::kETag:
      if (fault.word != "changes") return BentETag(fault, Ask(facts));
      service_.TouchPool(service_.AccountOf(facts.request), facts.operation.pool);
      return Ask(facts);
    default:
      ActAsSomebody(fault, facts, service_, service_.AccountOf(facts.request),
                    facts.operation.pool);
      return Ask(facts);
  }
}

}  // namespace emulator
