#include "reconciler/cycle/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "reconciler/core/digest.h"
#include "reconciler/core/text.h"
#include "reconciler/cycle/image_store.h"
#include "reconciler/cycle/outcome.h"
#include "reconciler/cycle/seen_pools.h"
#include "reconciler/plan/scale.h"

namespace reconciler::cycle {
namespace {

using plan::Ownership;
using plan::PoolMemory;

std::set<std::string> NamesOfSecrets(const std::vector<const PoolSpec*>& specs) {
  std::set<std::string> names;
  for (const PoolSpec* spec : specs) {
    for (std::string& name : plan::SecretNames(spec->body)) names.insert(std::move(name));
  }
  return names;
}

/// Keyed digests of all secrets that the account's specs name; read each time, for they rotate.
plan::SecretBook ReadSecrets(SecretSource& source, const std::set<std::string>& names) {
  plan::SecretBook book;
  if (names.empty()) return book;
  Result<Secret> key = source.DigestKey();
  if (!key) {
    for (const std::string& name : names) book.problems[name] = key.error().message;
    return book;
  }
  book.SetKey(std::move(*key));
  for (const std::string& name : names) {
    const Result<Secret> secret = source.Read(name);
    if (secret) {
      book.Add(name, *secret);
    } else {
      book.problems[name] = secret.error().message;
    }
  }
  return book;
}

bool SameBook(const plan::SecretBook& left, const plan::SecretBook& right) {
  return left.key_id == right.key_id && left.digests == right.digests &&
         left.problems == right.problems;
}

bool IsSelected(const CycleOptions& options, const std::string& key) {
  return options.pools.empty() ||
         std::any_of(options.pools.begin(), options.pools.end(),
                     [&](const std::string& name) { return FoldCase(name) == key; });
}

/// A pool of another creation time is another pool: what was seen of the old one says nothing.
void RecognisePool(const Account& account, PoolMemory& memory, const LivePool& live,
                   Ownership ownership) {
  if (!memory.creation_time.empty() && memory.creation_time != live.creation_time) memory = {};
  RecallPool(account, live, memory);
  if (ownership != Ownership::kOurs) return;
  memory.managed = true;
  memory.creation_time = live.creation_time;
}

/// Keeps account of allocations that ended short, so that the plan can retry them in time.
void NoteAllocation(Pass& pass, PoolMemory& memory, const LivePool& live,
                    const plan::ScaleSpec& scale) {
  if (scale.kind != plan::ScaleKind::kFixed || live.auto_scale) {
    memory.allocation_due.reset();
    return;
  }
  int& tries = pass.account.allocation_tries[live.vm_size];
  if (live.allocation_state != AllocationState::kSteady) {
    memory.allocation_due.reset();
  } else if (live.AtTarget()) {
    if (memory.allocation_tries > 0) tries = 0;
    memory.allocation_tries = 0;
    memory.allocation_due.reset();
  } else if (const auto failed = plan::FailedAllocation(scale, live, memory);
             failed && !memory.allocation_due) {
    const bool stopped_by_us = failed->code == "ResizeStopped" && memory.stop_resize_sent;
    const int tried = std::max(tries, memory.allocation_tries);
    memory.allocation_due =
        pass.doors.clock.Now() + plan::AllocationDelay(stopped_by_us ? "" : failed->code, tried);
  }
}

bool SameDigests(const plan::SeenScale& left, const plan::SeenScale& right) {
  return left.spec_digest == right.spec_digest && left.live_digest == right.live_digest;
}

void Teach(Account& account, PoolMemory& memory, const plan::PoolPlan& plan) {
  for (const auto& [property, live_digest] : plan.in_sync) memory.seen[property] = live_digest;
  if (!plan.scale_in_sync) return;
  if (!memory.scale || !SameDigests(*memory.scale, *plan.scale_in_sync)) {
    account.seen_unsaved = true;
  }
  memory.scale = plan.scale_in_sync;
}

void NoteCounts(Pass& pass, const NodeCounts& counts) {
  const auto found = pass.pools.find(FoldCase(counts.pool_id));
  if (found != pass.pools.end()) found->second.counts = &counts;
}

/// The record holds the minute of the change; who made it knows the moment. Others take the end of
/// that minute: a node too many that may run the old start task is better than one too few.
Instant ChangedAt(std::int64_t minute, const PoolMemory& memory) {
  const Instant begin{std::chrono::minutes(minute)};
  const Instant end = begin + std::chrono::minutes(1);
  if (!memory.last_change) return end;
  const auto last = std::chrono::floor<std::chrono::minutes>(*memory.last_change);
  return Instant(last) == begin ? *memory.last_change : end;
}

/// No node can be older than a change: there is none, or the pool itself is newer.
bool AllNodesAreNewer(const LivePool& live, Instant changed) {
  if (live.CurrentNodes() == 0) return true;
  const auto created = ParseTime(live.creation_time);
  return created && *created >= changed;
}

void AskForOldNodes(Pass& pass) {
  constexpr int kPoolsPerCycle = 8;  // the others follow in the next cycles
  int asked = 0;
  for (auto& [key, state] : pass.pools) {
    if (!state.changed_minute || !state.live || state.ownership != Ownership::kOurs) continue;
    PoolMemory& memory = pass.Memory(key);
    if (memory.refreshed_minute >= *state.changed_minute || MustEnd(pass)) continue;
    const Instant changed = ChangedAt(*state.changed_minute, memory);
    if (AllNodesAreNewer(*state.live, changed)) {
      memory.nodes_before_change = 0;
      memory.refreshed_minute = *state.changed_minute;
      continue;
    }
    if (++asked > kPoolsPerCycle) return;
    auto nodes = pass.client.ListNodes(state.live->id, pass.stop);
    if (!nodes) {  // no harm: the note stays as it was
      HoldIfAsked(pass, nodes.error());
      continue;
    }
    memory.nodes_before_change = static_cast<int>(
        std::count_if(nodes->begin(), nodes->end(), [&](const batch::NodeSummary& node) {
          return node.last_boot_time && *node.last_boot_time < changed;
        }));
    if (memory.nodes_before_change == 0) memory.refreshed_minute = *state.changed_minute;
  }
}

}  // namespace

void PrepareSpecs(Pass& pass) {
  Account& account = pass.account;
  const bool new_specs = account.prepared_from != pass.specs;
  if (new_specs) {
    account.secret_names = NamesOfSecrets(pass.specs->OfAccount(account.config.name));
  }
  plan::SecretBook book = ReadSecrets(pass.doors.secrets, account.secret_names);
  if (new_specs || !SameBook(account.secrets, book)) {
    account.prepared.clear();
    account.secrets = std::move(book);
    account.prepared_from = pass.specs;
    ++account.times_prepared;
    for (const PoolSpec* spec : pass.specs->OfAccount(account.config.name)) {
      account.prepared[FoldCase(spec->id)] =
          plan::Prepare(*spec, account.secrets, *pass.context.table);
    }
  }
  for (const UnreadableSpec& spec : pass.specs->unreadable) {
    if (spec.account == account.config.name) pass.unreadable.insert(FoldCase(spec.id));
  }
  for (const auto& [key, prepared] : account.prepared) {
    PoolState& state = pass.pools[key];
    state.prepared = &prepared;
    state.selected = IsSelected(pass.options, key);
  }
}

void TakeAnswer(Pass& pass, PoolState& state, LivePool live, Tick asked) {
  const std::string key = FoldCase(live.id);
  PoolMemory& memory = pass.Memory(key);
  const plan::Stamp stamp = plan::ReadStamp(ReadMetadata(live.body));
  state.ownership = plan::CheckOwnership(live, stamp, pass.context.identity);
  RecognisePool(pass.account, memory, live, state.ownership);
  NoteAllocation(pass, memory, live, state.prepared->scale);
  if (pass.context.images != nullptr) {
    state.image = plan::NoticeOf(live.body, *pass.context.images, pass.context.wall);
  }
  state.changed_minute.reset();
  if (stamp.record) {
    for (const auto& [name, entry] : stamp.record->entries) {
      if (entry.changed_minute) {
        state.changed_minute = std::max(state.changed_minute.value_or(0), *entry.changed_minute);
      }
    }
  }
  state.plan = plan::DecidePool(pass.context, *state.prepared, &live, state.ownership, memory);
  if (state.ownership == Ownership::kOurs) Teach(pass.account, memory, state.plan);
  state.live = std::move(live);
  state.observed = asked;
  state.observed_after_write = true;
}

void TakeAbsence(Pass& pass, PoolState& state) {
  state.live.reset();
  const std::string key = FoldCase(state.prepared->spec->id);
  PoolMemory& memory = pass.Memory(key);
  RecallAbsent(pass.account, key, memory);
  state.ownership = Ownership::kUnclaimed;
  // Decided with what was seen of it: a pool that this process managed and that is gone was deleted
  // by somebody.
  state.plan = plan::DecidePool(pass.context, *state.prepared, nullptr, state.ownership, memory);
  if (!memory.creation_time.empty()) {  // from now on it says nothing about a pool of this name
    state.gone = memory.managed;
    const auto backoff_until = memory.backoff_until;
    memory = {};
    memory.backoff_until = backoff_until;
  }
  state.observed_after_write = true;
}

Status VisitCounts(Pass& pass, const batch::Row& row) {
  QuietBook<NodeCounts>& quiet = pass.account.quiet_counts;
  const NodeCounts* known = quiet.Find(row.digest);
  if (known == nullptr) {
    Result<NodeCounts> read = batch::Client::ParseNodeCounts(row.text);
    if (!read) return std::move(read).error();
    known = quiet.Keep(row.digest, std::move(*read));
  }
  NoteCounts(pass, *known);
  return Ok{};
}

void TakeNodeCounts(Pass& pass, const Result<batch::ListReport>& counts) {
  pass.account.quiet_counts.Turn();
  if (!counts) {
    for (auto& [key, state] : pass.pools) state.counts = nullptr;
    Event event = pass.EventOf(EventKind::kObservationPartial, Severity::kWarning, "");
    event.reason = Reason::kNodeCountsUnknown;
    event.detail = counts.error().message;
    pass.account.alerts.Hold("counts", std::string(ErrorKindName(counts.error().kind)), event,
                             pass.EventOf(EventKind::kObservationWhole, Severity::kInfo, ""));
    HoldIfAsked(pass, counts.error());
    return;
  }
  pass.counts_known = true;
}

void ObserveOldNodes(Pass& pass) {
  AskForOldNodes(pass);
  for (auto& [key, state] : pass.pools) {
    if (!state.changed_minute || !state.live || state.ownership != Ownership::kOurs) continue;
    const PoolMemory& memory = pass.Memory(key);
    if (memory.nodes_before_change == 0) continue;
    const Instant changed = ChangedAt(*state.changed_minute, memory);
    state.plan.not_refreshed = fmt::format(
        "{} node{} booted before {} may run the old start task", memory.nodes_before_change,
        memory.nodes_before_change == 1 ? "" : "s", FormatTime(changed));
  }
}

Status EnsureImages(Pass& pass) {
  // Who lets this list wait so long in vain will not answer the next one either.
  constexpr Tick kAccountHangs = std::chrono::seconds(60);
  Account& account = pass.account;
  const Tick now = pass.doors.clock.Now();
  if (!account.images) LoadImages(account, pass.doors, pass.context.wall);
  if (!account.images || !account.images_due || now >= *account.images_due) {
    Status fetched = FetchImages(pass);
    const bool hangs = pass.doors.clock.Now() - now >= kAccountHangs;
    if (!fetched && (hangs || HoldsAccount(fetched.error()))) return fetched;
  }
  HoldImagesAlert(pass);
  pass.context.images = account.images ? &*account.images : nullptr;
  return Ok{};
}

bool RefetchImages(Pass& pass) {
  constexpr Tick kMissPause = std::chrono::minutes(10);
  Account& account = pass.account;
  const Tick now = pass.doors.clock.Now();
  if (account.images_fetched && now - *account.images_fetched < kMissPause) return false;
  const Status fetched = FetchImages(pass);
  if (!fetched) {
    HoldIfAsked(pass, fetched.error());
    HoldImagesAlert(pass);
  }
  pass.context.images = account.images ? &*account.images : nullptr;
  return fetched.has_value();
}

}  // namespace reconciler::cycle
