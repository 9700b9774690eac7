// Reading the account: images, the pool list, node counts, nodes that may run an old start task.
#pragma once

#include "reconciler/core/result.h"
#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// Makes specs ready for comparing (digests of secrets included) where they changed.
void PrepareSpecs(Pass& pass);
/// The image list from memory, from the state folder, or from the service when it is due (6 h).
/// Errors: kThrottled, kUnauthorized; any other failure is told, and only what needs the list
/// waits.
Status EnsureImages(Pass& pass);
/// Fetches the list again because an image was not on it, at most every 10 minutes. True if it did.
bool RefetchImages(Pass& pass);
/// Reads all pages of the pool list and decides about each pool as it comes by; then the node
/// counts, without which acting goes on, and no pool is Ready.
/// Errors: as batch::Client::ListPools; the list is incomplete then and nothing may be done.
Status ObservePools(Pass& pass);
/// One row of the node counts, and what became of their list.
Status VisitCounts(Pass& pass, const batch::Row& row);
void TakeNodeCounts(Pass& pass, const Result<batch::ListReport>& counts);
/// For pools whose start task or packages changed: how many nodes booted before that.
void ObserveOldNodes(Pass& pass);
/// Takes a fresh answer for one pool: ownership, memory, and what is to be done now.
void TakeAnswer(Pass& pass, PoolState& state, LivePool live, Tick asked);
/// Decides about a pool that does not exist.
void TakeAbsence(Pass& pass, PoolState& state);

}  // namespace reconciler::cycle
