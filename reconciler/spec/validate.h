// Checks a document against the property table.
#pragma once

#include <functional>
#include <map>
#include <regex>
#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

struct ValidateOptions {
  std::string account;           // for messages; may be empty
  std::string api_version;       // empty: members of every version pass
  bool version_assumed = false;  // no configuration says the version
  bool partial = false;          // PoolDefaults: nothing is required, null takes away
  std::function<bool(std::string_view)> knows_secret{};  // empty: every name passes
};

/// The compiled patterns of the table: compiling costs more than matching.
class PatternCache {
 public:
  bool Matches(const PropertyNode& row, const std::string& text);

 private:
  std::map<const PropertyNode*, std::regex> compiled_;
};

/// Reports everything that `row` forbids: unknown keys with the nearest known name, wrong types,
/// values out of range, missing members, secrets in clear, members that the account's api-version
/// lacks, two items with one key. Nothing is reported twice and nothing about what the reader
/// reported already.
class Validator {
 public:
  Validator(const ValidateOptions& options, PatternCache& patterns, FindingSink& sink)
      : options_(options), patterns_(patterns), sink_(sink) {}

  void Check(const Node& node, const PropertyNode& row, const std::string& path);

 private:
  // The walk (validate.cc).
  void CheckObject(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckMember(const NodeMember& member, const PropertyNode& row, const PropertyNode& parent,
                   const PropertyAlternative* chosen, const std::string& path);
  const PropertyAlternative* ChooseAlternative(const Node& node, const PropertyNode& row,
                                               const std::string& path);
  void CheckRequired(const Node& node, const PropertyNode& row, const PropertyAlternative* chosen,
                     const std::string& path);
  void CheckUnknownKey(const NodeMember& member, const PropertyNode& parent,
                       const std::string& path);
  void CheckList(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckDuplicates(const Node& node, const PropertyNode& row, const std::string& path);
  bool CheckNull(const NodeMember& member, bool is_required, const std::string& path);
  void CheckVersion(const NodeMember& member, const PropertyNode& row, const std::string& path);
  // Single values (validate_scalar.cc).
  bool CheckType(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckScalar(const Node& node, const PropertyNode& row, const std::string& path);
  /// A word that readers of YAML disagree about, where only certain words are legal.
  void ExplainBad(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckAllowed(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckText(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckBounds(const Node& node, const PropertyNode& row, const std::string& path);
  void ReportForm(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckDuration(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckSecret(const Node& node, const PropertyNode& row, const std::string& path);
  void CheckSecretRef(const Node& node, const std::string& path);
  std::string OwnVersionInWords() const;

  const ValidateOptions& options_;
  PatternCache& patterns_;
  FindingSink& sink_;
  bool whole_ = false;  // inside of a list or a choice all members stand in one document
};

/// "spec" and "vmSize" make "spec.vmSize".
std::string JoinPath(const std::string& path, std::string_view name);
/// What to say about a secretRef that stands in `subject` and must not.
std::string NoSecretHere(const std::string& subject);
/// The value as messages show it: text in quotes, at most 60 characters.
std::string ShowValue(const Node& node);

}  // namespace reconciler::spec
