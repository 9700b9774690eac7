#include "reconciler/cycle/seen_pools.h"

#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/core/text.h"
#include "reconciler/cycle/tell.h"

namespace reconciler::cycle {
namespace {

std::string KeyOf(const Account& account) { return "seen-" + account.config.name + ".json"; }

SeenPool FromJson(const Value& json) {
  return {.creation_time = std::string(json.StringOr("created")),
          .scale = {.spec_digest = std::string(json.StringOr("spec")),
                    .live_digest = std::string(json.StringOr("live")),
                    .before_this_start = true}};
}

Value ToJson(const SeenPool& pool) {
  return Object{{"created", pool.creation_time},
                {"spec", pool.scale.spec_digest},
                {"live", pool.scale.live_digest}};
}

}  // namespace

void LoadSeenPools(Pass& pass) {
  Account& account = pass.account;
  if (account.seen_before_loaded) return;
  account.seen_before_loaded = true;
  const auto stored = pass.doors.state.Get(KeyOf(account));
  if (!stored || !*stored) return;
  const Result<Value> json = ParseJson(**stored);
  if (!json || !json->IsObject()) return;
  for (const Member& member : json->AsObject()) {
    if (member.value.IsObject()) account.seen_before[member.name] = FromJson(member.value);
  }
}

void RecallPool(const Account& account, const LivePool& live, plan::PoolMemory& memory) {
  if (!memory.creation_time.empty()) return;  // seen by this process
  const auto found = account.seen_before.find(FoldCase(live.id));
  if (found == account.seen_before.end()) return;
  if (found->second.creation_time != live.creation_time) return;
  memory.managed = true;
  memory.creation_time = live.creation_time;
  memory.scale = found->second.scale;
}

void RecallAbsent(Account& account, const std::string& key, plan::PoolMemory& memory) {
  const auto found = account.seen_before.find(key);
  if (found == account.seen_before.end()) return;
  if (memory.creation_time.empty()) {
    memory.managed = true;
    memory.creation_time = found->second.creation_time;
  }
  account.seen_before.erase(found);
  account.seen_unsaved = true;
}

void SaveSeenPools(Pass& pass) {
  Account& account = pass.account;
  if (!account.seen_unsaved || !pass.options.act) return;
  for (const auto& [key, memory] : account.pools) {
    if (memory.scale) account.seen_before[key] = {memory.creation_time, *memory.scale};
  }
  if (pass.specs->complete) {
    std::erase_if(account.seen_before,
                  [&](const auto& entry) { return !pass.pools.contains(entry.first); });
  }
  Object json;
  for (const auto& [key, pool] : account.seen_before) json.push_back({key, ToJson(pool)});
  if (Status saved = pass.doors.state.Put(KeyOf(account), WriteJson(std::move(json))); !saved) {
    TellStateFailure(pass, "seen", saved.error());
    return;
  }
  account.seen_unsaved = false;
}

}  // namespace reconciler::cycle
