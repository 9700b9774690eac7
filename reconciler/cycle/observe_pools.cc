#include <algorithm>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/cycle/observe.h"

namespace reconciler::cycle {
namespace {

using plan::Ownership;

/// Whether the next pass comes to the same as long as neither the row nor the basis changes.
bool IsQuiet(const PoolState& state) {
  const plan::PoolPlan& plan = state.plan;
  return plan.steps.empty() && !plan.Differs() && plan.holds.empty() && plan.released.empty();
}

QuietBasis BasisOf(const Pass& pass) {
  QuietBasis basis;
  basis.prepared = pass.account.times_prepared;
  if (pass.context.images != nullptr) basis.images = pass.context.images->fetched;
  basis.day = std::chrono::floor<std::chrono::days>(pass.context.wall).time_since_epoch().count();
  basis.frozen = pass.context.frozen;
  return basis;
}

Error ComesTwice(const Pass& pass, const std::string& id) {
  return Error{ErrorKind::kTransient, "account '" + pass.context.account + "': pool '" + id +
                                          "' comes twice: the list changed while it was read"};
}

/// A pool that no readable spec names.
Status NoteWithoutSpec(Pass& pass, const QuietRow& row) {
  if (!pass.without_spec.insert(row.key).second) return ComesTwice(pass, row.id);
  pass.other_targets += row.nodes_target;
  if (pass.unreadable.contains(row.key)) return Ok{};  // its spec is there, with errors
  if (row.ownership != Ownership::kOurs) {
    pass.unmanaged.push_back(row.id);
    return Ok{};
  }
  pass.orphans.push_back(row.id);
  pass.orphan_nodes[row.id] = {row.nodes_current, row.nodes_target};
  pass.orphan_digests[row.id] = row.orphan_digest;
  return Ok{};
}

/// A row that has not changed since it called for nothing.
Status TakeQuiet(Pass& pass, const QuietRow& row, Tick asked) {
  if (row.stamped) pass.stamped.push_back(*row.stamped);
  if (!row.state) return NoteWithoutSpec(pass, row);
  PoolState& state = pass.pools[row.key];
  if (state.live) return ComesTwice(pass, row.id);
  const bool selected = state.selected;
  state = *row.state;
  state.selected = selected;
  state.observed = asked;
  return Ok{};
}

/// Decides about the pool of a row. What it comes to, if it calls for nothing, stands in `quiet`.
Status TakeRow(Pass& pass, LivePool live, Tick asked, std::optional<QuietRow>& quiet) {
  QuietRow row;
  row.id = live.id;
  row.key = FoldCase(live.id);
  const plan::Stamp stamp = plan::ReadStamp(ReadMetadata(live.body));
  row.ownership = plan::CheckOwnership(live, stamp, pass.context.identity);
  if (!stamp.incarnation.empty() && stamp.owner == pass.context.identity.owner) {
    row.stamped = plan::StampedPool{live.id, stamp.incarnation, live.creation_time};
    pass.stamped.push_back(*row.stamped);
  }
  const auto found = pass.pools.find(row.key);
  if (found == pass.pools.end()) {
    row.nodes_current = live.CurrentNodes();
    row.nodes_target = live.TargetNodes();
    if (row.ownership == Ownership::kOurs) {
      row.orphan_digest =
          plan::BodyDigest(live.body, *pass.context.table, pass.context.api_version);
    }
    if (Status noted = NoteWithoutSpec(pass, row); !noted) return noted;
    quiet = std::move(row);
    return Ok{};
  }
  PoolState& state = found->second;
  if (state.live) return ComesTwice(pass, row.id);
  TakeAnswer(pass, state, std::move(live), asked);
  if (pass.options.on_look) pass.options.on_look(state);
  if (!state.plan.HasWork()) state.live->body = Value();  // a quiet pool leaves no tree behind
  if (!IsQuiet(state)) return Ok{};
  state.plan.in_sync.clear();  // taught by now
  row.state = state;
  quiet = std::move(row);
  return Ok{};
}

Status VisitRow(Pass& pass, const batch::Row& row, Tick asked) {
  QuietBook<QuietRow>& book = pass.account.quiet_pools;
  if (const QuietRow* known = book.Find(row.digest)) return TakeQuiet(pass, *known, asked);
  Result<LivePool> live = batch::Client::ParsePool(row.text);
  if (!live) return std::move(live).error();
  std::optional<QuietRow> quiet;
  if (Status taken = TakeRow(pass, std::move(*live), asked, quiet); !taken) return taken;
  if (quiet) book.Keep(row.digest, std::move(*quiet));
  return Ok{};
}

/// Of two pools with one incarnation the younger was made from the other's exported body.
void MarkCopies(Pass& pass) {
  for (const std::string& copied : plan::FindCopiedStamps(pass.stamped)) {
    const auto found = pass.pools.find(FoldCase(copied));
    if (found == pass.pools.end()) {  // it stands for no spec, not even for one that is gone
      if (std::erase(pass.orphans, copied) > 0) pass.unmanaged.push_back(copied);
      pass.orphan_digests.erase(copied);
      continue;
    }
    PoolState& state = found->second;
    state.ownership = Ownership::kStampCopied;
    state.plan.ownership = state.ownership;
    state.plan.owned = false;
    state.plan.holds.clear();
    const Reason reason = plan::ReasonOf(state.ownership);
    state.HoldFirst(reason, std::string(TextOf(reason).meaning), false);
  }
}

}  // namespace

Status ObservePools(Pass& pass) {
  Account& account = pass.account;
  if (const QuietBasis basis = BasisOf(pass); basis != account.quiet_basis) {
    account.quiet_pools.Clear();
    account.quiet_basis = basis;
  }
  const Tick asked = pass.doors.clock.Now();
  const auto listed = pass.client.ListPoolsAndCounts(
      account.lists, [&](const batch::Row& row) { return VisitRow(pass, row, asked); },
      [&](const batch::Row& row) { return VisitCounts(pass, row); }, pass.stop);
  account.quiet_pools.Turn();
  if (!listed.pools) return listed.pools.error();
  MarkCopies(pass);
  TakeNodeCounts(pass, listed.counts);
  return Ok{};
}

}  // namespace reconciler::cycle
