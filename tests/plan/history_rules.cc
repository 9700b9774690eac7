// What must hold for each plan and each write of a history, told from the truth alone.
#include <algorithm>

#include "tests/plan/history_world.h"

namespace reconciler::plan {
namespace {

std::string Quote(const std::string& text) { return "'" + text + "'"; }

}  // namespace

void Historian::CheckPlan(const World& world, const PoolPlan& plan) {
  const std::string name = NameOf(subject_);
  const std::string live = world.service.Text();
  const std::string wanted = TextOf(subject_, WishOf(world));
  const Truth& truth = world.truth;
  const bool named = WishOf(world) != Wish::kLeft;
  const auto is_subject = [&](const Change& change) { return change.property == name; };
  const bool kept = std::any_of(plan.kept.begin(), plan.kept.end(), is_subject);
  std::vector<Change> found;
  for (const auto* changes : {&plan.changes, &plan.blocked}) {
    std::copy_if(changes->begin(), changes->end(), std::back_inserter(found), is_subject);
  }
  if (kept && !found.empty()) Complain("kept and different at once");
  if (kept && live == wanted) Complain("kept, though it is what was asked for");
  if (kept && !(truth.applied == WishOf(world) && live == truth.left_by_us && truth.proven)) {
    Complain("false kept: " + Quote(live) + " was not seen to be what the service makes of it");
  }
  if (named && found.empty() && !kept && live != wanted) {
    Complain("false in sync: " + Quote(live) + " is not " + Quote(wanted));
  }
  if (!found.empty() && live == wanted) Complain("a difference that is none");
  if (named && !found.empty()) CheckCause(world, plan, found.front().cause);
  for (const Change& change : found) {
    if (!named && change.cause == Cause::kPoolChanged) Complain("the spec moved, not the pool");
  }
}

void Historian::CheckCause(const World& world, const PoolPlan&, Cause cause) {
  const Truth& truth = world.truth;
  const std::string live = world.service.Text();
  const bool spec_moved = truth.applied != WishOf(world);
  const bool moved_in_sight = truth.seen && *truth.seen != live && truth.touched;
  if (cause == Cause::kPoolChanged && !(moved_in_sight && !spec_moved)) {
    Complain("false accusation: PoolChanged");
  }
  if (cause == Cause::kBoth && !(moved_in_sight && spec_moved)) {
    Complain("false accusation: Both");
  }
  if (cause == Cause::kSpecChanged && !spec_moved) Complain("SpecChanged, but it did not");
  if (cause == Cause::kUnknown && spec_moved) Complain("Unknown, but the spec changed");
  if (cause == Cause::kUnknown && moved_in_sight) {
    Complain("Unknown, but the pool moved before our eyes");
  }
  if (cause == Cause::kNone || cause == Cause::kAdopted) Complain("a difference without a cause");
}

void Historian::CheckWrite(const World& world, const plan::Step& step) {
  const Truth& truth = world.truth;
  const std::string live = world.service.Text();
  const bool differs = live != TextOf(subject_, WishOf(world));
  const bool spec_moved = truth.applied != WishOf(world);
  const bool pool_moved = live != truth.left_by_us;
  switch (step.kind) {
    case StepKind::kPatch:
    case StepKind::kRemoveStartTask:
      if (subject_ == Subject::kVmSize) Complain("a blocked property is written");
      if (!differs) Complain("a write of what is there already");
      if (!spec_moved && !pool_moved && truth.proven) Complain("a write without a cause");
      break;
    case StepKind::kRecordKept:
      if (!differs || spec_moved || pool_moved || !truth.proven) {
        Complain("a kept value is recorded without proof");
      }
      break;
    case StepKind::kForget:
      if (WishOf(world) != Wish::kLeft) Complain("the record forgets what the spec names");
      break;
    default:
      Complain("a step that no history asks for: " + std::string(StepName(step.kind)));
  }
}

}  // namespace reconciler::plan
