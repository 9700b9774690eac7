// What becomes of pools whose spec can no longer be read.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "reconciler/spec/assemble.h"
#include "reconciler/spec/folder_defaults.h"
#include "reconciler/spec/last_good.h"
#include "reconciler/spec/pool_document.h"

namespace reconciler::spec {

struct ReadOutcome {
  std::vector<PoolDocument> pools;
  std::set<std::string> blind_files;  // hold a document that does not say which pool it is about
  bool complete = true;
};

/// Fills pools and `good` of `assembled`: the good specs, and the last good ones, frozen, of pools
/// whose spec is wrong, hidden or hit by lost defaults. A pool that has neither is unreadable. What
/// an incomplete tree does not show is remembered further.
void Freeze(const AssembleInput& input, const LastGoodIndex& last_good, FolderDefaults& defaults,
            ReadOutcome& outcome, Assembled& assembled);

}  // namespace reconciler::spec
