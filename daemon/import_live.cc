#include "daemon/import_live.h"

#include <fmt/format.h>

#include "daemon/pool_finder.h"
#include "reconciler/cycle/pool_list.h"
#include "reconciler/plan/ownership.h"

namespace reconciler::daemon {
namespace {

class Finder {
 public:
  Finder(CommandContext& context, Session& session, const std::vector<std::string>& pools,
         const std::set<std::string>& kept)
      : context_(context), session_(session), pools_(pools), kept_(kept) {}

  ImportFound Run() {
    using Pools = std::vector<LivePool>;
    std::vector<Result<Pools>> lists(session_.accounts.size(), Error{});
    ForAllAccounts(session_, [&](std::size_t i, const cycle::Account& account, Doors& doors) {
      lists[i] = cycle::ListLivePools(account, doors, context_.signals.stop());
    });
    for (std::size_t i = 0; i < lists.size(); ++i) {
      const cycle::AccountConfig& config = session_.accounts[i]->account.config;
      if (lists[i]) {
        for (const LivePool& pool : *lists[i]) Look(pool, config);
      } else {
        Fail(config.name, lists[i].error());
      }
    }
    if (pools_.empty()) TellLeftOut();
    return std::move(found_);
  }

 private:
  void Fail(const std::string& account, const Error& error) {
    found_.facts |= FactsOfError(error);
    if (error.kind == ErrorKind::kCancelled) return;
    PrintError(context_.console, DescribeFailure(account, error.message));
  }

  void Look(const LivePool& pool, const cycle::AccountConfig& config) {
    found_.ids.push_back(pool.id);
    const bool has_spec = kept_.contains(PoolKey(config.name, pool.id));
    const std::string keeper = OtherKeeper(pool);
    if (pools_.empty()) {
      if (has_spec) ++have_specs_;
      if (!has_spec && !keeper.empty()) ++found_.of_others;
      if (has_spec || pool.deleting || !keeper.empty()) return;
    } else if (!Selects(pools_, pool.id)) {
      return;
    }
    if (has_spec) PrintWarning(context_.console, "pool '" + pool.id + "' has a spec already");
    const bool many = session_.load_options.accounts.size() > 1;
    found_.specs.push_back(
        {pool.id, plan::ImportPool(pool.body, many ? config.name : "", config.api_version),
         config.api_version, config.name});
    if (keeper.empty()) return;
    found_.facts.blocked = true;
    PrintWarning(context_.console, fmt::format("pool '{}' {}", pool.id, keeper));
    found_.specs.back().imported.comments.push_back({"policy", "The pool " + keeper});
  }

  /// What keeps the pool from being adopted; empty: nothing.
  std::string OtherKeeper(const LivePool& pool) const {
    const plan::Stamp stamp = plan::ReadStamp(ReadMetadata(pool.body));
    const plan::Identity identity{session_.config.owner, session_.config.source_id};
    switch (plan::CheckOwnership(pool, stamp, identity)) {
      case plan::Ownership::kOtherOwner:
        return fmt::format("belongs to owner '{}', and is not adopted while its stamp is on it",
                           stamp.owner);
      case plan::Ownership::kOtherSource:
        return fmt::format(
            "is managed from source '{}', and is not adopted while its stamp is on it",
            stamp.source);
      case plan::Ownership::kForeignName:
        return fmt::format("carries the stamp of pool '{}', and is not adopted with it",
                           stamp.pool);
      default:
        return "";
    }
  }

  void TellLeftOut() const {
    if (have_specs_ > 0) {
      PrintHint(context_.console, fmt::format("{} {} a spec already and {} left out", have_specs_,
                                              have_specs_ == 1 ? "pool has" : "pools have",
                                              have_specs_ == 1 ? "is" : "are"));
    }
    if (found_.of_others > 0) {
      PrintWarning(
          context_.console,
          fmt::format("{} that another owner or source has stamped {} left out",
                      found_.of_others == 1 ? "1 pool" : fmt::format("{} pools", found_.of_others),
                      found_.of_others == 1 ? "is" : "are"));
    }
  }

  CommandContext& context_;
  Session& session_;
  const std::vector<std::string>& pools_;
  const std::set<std::string>& kept_;
  ImportFound found_;
  std::size_t have_specs_ = 0;
};

}  // namespace

ImportFound FindLivePools(CommandContext& context, Session& session,
                          const std::vector<std::string>& pools,
                          const std::set<std::string>& kept) {
  return Finder(context, session, pools, kept).Run();
}

}  // namespace reconciler::daemon
