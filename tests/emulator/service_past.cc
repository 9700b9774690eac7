// What the service offers to faults: its past, and requests that are answered from it.
#include <utility>

#include "tests/emulator/service_state.h"

namespace emulator {

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

}  // namespace emulator
