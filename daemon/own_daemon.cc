#include "daemon/own_daemon.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/config.h"
#include "daemon/status_socket.h"

namespace reconciler::daemon {

OwnDaemon::OwnDaemon(const std::string& config_file, std::string account)
    : account_(std::move(account)) {
  const LoadedConfig loaded = LoadConfig(config_file, KeyReading::kSkip);
  sockets_ = StatusSocketCandidates(loaded.config ? loaded.config->state : Config().state);
  if (!loaded.config) return;
  owner_ = loaded.config->owner;
  source_ = loaded.config->source_id;
  if (!loaded.config->status_socket.empty()) sockets_ = {loaded.config->status_socket};
}

OwnDaemon::Answer OwnDaemon::Ask() const {
  Answer answer;
  for (const std::string& socket : sockets_) {
    auto report = AskDaemon(socket);
    if (!report) {
      answer.refusals.push_back(std::move(report).error());
    } else if (*report && IsOurs(**report)) {
      answer.report = std::move(*report);
      return answer;
    }
  }
  return answer;
}

std::string OwnDaemon::Places() const { return fmt::format("{}", fmt::join(sockets_, " or ")); }

bool OwnDaemon::IsOurs(StatusReport& report) const {
  if (!owner_.empty() && (report.owner != owner_ || report.source != source_)) return false;
  if (account_.empty()) return true;
  std::erase_if(report.accounts,
                [&](const AccountStatus& account) { return account.account != account_; });
  return !report.accounts.empty();
}

}  // namespace reconciler::daemon
