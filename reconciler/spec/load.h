// The specs of a tree, read through the doors.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/ports.h"
#include "reconciler/core/result.h"
#include "reconciler/spec/assemble.h"
#include "reconciler/spec/options.h"

namespace reconciler::spec {

/// The finding of a tree that is there and empty.
inline constexpr std::string_view kNoSpecFiles =
    "the spec tree holds no file (.yaml or .yml), nothing is done without one; write a spec, or "
    "name another folder";

/// Reads a spec tree again and again. Not thread-safe; what it returns is never changed.
class SpecLoader {
 public:
  /// Both doors must outlive the loader.
  SpecLoader(FileTree& tree, StateStore& state, LoadOptions options);

  /// Looks at the tree; only files whose (inode, size, mtime) changed since the last call are read.
  /// The same snapshot as before if nothing changed. A tree that keeps changing while it is read
  /// is incomplete; so is one that cannot be read: neither is an error.
  Result<std::shared_ptr<const SpecSnapshot>> Load();

  /// Saves what the last Load found good, for the time when it can no longer be read. `run` and
  /// `apply` call it, `plan` does not. What is there and cannot be read is never overwritten.
  /// Errors: those of the store, kInvalidSpec if last good specs must not be known.
  Status CommitLastGood();

  /// From the next Load on that pool (PoolKey) goes on without folder defaults that are lost.
  void Accept(std::string pool_key);

  /// A configuration that was read again: everything is judged anew.
  void SetOptions(LoadOptions options);

  /// False: nothing can be frozen at its last good state, and what left a spec cannot be told.
  bool last_good_known() const { return last_good_problem_.empty(); }
  /// Why it is not known; names the file. Empty while it is known.
  const std::string& last_good_problem() const { return last_good_problem_; }
  /// How many files the last Load read.
  std::size_t files_read() const { return files_read_; }

 private:
  struct KnownFile {
    FileStamp stamp;
    std::string bytes;  // a tenth of the tree that they would make
  };
  struct StoredGood {
    std::string text;     // empty: nothing is stored
    std::string problem;  // why it cannot be read
    std::string Digest() const;
  };

  void FreezeAll(SpecSnapshot& snapshot) const;
  bool ReadTree();
  bool ReadChanged(const TreeListing& listing);
  StoredGood ReadLastGood() const;
  std::vector<TreeProblem> CheckSizes(TreeListing& listing) const;
  void Assemble(const StoredGood& stored);

  FileTree& tree_;
  StateStore& state_;
  LoadOptions options_;
  std::map<std::string, KnownFile> files_;
  std::vector<TreeProblem> problems_;
  bool complete_ = false;
  std::set<std::string> accepted_;
  std::shared_ptr<const SpecSnapshot> snapshot_;
  std::string last_good_digest_;   // of what the state folder holds
  std::string pending_good_;       // to be committed; empty: nothing new
  std::string last_good_problem_;  // empty: last good specs are known
  bool must_assemble_ = true;
  std::size_t files_read_ = 0;
};

}  // namespace reconciler::spec
