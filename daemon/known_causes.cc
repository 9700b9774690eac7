#include "daemon/known_causes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "daemon/own_daemon.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

Cause CauseNamed(std::string_view name) {
  for (const Cause cause :
       {Cause::kSpecChanged, Cause::kPoolChanged, Cause::kBoth, Cause::kAdopted}) {
    if (CauseName(cause) == name) return cause;
  }
  return Cause::kUnknown;
}

void FillInChanges(const cycle::PoolStatus& status, std::vector<plan::Change>& changes) {
  for (plan::Change& change : changes) {
    if (change.cause != Cause::kUnknown) continue;
    const auto same = std::find_if(
        status.differences.begin(), status.differences.end(),
        [&](const cycle::StatusDifference& known) { return known.path == change.path; });
    if (same != status.differences.end()) change.cause = CauseNamed(same->cause);
  }
}

}  // namespace

KnownCauses KnownCauses::Ask(const std::string& config_file, const std::string& account) {
  OwnDaemon::Answer answer = OwnDaemon(config_file, account).Ask();
  KnownCauses causes(std::move(answer.report));
  for (const Error& refusal : answer.refusals) {
    if (refusal.kind == ErrorKind::kTransient) causes.silence_ = refusal.message;
  }
  return causes;
}

const cycle::PoolStatus* KnownCauses::Find(const std::string& account,
                                           const std::string& pool) const {
  if (!report_) return nullptr;
  for (const AccountStatus& known : report_->accounts) {
    if (known.account != account) continue;
    for (const cycle::PoolStatus& status : known.pools) {
      if (EqualFolded(status.pool, pool)) return &status;
    }
  }
  return nullptr;
}

void KnownCauses::FillIn(plan::AccountPlan& plan) const {
  for (plan::PoolPlan& pool : plan.pools) {
    const cycle::PoolStatus* status = Find(plan.account, pool.pool);
    if (status == nullptr) continue;
    FillInChanges(*status, pool.changes);
    FillInChanges(*status, pool.blocked);
  }
}

}  // namespace reconciler::daemon
