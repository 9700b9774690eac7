// A spec tree in memory.
#pragma once

#include <map>
#include <string>

#include "reconciler/core/ports.h"

namespace doors {

class SimTree final : public reconciler::FileTree {
 public:
  reconciler::TreeListing List() override {
    reconciler::TreeListing listing;
    listing.complete = !missing;
    listing.problems = problems;
    if (missing) {
      listing.problems.push_back({"", "no such folder", true});
      return listing;
    }
    for (const auto& [path, file] : files_) listing.files.push_back(StampOf(path, file));
    for (const auto& problem : problems) listing.complete &= !problem.hides_pools;
    return listing;
  }
  std::optional<std::string> Read(const reconciler::FileStamp& stamp) override {
    ++reads;
    const auto found = files_.find(stamp.path);
    if (found == files_.end() || StampOf(found->first, found->second) != stamp) return std::nullopt;
    return found->second.text;
  }
  std::string Root() const override { return "specs"; }

  void Write(const std::string& path, std::string text) {
    files_[path] = {std::move(text), ++edits_};
  }
  void Remove(const std::string& path) { files_.erase(path); }
  const std::string& Text(const std::string& path) const { return files_.at(path).text; }

  bool missing = false;  // the folder is gone
  std::vector<reconciler::TreeProblem> problems;
  int reads = 0;

 private:
  struct File {
    std::string text;
    std::int64_t edit = 0;
  };
  static reconciler::FileStamp StampOf(const std::string& path, const File& file) {
    return {path, 1, file.text.size(), file.edit};
  }
  std::map<std::string, File> files_;
  std::int64_t edits_ = 0;
};

}  // namespace doors
