#include "daemon/keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/spec_options.h"

namespace reconciler::daemon {
namespace {

const std::string kStays = "the reload was refused, the old configuration stays in use";

}  // namespace

Keeper::Keeper(Config config, Options options, World& world, AccountThread::Listener listener,
               std::function<void(const SpecSnapshot&)> on_specs, OnProblems on_problems)
    : config_(std::move(config)),
      options_(std::move(options)),
      world_(world),
      listener_(std::move(listener)),
      on_specs_(std::move(on_specs)),
      on_problems_(std::move(on_problems)) {
  StartAccounts();
  StartSpecs();
}

Keeper::~Keeper() {
  specs_.reset();
  for (const auto& account : accounts_) account->RequestStop();
  accounts_.clear();
}

void Keeper::StartSpecs() {
  specs_.reset();
  SpecThreadOptions options;
  options.root = options_.specs_override.empty() ? config_.specs : options_.specs_override;
  options.interval = config_.interval;
  options.load = LoadOptionsOf(config_);
  options.load.freeze_without_last_good = true;
  options.state_folder = config_.state;
  options.on_problems = [this](const auto& problems) { Report("specs", problems); };
  Report("specs", {});
  specs_ = std::make_unique<SpecThread>(std::move(options), cell_, world_.state(), world_.clock(),
                                        world_.events(), [this] {
                                          on_specs_(*cell_.Get());
                                          WakeAccounts();
                                        });
}

/// Starts a thread for each account that has none, hands the others their new settings, and ends
/// those that are gone.
void Keeper::StartAccounts() {
  std::vector<std::unique_ptr<AccountThread>> gone;
  {
    const std::lock_guard lock(mutex_);
    std::vector<std::unique_ptr<AccountThread>> kept;
    for (AccountSettings& settings : config_.accounts) {
      if (!options_.only_account.empty() && settings.account.name != options_.only_account)
        continue;
      const auto old = std::find_if(accounts_.begin(), accounts_.end(), [&](const auto& thread) {
        return thread != nullptr && thread->name() == settings.account.name;
      });
      // The settings stay in config_ but for the key, which moves on.
      AccountSettings copy{settings.account,
                           {settings.auth.secret, std::move(settings.auth.key),
                            settings.auth.identity, settings.auth.password},
                           settings.endpoint_text};
      if (old == accounts_.end()) {
        kept.push_back(std::make_unique<AccountThread>(std::move(copy), world_, cell_, listener_));
      } else {
        (*old)->Replace(std::move(copy));
        kept.push_back(std::move(*old));
      }
    }
    std::erase(accounts_, nullptr);
    gone = std::exchange(accounts_, std::move(kept));
  }
  for (const auto& account : gone) account->RequestStop();
}

std::vector<std::string> Keeper::AccountNames() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& account : accounts_) names.push_back(account->name());
  return names;
}

std::vector<Tick> Keeper::LastBeats() {
  const std::lock_guard lock(mutex_);
  std::vector<Tick> beats;
  for (const auto& account : accounts_) beats.push_back(account->LastBeat());
  return beats;
}

void Keeper::WakeAccounts() {
  const std::lock_guard lock(mutex_);
  for (const auto& account : accounts_) account->Wake();
}

std::string Keeper::NeedsRestart(const Config& fresh) const {
  if (fresh.owner != config_.owner) {
    return fmt::format(
        "owner has changed from '{0}' to '{1}', which needs a restart; pools that carry the owner "
        "'{0}' are somebody else's then, and are not written",
        config_.owner, fresh.owner);
  }
  if (fresh.source_id != config_.source_id) {
    return fmt::format(
        "source.id has changed from '{0}' to '{1}', which needs a restart; pools that carry the "
        "source '{0}' are those of another repository then, and are not written",
        config_.source_id, fresh.source_id);
  }
  if (fresh.state != config_.state) {
    return fmt::format(
        "state has changed from {} to {}, which needs a restart; move the files along, they hold "
        "the last good specs",
        config_.state, fresh.state);
  }
  if (fresh.status_socket != config_.status_socket || fresh.status_group != config_.status_group) {
    return "status has changed, which needs a restart";
  }
  return {};
}

std::string Keeper::TryReload() {
  LoadedConfig loaded = LoadConfig(config_.file);
  std::string refusal;
  for (const Finding& finding : loaded.findings) {
    const bool refused = finding.level == Finding::Level::kError;
    const std::string place = FormatPosition(finding.position);
    const std::string what = place.empty() ? finding.message : place + ": " + finding.message;
    Tell(refused ? EventKind::kConfigRefused : EventKind::kConfigReloaded,
         refused ? Severity::kError : Severity::kWarning, what);
    if (refused && refusal.empty()) refusal = what;
  }
  if (!loaded.config) return kStays + ", and a restart would fail: " + refusal;
  if (const std::string why = NeedsRestart(*loaded.config); !why.empty()) {
    Tell(EventKind::kConfigRefused, Severity::kError, config_.file + ": " + why);
    return kStays + ": " + config_.file + ": " + why;
  }
  Adopt(std::move(*loaded.config));
  Tell(EventKind::kConfigReloaded, Severity::kInfo, config_.file);
  return {};
}

void Keeper::Reload() {
  const std::string refusal = TryReload();
  Report("reload", refusal.empty() ? std::vector<std::string>{} : std::vector{refusal});
  specs_->Rescan();
  WakeAccounts();
}

void Keeper::Report(const std::string& observer, const std::vector<std::string>& problems) const {
  if (on_problems_) on_problems_(observer, problems);
}

void Keeper::Adopt(Config fresh) {
  config_ = std::move(fresh);
  world_.secrets().Replace(config_.secrets);
  world_.Replace(config_.http);
  StartAccounts();
  StartSpecs();  // with the new accounts, versions and secrets
}

void Keeper::Tell(EventKind kind, Severity severity, std::string detail) {
  Event event;
  event.kind = kind;
  event.severity = severity;
  event.detail = std::move(detail);
  world_.events().Emit(event);
}

}  // namespace reconciler::daemon
