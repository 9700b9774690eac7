// What the service offers to faults: its past, and what somebody else does to it.
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

void Service::State::Remember(const Account& account) {
  if (keeps_history) histories[Lower(account.config().name)].Add(account, now());
}

void Service::SetSkew(Duration skew) { state_->skew = skew; }

bool Service::ChecksCallers() const { return state_->config.verify_signatures; }

void Service::KeepHistory() {
  if (std::exchange(state_->keeps_history, true)) return;
  for (const auto& [name, account] : state_->accounts) {
    account->Advance(state_->now());
    state_->Remember(*account);
  }
}

Service::Past Service::Present(std::string_view name) {
  Account* const account = state_->Find(name);
  if (account == nullptr) return {};
  account->Advance(state_->now());
  return {std::make_shared<const Account>(*account), state_->now()};
}

Service::Past Service::AsOf(std::string_view account, Instant then) {
  auto past = state_->histories[Lower(account)].At(then);
  return {std::move(past), then};
}

Response Service::HandleIn(const Past& past, const Request& request) {
  Account* const account =
      past.account == nullptr ? nullptr : state_->Find(past.account->config().name);
  if (account == nullptr) return Handle(request);
  ++counters_.requests;
  Account copy = *past.account;
  Reply reply = state_->Answer(request, copy, past.at);
  return state_->Finish(request, std::move(reply), account->random());
}

Response Service::HandleLost(const Request& request) {
  Reply reply;
  Account* const account = state_->Identify(request, reply);
  if (account == nullptr) return Handle(request);
  ++counters_.requests;
  account->Advance(state_->now());
  Account copy = *account;
  const auto on_node_user = std::exchange(state_->config.on_node_user, nullptr);
  reply = state_->Answer(request, copy, state_->now());
  state_->config.on_node_user = on_node_user;
  return state_->Finish(request, std::move(reply), account->random());
}

void Service::Carry(std::string_view name, const Request& request, Instant at) {
  Account* const account = state_->Find(name);
  if (account == nullptr) return;
  (void)state_->Answer(request, *account, at);
  state_->Remember(*account);
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

}  // namespace emulator
