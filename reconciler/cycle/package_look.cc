#include "reconciler/cycle/package_look.h"

#include <algorithm>
#include <utility>

#include "reconciler/cycle/observe.h"
#include "reconciler/cycle/outcome.h"

namespace reconciler::cycle {
namespace {

constexpr std::string_view kReferences = "applicationPackageReferences";

bool NamesPackages(const PoolState& state) {
  const Value* const references = state.prepared->spec->body.Find(kReferences);
  return references != nullptr && references->IsArray() && !references->AsArray().empty();
}

/// A live pool whose packages are to be changed. Any other has them, or is not written.
bool WritesPackages(const PoolState& state) {
  return state.live && state.ownership == plan::Ownership::kOurs && !state.plan.steps.empty() &&
         std::any_of(state.plan.changes.begin(), state.plan.changes.end(),
                     [](const plan::Change& change) { return change.property == kReferences; });
}

}  // namespace

void CheckPackages(Pass& pass) {
  const bool wanted = std::any_of(pass.pools.begin(), pass.pools.end(), [](const auto& entry) {
    const PoolState& state = entry.second;
    return state.selected && NamesPackages(state) && (!state.live || WritesPackages(state));
  });
  if (!wanted || MustEnd(pass)) return;
  auto applications = pass.client.ListApplications(pass.stop);
  if (!applications) {
    HoldIfAsked(pass, applications.error());
    return;
  }
  if (applications->empty()) return;
  pass.applications = std::move(*applications);
  pass.context.applications = &pass.applications;
  for (auto& [key, state] : pass.pools) {
    if (!WritesPackages(state) || !NamesPackages(state)) continue;
    LivePool live = std::move(*state.live);
    TakeAnswer(pass, state, std::move(live), state.observed);
  }
}

}  // namespace reconciler::cycle
