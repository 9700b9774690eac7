// The PoolDefaults documents of a tree, and those that a tree has lost.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/last_good.h"
#include "reconciler/spec/validate.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

/// Defaults of a folder that cannot be trusted: vanished, unreadable, or of a wrong shape.
struct LostDefaults {
  std::string folder;
  std::string path;
  std::string reason;             // "defaults pools/defaults.yaml have vanished"
  bool has_vanished = false;      // said by nobody else
  std::optional<Node> last_good;  // its document when it could last be read
  int frozen_pools = 0;           // counted by the caller
};

class FolderDefaults {
 public:
  /// A document of kind PoolDefaults. A second one in a folder is reported at both.
  void Add(std::string_view path, const Document& document, FindingSink& sink);
  /// A file that cannot be read, or a document without identity, that may hold defaults.
  void AddUnreadable(std::string_view path);
  /// Once all are added: finds what `last_good` has and the tree has not.
  void FindLost(const LastGood* last_good);

  /// The defaults of a folder and those above, merged; nullptr without any.
  const Node* For(const std::string& folder) { return Chain(folder, false); }
  /// The same with the last good documents in place of the lost ones.
  const Node* LastGoodFor(const std::string& folder) { return Chain(folder, true); }
  /// What is lost in a folder and above.
  std::vector<LostDefaults*> LostAbove(std::string_view folder);
  std::vector<LostDefaults>& lost() { return lost_; }

  /// Findings of the documents themselves, for values that reach no pool.
  void CheckThemselves(PatternCache& patterns, FindingSink& sink);
  /// The documents without an error, to be remembered; call CheckThemselves before.
  std::vector<GoodDefaults> Good() const;
  /// True if the folder has a document, good or not.
  bool Has(const std::string& folder) const { return entries_.contains(folder); }

 private:
  struct Entry {
    std::string path;
    Position position;
    Node document;  // metadata.account, spec and policy alone
    Node whole;
    bool is_usable = true;  // false: what it means is not clear
    bool is_valid = true;   // false: some value in it is wrong
  };
  using Cache = std::map<std::string, std::optional<Node>>;

  const Node* Chain(const std::string& folder, bool with_last_good);
  const Node* OwnDocument(const std::string& folder, bool with_last_good) const;
  const LostDefaults* FindLostEntry(std::string_view folder) const;

  std::map<std::string, Entry> entries_;           // by folder
  std::map<std::string, std::string> unreadable_;  // folder -> path
  std::vector<LostDefaults> lost_;
  Cache merged_;
  Cache merged_last_good_;
};

}  // namespace reconciler::spec
