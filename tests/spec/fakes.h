// Doors in memory, for the spec room alone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/ports.h"

namespace reconciler::spec {

class MemoryTree : public FileTree {
 public:
  void Write(const std::string& path, std::string bytes) {
    Entry& entry = files_[path];
    entry.bytes = std::move(bytes);
    entry.stamp = {path, ++clock_, entry.bytes.size(), static_cast<std::int64_t>(clock_)};
  }
  void Remove(const std::string& path) { files_.erase(path); }

  TreeListing List() override {
    ++lists;
    if (changes_while_read > 0) {
      --changes_while_read;
      Write("moving.yaml", "# " + std::to_string(clock_) + "\n");
    }
    TreeListing listing;
    for (const auto& [path, entry] : files_) {
      listing.files.push_back(entry.stamp);
      if (entry.size_bytes > 0) listing.files.back().size_bytes = entry.size_bytes;
    }
    listing.problems = problems;
    listing.complete = complete;
    return listing;
  }
  std::optional<std::string> Read(const FileStamp& stamp) override {
    ++reads;
    const auto found = files_.find(stamp.path);
    if (found == files_.end() || !(found->second.stamp == stamp)) return std::nullopt;
    return found->second.bytes;
  }
  std::string Root() const override { return "specs"; }
  /// Pretends that a file has that size.
  void SetSize(const std::string& path, std::uint64_t bytes) { files_[path].size_bytes = bytes; }

  std::vector<TreeProblem> problems{};
  bool complete = true;
  int reads = 0;
  int lists = 0;
  int changes_while_read = 0;  // so many listings each differ from the one before

 private:
  struct Entry {
    std::string bytes{};
    FileStamp stamp{};
    std::uint64_t size_bytes = 0;
  };
  std::map<std::string, Entry> files_{};
  std::uint64_t clock_ = 0;
};

class MemoryStore : public StateStore {
 public:
  Result<std::optional<std::string>> Get(std::string_view key) override {
    ++gets;
    if (is_broken) return Error{ErrorKind::kTerminal, "permission denied"};
    const auto found = blobs.find(std::string(key));
    if (found == blobs.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  }
  Status Put(std::string_view key, std::string_view value) override {
    ++puts;
    if (is_broken) return Error{ErrorKind::kTerminal, "disk is full"};
    blobs[std::string(key)] = value;
    return Ok{};
  }
  Status Erase(std::string_view key) override {
    blobs.erase(std::string(key));
    return Ok{};
  }
  bool Frozen() override { return false; }
  Status WithLock(std::string_view /*name*/, const std::function<Status()>& body) override {
    return body();
  }

  std::map<std::string, std::string> blobs{};
  bool is_broken = false;
  int gets = 0;
  int puts = 0;
};

}  // namespace reconciler::spec
