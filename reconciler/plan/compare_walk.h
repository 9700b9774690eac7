// The walk over both sides of a comparison.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/plan/compare.h"

namespace reconciler::plan {

/// One step of a path; frames live on the stack of the walk, so that a path costs nothing until a
/// difference asks for it.
struct Frame {
  const Frame* up = nullptr;
  std::string_view text;  // a member, or the label of an item
  std::size_t index = 0;  // of an item, as the desired side counts (live where it is alone)
  bool is_item = false;
};

/// A value of one side. `defaulted`: stands in for an absent member, so it is reported as absent.
/// `final`: an absence that no default fills. `empty_object`: absent, and written as an object.
struct Side {
  const Value* value = nullptr;
  bool defaulted = false;
  bool final = false;
  bool empty_object = false;
};

/// Walks both sides at once. Without `out` it stops at the first difference.
class Walk {
 public:
  Walk(std::string_view api_version, const SecretBook* secrets, bool had_secrets,
       std::vector<DeepDifference>* out)
      : api_version_(api_version), secrets_(secrets), had_secrets_(had_secrets), out_(out) {}

  /// False: stop, a difference was found and nobody collects them.
  bool Visit(const PropertyNode& node, Side desired, Side live, const Frame& at);

 private:
  bool DesiredAbsent(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool LiveAbsent(const PropertyNode& node, Side desired, Side live, const Frame& at);
  /// A difference, told by the members that make it; of a property only where its object is there.
  bool OneSided(const PropertyNode& node, Side desired, Side live, const Frame& at);
  /// Of an object that one side lacks: what makes it say something where no default is known.
  void MembersOfUnknownDefault(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool Both(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool IsThatSecret(const PropertyNode& node, const Value& desired, const Value& live) const;
  bool Members(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool FurtherMembers(const PropertyNode& node, Side desired, Side live, const Frame& at);
  /// Trees of any form; objects are told by the members that differ.
  bool Json(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool JsonMembers(const PropertyNode& node, Side desired, Side live, const Frame& at);

  // Lists, in compare_lists.cc.
  bool Lists(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool ByIndex(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool ByKey(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool ByKeyInAnyOrder(const PropertyNode& node, Side desired, Side live, const Frame& at);
  bool AsSet(const PropertyNode& node, Side desired, Side live, const Frame& at);
  /// Pairs of items that are alone on their sides and are the same one changed; they leave both
  /// lists. First those with the most members in common, then texts in their order, and objects
  /// where one is left on each side.
  std::vector<std::pair<std::size_t, std::size_t>> PairAlone(const PropertyNode& node,
                                                             const Array& wanted,
                                                             const Array& found,
                                                             std::vector<std::size_t>& wanted_alone,
                                                             std::vector<std::size_t>& found_alone);
  /// How many members are there and equal in both items of a set; of as many, the first member of
  /// the table counts more.
  std::size_t Likeness(const PropertyNode& node, const Value& desired, const Value& live);
  /// Indices of the items of `items` that equal none of `others`.
  void FindAlone(const PropertyNode& node, const Array& items, const Array& others,
                 bool others_are_desired, std::vector<std::size_t>& alone);
  void FindAloneAmongMany(const PropertyNode& node, const Array& items, const Array& others,
                          std::vector<std::size_t>& alone);
  bool ItemsEqual(const PropertyNode& node, const Value& desired, const Value& live);

  /// True if the value holds nothing but what the service would fill in if it were absent.
  bool SaysNothing(const PropertyNode& node, const Value& value);
  /// True if nothing is left of the object in its canonical form.
  bool HasEmptyForm(const PropertyNode& node, const Value& value);
  bool Report(const PropertyNode& node, Side desired, Side live, const Frame& at);

  std::string_view api_version_;
  const SecretBook* secrets_;  // nullptr: live texts are not compared with secrets
  bool had_secrets_;
  std::vector<DeepDifference>* out_;
};

}  // namespace reconciler::plan
