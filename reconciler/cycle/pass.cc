#include "reconciler/cycle/pass.h"

#include <utility>

namespace reconciler::cycle {

void PoolState::HoldFirst(Reason reason, std::string message, bool lifted_by_time) {
  plan::Hold hold;
  hold.reason = reason;
  hold.message = std::move(message);
  hold.lifted_by_time = lifted_by_time;
  hold.position = prepared->spec->position;
  plan.steps.clear();
  plan.holds.insert(plan.holds.begin(), std::move(hold));
}

bool Pass::MayAct() const { return options.act && !context.frozen; }

Event Pass::EventOf(EventKind kind, Severity severity, const std::string& pool) const {
  Event event;
  event.kind = kind;
  event.severity = severity;
  event.pool = pool;
  event.account = account.config.name;
  event.cycle = id;
  event.revision = specs->revision;
  return event;
}

void Pass::Emit(Event event) {
  event.account = account.config.name;
  event.cycle = id;
  event.revision = specs->revision;  // an alert that ends was made in an earlier cycle
  doors.events.Emit(event);
}

bool MustEnd(const Pass& pass) {
  return pass.stop.stop_requested() || pass.doors.clock.Now() >= pass.deadline ||
         pass.account.hold_until.has_value();
}

}  // namespace reconciler::cycle
