// What whoever drives the emulator, or somebody else, can move in it.
#include <utility>

#include "tests/emulator/service_state.h"

namespace emulator {

namespace {

/// A new pool with the settings of another one.
Pool Successor(const Pool& old) {
  Pool pool;
  pool.id = old.id;
  pool.settings = old.settings;
  pool.target = old.target;
  pool.resize_timeout = old.resize_timeout;
  pool.auto_scale = old.auto_scale;
  pool.formula = old.formula;
  pool.evaluation_interval = old.evaluation_interval;
  return pool;
}

}  // namespace

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
  // A failed evaluation shows the targets as they are.
  const FormulaResult now = state_->Find(account)->Evaluate(*pool, "", state_->now());
  pool->run = AutoScaleRun{state_->now(), now.results, std::move(error), ""};
  state_->Remember(*state_->Find(account));
}

void Service::SetTargets(std::string_view account, std::string_view pool_id, PerKind target) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr || pool->Deleting()) return;
  Account& owner = *state_->Find(account);
  owner.BeginResize(*pool, target, TaskFate::kRequeue, state_->now());
  state_->Remember(owner);
}

void Service::TouchPool(std::string_view account, std::string_view pool_id) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr) return;
  Account& owner = *state_->Find(account);
  owner.Touch(*pool, state_->now());
  state_->Remember(owner);
}

void Service::ResizePool(std::string_view account, std::string_view pool_id, std::int64_t nodes) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr || pool->allocation != Allocation::kSteady || pool->auto_scale) return;
  PerKind target = pool->target;
  target[kDedicated] = nodes;
  Account& owner = *state_->Find(account);
  owner.BeginResize(*pool, target, TaskFate::kRequeue, state_->now());
  owner.Touch(*pool, state_->now());
  state_->Remember(owner);
}

void Service::DropPool(std::string_view account, std::string_view pool_id) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr) return;
  Account& owner = *state_->Find(account);
  owner.Drop(*pool);
  state_->Remember(owner);
}

void Service::RecreatePool(std::string_view account, std::string_view pool_id) {
  Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr) return;
  Account& owner = *state_->Find(account);
  Pool successor = Successor(*pool);
  owner.Drop(*pool);
  owner.Add(std::move(successor), state_->now());
  state_->Remember(owner);
}

void Service::RevertPool(std::string_view account, std::string_view pool_id, const Past& past) {
  Account* const owner = state_->Find(account);
  if (owner == nullptr || past.account == nullptr) return;
  Pool* const pool = state_->FindPool(account, pool_id);
  Account then = *past.account;
  Pool* const old = then.Find(pool_id);
  if (pool != nullptr && old != nullptr) owner->Revert(*pool, *old, state_->now());
  if (pool != nullptr && old == nullptr) owner->Drop(*pool);
  if (pool == nullptr && old != nullptr) owner->Add(Successor(*old), state_->now());
  state_->Remember(*owner);
}

std::vector<std::string_view> Service::PhasesOf(std::string_view account,
                                                std::string_view pool_id) {
  const Pool* const pool = state_->FindPool(account, pool_id);
  if (pool == nullptr) return {"absent"};
  const std::string_view allocation = pool->allocation == Allocation::kSteady     ? "steady"
                                      : pool->allocation == Allocation::kResizing ? "resizing"
                                                                                  : "stopping";
  return {pool->Deleting() ? "deleting" : "active", allocation};
}

std::string Service::Endpoint(const Request& request) const { return state_->Endpoint(request); }

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
