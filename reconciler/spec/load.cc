#include "reconciler/spec/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "reconciler/core/digest.h"
#include "reconciler/spec/limits.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kLastGoodKey = "last-good.json";
constexpr int kTriesMax = 3;

bool SameProblems(const std::vector<TreeProblem>& a, const std::vector<TreeProblem>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const TreeProblem& left, const TreeProblem& right) {
                      return left.path == right.path && left.message == right.message &&
                             left.hides_pools == right.hides_pools;
                    });
}

bool SameListing(const TreeListing& a, const TreeListing& b) {
  return a.files == b.files && a.complete == b.complete && SameProblems(a.problems, b.problems);
}

/// A name that a spec file may have: what cannot be read there counts as one.
bool NamesFile(std::string_view path) { return path.ends_with(".yaml") || path.ends_with(".yml"); }

/// Problems of the tree have no place in a file: those of the root name its folder, those of files
/// their first line, as the findings of their text do.
void PlaceProblems(const std::string& root, std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    Position& at = finding.position;
    if (at.line != 0 || at.file == nullptr) continue;
    if (*at.file == ".") {
      at.file = std::make_shared<const std::string>(root);
    } else if (NamesFile(*at.file)) {
      at.line = 1;
      at.column = 1;
    }
  }
  SortFindings(findings);
}

}  // namespace

SpecLoader::SpecLoader(FileTree& tree, StateStore& state, LoadOptions options)
    : tree_(tree), state_(state), options_(std::move(options)) {}

void SpecLoader::Accept(std::string pool_key) {
  if (accepted_.insert(std::move(pool_key)).second) must_assemble_ = true;
}

void SpecLoader::SetOptions(LoadOptions options) {
  options_ = std::move(options);
  must_assemble_ = true;
}

Result<std::shared_ptr<const SpecSnapshot>> SpecLoader::Load() {
  files_read_ = 0;
  if (ReadTree()) must_assemble_ = true;
  const bool has_frozen =
      snapshot_ != nullptr &&
      std::any_of(snapshot_->pools.begin(), snapshot_->pools.end(),
                  [](const PoolSpec& pool) { return !pool.frozen_reason.empty(); });
  if (!must_assemble_ && !has_frozen && last_good_known()) return snapshot_;
  const StoredGood stored = ReadLastGood();
  // Another process may have ended a freeze, and a person mended the state folder.
  if (!must_assemble_ && stored.Digest() == last_good_digest_) return snapshot_;
  Assemble(stored);
  return snapshot_;
}

/// True if the tree is another than before.
bool SpecLoader::ReadTree() {
  bool changed = false;
  TreeListing listing = tree_.List();
  for (int tries = 1;; ++tries) {
    std::vector<TreeProblem> problems = CheckSizes(listing);
    const bool all_read = ReadChanged(listing);
    changed = changed || files_read_ > 0;
    TreeListing again = tree_.List();
    CheckSizes(again);
    const bool settled = all_read && SameListing(listing, again);
    if (!settled && tries < kTriesMax) {
      listing = std::move(again);
      continue;
    }
    if (!settled) {
      problems.push_back({"", "the tree keeps changing while it is read; look again later"});
    }
    changed = changed || !SameProblems(problems, problems_);
    problems_ = std::move(problems);
    const bool complete = listing.complete && settled;
    changed = changed || complete != complete_;
    complete_ = complete;
    return changed;
  }
}

/// Files that are too large, or too many, are never read.
std::vector<TreeProblem> SpecLoader::CheckSizes(TreeListing& listing) const {
  std::vector<TreeProblem> problems = listing.problems;
  std::vector<FileStamp> kept;
  std::size_t bytes = 0;
  for (FileStamp& stamp : listing.files) {
    if (kept.size() >= kTreeFilesMax) {
      problems.push_back({"", fmt::format("the tree has {} files, only {} are read",
                                          listing.files.size(), kTreeFilesMax)});
      break;
    }
    if (stamp.size_bytes > kFileBytesMax) {
      problems.push_back({stamp.path, fmt::format("file is larger than 1 MiB ({} bytes); split it",
                                                  stamp.size_bytes)});
      continue;
    }
    bytes += stamp.size_bytes;
    if (bytes > kTreeBytesMax) {
      problems.push_back({"", "the tree is larger than 512 MiB, the rest is not read"});
      break;
    }
    kept.push_back(std::move(stamp));
  }
  listing.files = std::move(kept);
  return problems;
}

/// False if a file changed under the reading.
bool SpecLoader::ReadChanged(const TreeListing& listing) {
  std::map<std::string, KnownFile> files;
  bool all_read = true;
  for (const FileStamp& stamp : listing.files) {
    auto known = files_.find(stamp.path);
    if (known != files_.end() && known->second.stamp == stamp) {
      files.insert(files_.extract(known));
      continue;
    }
    std::optional<std::string> bytes = tree_.Read(stamp);
    ++files_read_;
    if (!bytes) {
      all_read = false;
      continue;
    }
    bytes->shrink_to_fit();
    files.emplace(stamp.path, KnownFile{stamp, std::move(*bytes)});
  }
  if (!files_.empty()) must_assemble_ = true;  // what is left over is gone
  files_ = std::move(files);
  return all_read;
}

std::string SpecLoader::StoredGood::Digest() const { return ShortDigest(text + problem, 16); }

SpecLoader::StoredGood SpecLoader::ReadLastGood() const {
  if (!options_.may_know_last_good) return {"", "the state folder is not ours to read"};
  Result<std::optional<std::string>> stored = state_.Get(kLastGoodKey);
  if (!stored) return {"", stored.error().message};
  if (*stored && (*stored)->empty()) return {"", fmt::format("{} is empty", kLastGoodKey)};
  return {std::move(*stored).value_or(std::string()), ""};
}

void SpecLoader::FreezeAll(SpecSnapshot& snapshot) const {
  for (PoolSpec& pool : snapshot.pools) {
    pool.frozen_reason =
        fmt::format("the last good state of the specs is unknown: {}", last_good_problem_);
  }
}

void SpecLoader::Assemble(const StoredGood& stored) {
  AssembleInput input;
  for (const auto& [path, file] : files_) input.files.push_back({path, file.bytes});
  input.problems = problems_;
  input.complete = complete_;
  input.accepted = accepted_;
  LastGood last_good;
  last_good_problem_ = stored.problem;
  if (!stored.text.empty()) {
    Result<LastGood> parsed = ParseLastGood(stored.text);
    if (parsed) {
      last_good = std::move(*parsed);
    } else {
      last_good_problem_ = fmt::format("{}: {}", kLastGoodKey, parsed.error().message);
    }
  }
  input.last_good = last_good_known() ? &last_good : nullptr;
  Assembled assembled = AssembleSpecs(input, options_);
  if (!last_good_known() && options_.freeze_without_last_good) FreezeAll(assembled.snapshot);
  assembled.snapshot.files_read = files_read_;
  std::vector<Finding>& findings = assembled.snapshot.findings;
  if (files_.empty() && findings.empty() && last_good.specs.empty()) {
    Finding& finding = findings.emplace_back();
    finding.position.file = std::make_shared<const std::string>(tree_.Root());
    finding.message = kNoSpecFiles;
  }
  PlaceProblems(tree_.Root(), findings);
  pending_good_ = WriteLastGood(assembled.good);
  // What is there and cannot be read is a person's to move away.
  const bool keep = options_.may_know_last_good && !last_good_known();
  if (pending_good_ == stored.text || keep) pending_good_.clear();
  last_good_digest_ = stored.Digest();
  snapshot_ = std::make_shared<const SpecSnapshot>(std::move(assembled.snapshot));
  must_assemble_ = false;
}

Status SpecLoader::CommitLastGood() {
  if (pending_good_.empty()) return Ok{};
  if (!options_.may_know_last_good) {
    return Error{ErrorKind::kInvalidSpec,
                 "last good specs cannot be saved: the state folder is "
                 "not ours to read"};
  }
  Status saved = state_.Put(kLastGoodKey, pending_good_);
  if (!saved) return Annotate(std::move(saved).error(), "save last good specs");
  last_good_digest_ = StoredGood{pending_good_, ""}.Digest();
  pending_good_.clear();
  pending_good_.shrink_to_fit();
  // What left the scale group is news until it is committed, and only then.
  must_assemble_ =
      must_assemble_ ||
      std::any_of(snapshot_->pools.begin(), snapshot_->pools.end(), [](const PoolSpec& pool) {
        return pool.was_auto_scale || !pool.scale_left.empty();
      });
  return Ok{};
}

}  // namespace reconciler::spec
