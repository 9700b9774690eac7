#include "tests/emulator/faulty_service.h"

#include <utility>

#include "tests/emulator/fault_body.h"
#include "tests/emulator/fault_list.h"
#include "tests/emulator/fault_wire.h"

namespace emulator {

FaultyService::FaultyService(Service& service, FaultPlan plan, Clock now, Clock wall)
    : service_(service), now_(std::move(now)), wall_(std::move(wall)), draw_({}, now_()), ids_(0) {
  Replace(std::move(plan));
}

void FaultyService::Replace(FaultPlan plan) {
  if (!plan.rules.empty()) service_.KeepHistory();
  ids_ = Random(plan.seed);
  draw_ = FaultDraw(std::move(plan), now_());
}

void FaultyService::Forget() {
  hidden_ = {};
  later_ = {};
}

std::optional<Fault> FaultyService::Draw(const Operation& operation, const Request& request,
                                         bool head_only) {
  const auto account = [&] { return service_.AccountOf(request); };
  const auto phases = [&] { return service_.PhasesOf(account(), operation.pool); };
  return draw_.Next({operation, request, now_(), account, phases, head_only});
}

std::string FaultyService::UploadFault(const Request& head) {
  const auto fault = Draw(OperationOf(head), head, true);
  return fault ? fault->word : "";
}

Response FaultyService::Handle(const Request& request) {
  Settle();
  if (draw_.empty() && hidden_.empty()) return service_.Handle(request);
  const Operation operation = OperationOf(request);
  const FaultFacts facts{operation, request, now_(), wall_(), ids_, service_.Endpoint(request)};
  const auto fault = Draw(operation, request, false);
  if (!fault) return Ask(facts);
  Response answer = Strike(*fault, facts);
  Decorate(*fault, facts.wall, answer);
  return answer;
}

Response FaultyService::Ask(const FaultFacts& facts, const Request& request) {
  Response answer = service_.Handle(request);
  if (hidden_.empty()) return answer;
  return hidden_.Without(service_, facts.operation, request, std::move(answer), facts.now);
}

Response FaultyService::Strike(const Fault& fault, const FaultFacts& facts) {
  using Kind = Fault::Kind;
  switch (fault.kind) {
    case Kind::kKept:
    case Kind::kUpload:
      return Ask(facts);
    case Kind::kStatus:
    case Kind::kBucket:
      Apply(fault, facts);
      return ErrorAnswer(fault, facts);
    case Kind::kToken:
      return TokenAnswer(fault, facts);
    case Kind::kConnection:
      if (fault.word == "headersOnly") return Slowed(fault, Ask(facts));
      [[fallthrough]];
    case Kind::kRefuse:
    case Kind::kResetNew:
      Apply(fault, facts);
      return NoAnswer(fault);
    case Kind::kSlow:
    case Kind::kTrickle:
      return Slowed(fault, Ask(facts));
    case Kind::kHttp:
      return BadHttp(fault, facts, Ask(facts));
    case Kind::kBody:
    case Kind::kCutBody:
    case Kind::kMember:
      return BentBody(fault, facts, Ask(facts));
    case Kind::kList:
    case Kind::kPageSize:
    case Kind::kNextLink:
      return BentList(fault, facts, Ask(facts), service_, service_.AccountOf(facts.request));
    default:
      return StrikeState(fault, facts);
  }
}

}  // namespace emulator
