// What whoever drives the emulator can move in it.
#include <utility>

#include "tests/emulator/service_state.h"

namespace emulator {

int Service::ForceNodes(std::string_view account, std::string_view pool_id,
                        std::optional<NodeState> state, std::int64_t count, bool with_errors) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr) return 0;
  int forced = 0;
  for (Node& node : pool->nodes) {
    if (forced >= count) break;
    node.forced.reset();
    if (state) node.forced.emplace(*state, state_->now());
    node.shows_errors = with_errors;
    ++forced;
  }
  state_->Remember(*state_->Find(account));
  return forced;
}

void Service::SetResizeErrors(std::string_view account, std::string_view pool_id,
                              std::vector<ResizeError> errors) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr) return;
  pool->resize_errors = std::move(errors);
  state_->Remember(*state_->Find(account));
}

void Service::FailEvaluation(std::string_view account, std::string_view pool_id,
                             ResizeError error) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr || !pool->auto_scale) return;
  pool->run = AutoScaleRun{state_->now(), "", std::move(error), ""};
  state_->Remember(*state_->Find(account));
}

void Service::SetTargets(std::string_view account, std::string_view pool_id, PerKind target) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr || pool->Deleting()) return;
  Account& owner = *state_->Find(account);
  owner.BeginResize(*pool, target, TaskFate::kRequeue, state_->now());
  state_->Remember(owner);
}

const ServiceConfig& Service::config() const { return state_->config; }

void Service::Reconfigure(ServiceConfig config) {
  state_->config = std::move(config);
  for (const AccountConfig& wanted : state_->config.accounts) {
    Account* const account = state_->Find(wanted.name);
    if (account == nullptr) continue;
    account->Reconfigure(wanted);
    state_->images.at(Lower(wanted.name)) =
        ImagesOf(wanted, state_->config.extra_images, state_->now());
  }
}

}  // namespace emulator
