#include "reconciler/spec/folder_defaults.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/spec/identity.h"
#include "reconciler/spec/merge.h"
#include "reconciler/spec/rules.h"

namespace reconciler::spec {
namespace {

/// What pools inherit: not the kind, and never a name.
Node Inheritable(const Node& root) {
  Node kept;
  kept.kind = NodeKind::kMap;
  kept.place = root.place;
  for (const NodeMember& member : root.members) {
    if (member.name == "spec" || member.name == "policy") kept.members.push_back(member);
    const NodeMember* account =
        member.name == "metadata" ? member.value.FindMember("account") : nullptr;
    if (account == nullptr) continue;
    NodeMember metadata{member.name, member.place, {}};
    metadata.value.kind = NodeKind::kMap;
    metadata.value.place = member.value.place;
    metadata.value.members.push_back(*account);
    kept.members.push_back(std::move(metadata));
  }
  return kept;
}

/// Keys of the document around spec and policy, where a slip would drop all of either.
bool CheckShape(const Node& root, FindingSink& sink) {
  bool is_good = true;
  const auto report = [&](const Place& place, std::string path, std::string message) {
    is_good = false;
    sink.Error(place, std::move(path), std::move(message));
  };
  const Node* version = root.Find("apiVersion");
  if (version == nullptr) report(root.place, "apiVersion", "apiVersion is missing: poolkeeper/v1");
  for (const NodeMember& member : root.members) {
    const std::string& name = member.name;
    const bool is_known = name == "apiVersion" || name == "kind" || name == "metadata" ||
                          name == "spec" || name == "policy";
    if (!is_known) {
      constexpr std::string_view kNames[] = {"apiVersion", "kind", "metadata", "spec", "policy"};
      const std::string nearest = NearestName(name, kNames);
      report(member.place, name,
             nearest.empty() ? fmt::format("unknown key '{}'", name)
                             : fmt::format("unknown key '{}' (did you mean '{}'?)", name, nearest));
    }
    if (name != "metadata") continue;
    for (const NodeMember& inner : member.value.members) {
      if (inner.name == "account") continue;
      report(inner.place, "metadata." + inner.name,
             fmt::format("metadata.{}: PoolDefaults take metadata.account alone", inner.name));
    }
  }
  if (version != nullptr && version->text != "poolkeeper/v1") {
    report(version->place, "apiVersion",
           fmt::format("apiVersion: expected poolkeeper/v1, found {}", ShowValue(*version)));
  }
  return is_good;
}

}  // namespace

void FolderDefaults::Add(std::string_view path, const Document& document, FindingSink& sink) {
  const std::string folder = FolderOf(path);
  const auto found = entries_.find(folder);
  if (found != entries_.end()) {
    Entry& first = found->second;
    first.is_usable = false;
    sink.Error(document.place, "",
               fmt::format("a second PoolDefaults in this folder, the first is {}; keep one",
                           FormatPosition(first.position)));
    Finding finding;
    finding.position = first.position;
    finding.message = fmt::format("a second PoolDefaults in this folder is {}; keep one",
                                  FormatPosition(ToPosition(document.place)));
    sink.Add(std::move(finding));
    return;
  }
  Entry entry;
  entry.path = path;
  entry.position = ToPosition(document.place);
  entry.is_usable = CheckShape(document.root, sink) && document.clean;
  entry.document = Inheritable(document.root);
  entry.whole = document.root;
  entries_.emplace(folder, std::move(entry));
}

void FolderDefaults::AddUnreadable(std::string_view path) {
  unreadable_.try_emplace(FolderOf(path), path);
}

void FolderDefaults::FindLost(const LastGood* last_good) {
  const auto lose = [&](const std::string& folder, const std::string& path, bool has_vanished) {
    LostDefaults lost;
    lost.folder = folder;
    lost.path = path;
    lost.has_vanished = has_vanished;
    lost.reason =
        fmt::format("defaults {} {}", path, has_vanished ? "have vanished" : "cannot be read");
    if (last_good != nullptr) {
      for (const GoodDefaults& entry : last_good->defaults) {
        if (entry.folder == folder) lost.last_good = Inheritable(FromValue(entry.document));
      }
    }
    lost_.push_back(std::move(lost));
  };
  for (const auto& [folder, entry] : entries_) {
    if (!entry.is_usable) lose(folder, entry.path, false);
  }
  for (const auto& [folder, path] : unreadable_) {
    if (!entries_.contains(folder)) lose(folder, path, false);
  }
  if (last_good == nullptr) return;
  for (const GoodDefaults& entry : last_good->defaults) {
    if (entries_.contains(entry.folder) || unreadable_.contains(entry.folder)) continue;
    lose(entry.folder, entry.path, true);
  }
}

const LostDefaults* FolderDefaults::FindLostEntry(std::string_view folder) const {
  const auto found = std::find_if(lost_.begin(), lost_.end(),
                                  [&](const LostDefaults& lost) { return lost.folder == folder; });
  return found == lost_.end() ? nullptr : &*found;
}

std::vector<LostDefaults*> FolderDefaults::LostAbove(std::string_view folder) {
  std::vector<LostDefaults*> above;
  for (LostDefaults& lost : lost_) {
    if (IsWithin(folder, lost.folder)) above.push_back(&lost);
  }
  return above;
}

const Node* FolderDefaults::OwnDocument(const std::string& folder, bool with_last_good) const {
  const LostDefaults* lost = with_last_good ? FindLostEntry(folder) : nullptr;
  if (lost != nullptr && lost->last_good) return &*lost->last_good;
  const auto found = entries_.find(folder);
  return found == entries_.end() ? nullptr : &found->second.document;
}

const Node* FolderDefaults::Chain(const std::string& folder, bool with_last_good) {
  Cache& cache = with_last_good ? merged_last_good_ : merged_;
  const auto known = cache.find(folder);
  if (known != cache.end()) return known->second ? &*known->second : nullptr;
  const Node* above = folder.empty() ? nullptr : Chain(FolderOf(folder), with_last_good);
  const Node* own = OwnDocument(folder, with_last_good);
  std::optional<Node> merged;
  if (own != nullptr) {
    merged = above == nullptr ? *own : MergeDocuments(*above, *own);
  } else if (above != nullptr) {
    merged = *above;
  }
  const auto& stored = cache.emplace(folder, std::move(merged)).first->second;
  return stored ? &*stored : nullptr;
}

void FolderDefaults::CheckThemselves(PatternCache& patterns, FindingSink& sink) {
  ValidateOptions options;
  options.partial = true;
  for (auto& [folder, entry] : entries_) {
    FindingSink own;
    Validator(options, patterns, own).Check(entry.document, PoolPropertyTable().Root(), {});
    CheckReservedMetadata(entry.document, own);
    entry.is_valid = own.errors_in_document() == 0;
    for (Finding& finding : own.Take()) sink.AddUnlessKnown(std::move(finding));
  }
}

std::vector<GoodDefaults> FolderDefaults::Good() const {
  std::vector<GoodDefaults> good;
  for (const auto& [folder, entry] : entries_) {
    if (entry.is_usable && entry.is_valid)
      good.push_back({folder, entry.path, ToValue(entry.whole)});
  }
  return good;
}

}  // namespace reconciler::spec
