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
    } else if (*report && !IsOfOurFleet(**report)) {
      answer.refusals.push_back(
          {ErrorKind::kConflict,
           fmt::format(
               "the daemon (process {}) at {} keeps the pools of owner '{}' and source '{}', "
               "this configuration says '{}' and '{}'",
               (*report)->pid, socket, (*report)->owner, (*report)->source, owner_, source_)});
    } else if (*report && KeepWanted(**report)) {
      answer.report = std::move(*report);
      return answer;
    }
  }
  return answer;
}

std::string_view OwnDaemon::AdviceFor(const Error& refusal) {
  switch (refusal.kind) {
    case ErrorKind::kUnauthorized:
      return "ask as root, as the daemon's user or as a member of `status.group`";
    case ErrorKind::kConflict:
      return "where `owner` or `source.id` has just been changed, undo that or restart the service";
    case ErrorKind::kTransient:
      return "look at the process (`systemctl status poolkeeper`), and restart the service if it "
             "does not come back";
    default:
      return "restart the service, so that it is of the same version as this program";
  }
}

std::string OwnDaemon::Places() const { return fmt::format("{}", fmt::join(sockets_, " or ")); }

bool OwnDaemon::IsOfOurFleet(const StatusReport& report) const {
  return owner_.empty() || (report.owner == owner_ && report.source == source_);
}

bool OwnDaemon::KeepWanted(StatusReport& report) const {
  if (account_.empty()) return true;
  std::erase_if(report.accounts,
                [&](const AccountStatus& account) { return account.account != account_; });
  return !report.accounts.empty();
}

}  // namespace reconciler::daemon
