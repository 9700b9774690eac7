// All files of a tree become the specs of one look at it. Pure.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/spec/last_good.h"
#include "reconciler/spec/options.h"

namespace reconciler::spec {

struct SpecFile {
  std::string path;        // below the root of the tree
  std::string_view bytes;  // must outlive the call
};

struct AssembleInput {
  std::vector<SpecFile> files;          // sorted by path
  std::vector<TreeProblem> problems{};  // what could not be read
  bool complete = true;                 // every folder was read
  const LastGood* last_good = nullptr;  // nullptr: unknown, or none yet
  std::set<std::string> accepted{};     // PoolKeys that go on without lost defaults
};

struct Assembled {
  SpecSnapshot snapshot;
  LastGood good;  // to be remembered once somebody acts on the snapshot
  std::size_t documents = 0;
};

/// Reads every document, merges folder defaults, checks, and freezes what can no longer be read at
/// its last good state. A bad document hides no good one. Same input, same output.
Assembled AssembleSpecs(const AssembleInput& input, const LoadOptions& options);

/// The findings alone, sorted: for files that belong to no tree that is remembered.
std::vector<Finding> ValidateFiles(const std::vector<SpecFile>& files, const LoadOptions& options);

/// "sha256:" and 12 hex digits over the sorted (path, content).
std::string ComputeRevision(const std::vector<SpecFile>& files);

}  // namespace reconciler::spec
