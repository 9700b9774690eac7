#include "reconciler/cycle/seen_scale_store.h"

#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/core/text.h"

namespace reconciler::cycle {
namespace {

std::string KeyOf(const Account& account) { return "scale-" + account.config.name + ".json"; }

ScaleOfPool FromJson(const Value& json) {
  return {.creation_time = std::string(json.StringOr("created")),
          .seen = {.spec_digest = std::string(json.StringOr("spec")),
                   .live_digest = std::string(json.StringOr("live")),
                   .before_this_start = true}};
}

Value ToJson(const ScaleOfPool& pool) {
  return Object{{"created", pool.creation_time},
                {"spec", pool.seen.spec_digest},
                {"live", pool.seen.live_digest}};
}

}  // namespace

void LoadSeenScale(Pass& pass) {
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

void RecallScale(const Account& account, const LivePool& live, plan::PoolMemory& memory) {
  if (memory.scale) return;
  const auto found = account.seen_before.find(FoldCase(live.id));
  if (found == account.seen_before.end()) return;
  if (found->second.creation_time == live.creation_time) memory.scale = found->second.seen;
}

void SaveSeenScale(Pass& pass) {
  Account& account = pass.account;
  if (!account.scale_unsaved || !pass.options.act) return;
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
    Event event = pass.EventOf(EventKind::kStateFailed, Severity::kWarning, "");
    event.detail = saved.error().message;
    pass.Emit(event);
    return;
  }
  account.scale_unsaved = false;
}

}  // namespace reconciler::cycle
