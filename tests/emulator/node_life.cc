// What happens to single nodes when somebody asks for it.
#include "tests/emulator/account.h"

namespace emulator {

void Account::Act(Pool& pool, Node& node, NodeAction action, Instant now) {
  const Timings& timings = service_.timings;
  const auto [state, since] = StateOf(node, now);
  // As recorded: a node that is rebooted while it is created keeps the time of its transition.
  node.acted = state == NodeState::kCreating ? since : now;
  if (now >= node.boot.starting) node.boot_before = std::make_shared<const Boot>(node.boot);
  node.action = action;
  switch (action) {
    case NodeAction::kNone:
      return;
    case NodeAction::kReboot:
      return BootNode(pool, node, now + Jittered(timings.node_reboot));
    case NodeAction::kReimage:
      node.users.clear();
      return BootNode(pool, node, now + Jittered(timings.node_reimage));
    case NodeAction::kDeallocate:
      node.boot.starting = kNever;
      node.deallocated = now + Jittered(timings.node_deallocate);
      node.schedulable = false;  // as recorded
      node.schedulable_since = now;
  }
}

void Account::StartAgain(Pool& pool, Node& node, Instant now) {
  node.action = NodeAction::kNone;
  node.schedulable = true;
  node.schedulable_since = now;
  BootNode(pool, node, now);
}

}  // namespace emulator
