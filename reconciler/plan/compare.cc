#include "reconciler/plan/compare.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/plan/canonical.h"
#include "reconciler/plan/secret_ref.h"

namespace reconciler::plan {
namespace {

/// One step of a path; frames live on the stack of the walk, so that a path costs nothing until a
/// difference asks for it.
struct Frame {
  const Frame* up = nullptr;
  std::string_view text;  // a member, or the label of an item
  std::size_t index = 0;  // of an item, as the desired side counts (live where it is alone)
  bool is_item = false;
};

std::string PathOf(const Frame& frame, bool by_index) {
  if (frame.up == nullptr) return std::string(frame.text);
  const std::string above = PathOf(*frame.up, by_index);
  if (!frame.is_item)
    return above.empty() ? std::string(frame.text) : above + "." + std::string(frame.text);
  const bool label = !by_index && !frame.text.empty();
  return above + "[" + (label ? std::string(frame.text) : std::to_string(frame.index)) + "]";
}

/// A value of one side. `defaulted`: stands in for an absent member, so it is reported as absent.
/// `final`: an absence that no default fills.
struct Side {
  const Value* value = nullptr;
  bool defaulted = false;
  bool final = false;
};

constexpr std::size_t kPairsMax = 250'000;  // of a set, tried one by one; beyond: by sorted texts

/// Walks both sides at once. Without `out` it stops at the first difference.
class Walk {
 public:
  Walk(std::string_view api_version, bool had_secrets, std::vector<DeepDifference>* out)
      : api_version_(api_version), had_secrets_(had_secrets), out_(out) {}

  /// False: stop, a difference was found and nobody collects them.
  bool Visit(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    if (!node.returned || node.compare == Compare::kNone) return true;
    desired.value = Present(node, desired.value);
    live.value = Present(node, live.value);
    if (desired.value != nullptr && live.value != nullptr) return Both(node, desired, live, at);
    if (desired.value != nullptr) return LiveAbsent(node, desired, live, at);
    if (live.value != nullptr) return DesiredAbsent(node, desired, live, at);
    return true;
  }

 private:
  bool DesiredAbsent(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    static const Value kNothing;
    const Value* fallback = desired.final ? &kNothing : node.DefaultFor(api_version_);
    if (fallback == nullptr) return true;
    if (fallback->IsNull())
      return SaysNothing(node, *live.value) || Report(node, desired, live, at);
    return Both(node, Side{fallback, true, false}, live, at);
  }

  bool LiveAbsent(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    const bool secret = node.secret != SecretUse::kNone && IsSecretRef(*desired.value);
    const Value* fallback = live.final || secret ? nullptr : node.DefaultFor(api_version_);
    if (fallback != nullptr && !fallback->IsNull()) {
      return Both(node, desired, Side{fallback, true, false}, at);
    }
    const bool default_known = live.final || (fallback != nullptr && !secret);
    const bool same =
        default_known ? SaysNothing(node, *desired.value) : HasEmptyForm(node, *desired.value);
    return same || Report(node, desired, live, at);
  }

  bool Both(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    if (node.secret != SecretUse::kNone && IsSecretRef(*desired.value)) {
      const bool live_is_reference = IsSecretRef(*live.value);
      return !live_is_reference || *desired.value == *live.value || Report(node, desired, live, at);
    }
    switch (node.compare) {
      case Compare::kJson:
        return *desired.value == *live.value || Report(node, desired, live, at);
      case Compare::kObject:
        if (!desired.value->IsObject() || !live.value->IsObject()) break;
        return Members(node, desired, live, at);
      case Compare::kList:
      case Compare::kSet:
      case Compare::kByKey:
        if (!desired.value->IsArray() || !live.value->IsArray() || node.item == nullptr) break;
        if (node.compare == Compare::kList) return ByIndex(node, desired, live, at);
        if (node.compare == Compare::kSet) return AsSet(node, desired, live, at);
        return ByKey(node, desired, live, at);
      default:
        return ScalarsEqual(node, *desired.value, *live.value) || Report(node, desired, live, at);
    }
    return *desired.value == *live.value || Report(node, desired, live, at);
  }

  bool Members(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    const PropertyAlternative* desired_choice = ChosenAlternative(node, *desired.value);
    const PropertyAlternative* live_choice = ChosenAlternative(node, *live.value);
    for (const PropertyNode& row : node.members) {
      const Side below_desired{desired.value->Find(row.name), desired.defaulted,
                               Excludes(desired_choice, row.name)};
      const Side below_live{live.value->Find(row.name), live.defaulted,
                            Excludes(live_choice, row.name)};
      if (!Visit(row, below_desired, below_live, Frame{&at, row.name})) return false;
    }
    return !node.open || FurtherMembers(node, desired, live, at);
  }

  bool FurtherMembers(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    const auto visit = [&](const Member& member, const Value* wanted, const Value* found) {
      if (node.FindMember(member.name) != nullptr) return true;
      const Frame below{&at, member.name};
      const Side left{wanted, desired.defaulted, true};
      const Side right{found, live.defaulted, true};
      if (node.further != nullptr) return Visit(*node.further, left, right, below);
      const bool same =
          (wanted == nullptr ? Value() : *wanted) == (found == nullptr ? Value() : *found);
      return same || Report(node, left, right, below);
    };
    for (const Member& member : desired.value->AsObject()) {
      if (!visit(member, &member.value, live.value->Find(member.name))) return false;
    }
    for (const Member& member : live.value->AsObject()) {
      if (desired.value->Find(member.name) != nullptr) continue;
      if (!visit(member, nullptr, &member.value)) return false;
    }
    return true;
  }

  bool ByIndex(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    const Array& wanted = desired.value->AsArray();
    const Array& found = live.value->AsArray();
    for (std::size_t i = 0; i < std::max(wanted.size(), found.size()); ++i) {
      const Side left{i < wanted.size() ? &wanted[i] : nullptr, desired.defaulted, true};
      const Side right{i < found.size() ? &found[i] : nullptr, live.defaulted, true};
      const bool paired = left.value != nullptr && right.value != nullptr;
      const Frame frame{&at, {}, i, true};
      if (!(paired ? Visit(*node.item, left, right, frame)
                   : Report(*node.item, left, right, frame))) {
        return false;
      }
    }
    return true;
  }

  bool ByKey(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    const Array& wanted = desired.value->AsArray();
    const Array& found = live.value->AsArray();
    if (SameKeys(node, wanted, found)) {
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string key = out_ == nullptr ? "" : KeyOf(node, wanted[i], api_version_);
        const Side left{&wanted[i], desired.defaulted, true};
        const Side right{&found[i], live.defaulted, true};
        if (!Visit(*node.item, left, right, Frame{&at, key, i, true})) return false;
      }
      return true;
    }
    return ByKeyInAnyOrder(node, desired, live, at);
  }

  /// The common case: the same keys as text in the same order.
  static bool SameKeys(const PropertyNode& node, const Array& wanted, const Array& found) {
    const auto same = [&](const Value& left, const Value& right) {
      const Value* left_key = left.Find(node.key);
      const Value* right_key = right.Find(node.key);
      return left_key != nullptr && right_key != nullptr && *left_key == *right_key;
    };
    return std::equal(wanted.begin(), wanted.end(), found.begin(), found.end(), same);
  }

  bool ByKeyInAnyOrder(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    const Array& wanted = desired.value->AsArray();
    const Array& found = live.value->AsArray();
    // Equal keys are told apart by their order.
    std::map<std::pair<std::string, std::size_t>, std::size_t> places;
    std::map<std::string, std::size_t, std::less<>> times;
    const auto place_of = [&](const Value& item) {
      std::string key = KeyOf(node, item, api_version_);
      const std::size_t time = times[key]++;
      return std::pair(std::move(key), time);
    };
    for (std::size_t i = 0; i < found.size(); ++i) places.emplace(place_of(found[i]), i);
    times.clear();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const auto key = place_of(wanted[i]);
      const auto place = places.find(key);
      const bool there = place != places.end();
      const Side left{&wanted[i], desired.defaulted, true};
      const Side right{there ? &found[place->second] : nullptr, live.defaulted, true};
      const Frame frame{&at, key.first, i, true};
      if (there) places.erase(place);
      if (!(there ? Visit(*node.item, left, right, frame)
                  : Report(*node.item, left, right, frame))) {
        return false;
      }
    }
    for (const auto& [key, index] : places) {
      const Side right{&found[index], live.defaulted, true};
      if (!Report(*node.item, Side{}, right, Frame{&at, key.first, index, true})) return false;
    }
    return true;
  }

  bool AsSet(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    const Array& wanted = desired.value->AsArray();
    const Array& found = live.value->AsArray();
    std::vector<std::size_t> wanted_alone;
    std::vector<std::size_t> found_alone;
    FindAlone(node, wanted, found, false, wanted_alone);
    FindAlone(node, found, wanted, true, found_alone);
    for (const std::size_t i : wanted_alone) {
      const Side left{&wanted[i], desired.defaulted, true};
      const auto partner = std::find_if(found_alone.begin(), found_alone.end(), [&](std::size_t j) {
        return SameFirstMember(node, wanted[i], found[j]);
      });
      const bool paired = partner != found_alone.end();
      const Side right{paired ? &found[*partner] : nullptr, live.defaulted, true};
      if (paired) found_alone.erase(partner);
      const Frame frame{&at, {}, i, true};
      if (!(paired ? Visit(*node.item, left, right, frame)
                   : Report(*node.item, left, right, frame))) {
        return false;
      }
    }
    for (const std::size_t j : found_alone) {
      const Side right{&found[j], live.defaulted, true};
      if (!Report(*node.item, Side{}, right, Frame{&at, {}, j, true})) return false;
    }
    return true;
  }

  /// Indices of the items of `items` that equal none of `others`.
  void FindAlone(const PropertyNode& node, const Array& items, const Array& others,
                 bool others_are_desired, std::vector<std::size_t>& alone) {
    if (others.size() > 0 && items.size() > kPairsMax / others.size()) {
      return FindAloneAmongMany(node, items, others, alone);
    }
    const auto same = [&](const Value& item, const Value& other) {
      return others_are_desired ? ItemsEqual(node, other, item) : ItemsEqual(node, item, other);
    };
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i < others.size() && same(items[i], others[i])) continue;
      const auto matches = [&](const Value& other) { return same(items[i], other); };
      if (std::none_of(others.begin(), others.end(), matches)) alone.push_back(i);
    }
  }

  void FindAloneAmongMany(const PropertyNode& node, const Array& items, const Array& others,
                          std::vector<std::size_t>& alone) {
    const auto text = [&](const Value& item) {
      return WriteSortedJson(Canonicalize(*node.item, &item, api_version_));
    };
    std::unordered_set<std::string> texts;
    for (const Value& other : others) texts.insert(text(other));
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (texts.count(text(items[i])) == 0) alone.push_back(i);
    }
  }

  bool ItemsEqual(const PropertyNode& node, const Value& desired, const Value& live) {
    Walk quick(api_version_, had_secrets_, nullptr);
    return quick.Visit(*node.item, Side{&desired, false, true}, Side{&live, false, true}, Frame{});
  }

  /// Two items of a set that name the same thing: equal in the first member that the table lists.
  bool SameFirstMember(const PropertyNode& node, const Value& desired, const Value& live) {
    if (node.item->members.empty()) return false;
    const PropertyNode& first = node.item->members.front();
    const Value* wanted = desired.Find(first.name);
    const Value* found = live.Find(first.name);
    return wanted != nullptr && found != nullptr && ScalarsEqual(first, *wanted, *found);
  }

  /// True if the value holds nothing but what the service would fill in if it were absent.
  bool SaysNothing(const PropertyNode& node, const Value& value) {
    if (node.compare != Compare::kObject || !value.IsObject()) return false;
    if (node.open) return false;
    return std::all_of(node.members.begin(), node.members.end(), [&](const PropertyNode& row) {
      const Value* member = Present(row, value.Find(row.name));
      if (member == nullptr || !row.returned || row.compare == Compare::kNone) return true;
      const Value* fallback = row.DefaultFor(api_version_);
      if (fallback == nullptr) return false;
      if (fallback->IsNull()) return SaysNothing(row, *member);
      Walk quick(api_version_, had_secrets_, nullptr);
      return quick.Both(row, Side{fallback}, Side{member}, Frame{});
    });
  }

  /// True if nothing is left of the object in its canonical form.
  bool HasEmptyForm(const PropertyNode& node, const Value& value) {
    if (node.compare != Compare::kObject || !value.IsObject() || node.open) return false;
    const PropertyAlternative* chosen = ChosenAlternative(node, value);
    return std::all_of(node.members.begin(), node.members.end(), [&](const PropertyNode& row) {
      if (!row.returned || row.compare == Compare::kNone) return true;
      const Value* member = Present(row, value.Find(row.name));
      const Value* fallback = row.DefaultFor(api_version_);
      if (member != nullptr) {
        return fallback != nullptr && fallback->IsNull() && SaysNothing(row, *member);
      }
      return fallback == nullptr || fallback->IsNull() || Excludes(chosen, row.name);
    });
  }

  bool Report(const PropertyNode& node, Side desired, Side live, const Frame& at) {
    if (out_ == nullptr) return false;
    const bool wanted = desired.value != nullptr && !desired.defaulted;
    const bool found = live.value != nullptr && !live.defaulted;
    DeepDifference difference{PathOf(at, false), PathOf(at, true), {}, {}, false};
    if (wanted) difference.desired = HideSecrets(node, *desired.value, had_secrets_);
    if (found) difference.live = HideSecrets(node, *live.value, had_secrets_);
    const auto is_reference = [](bool there, const Side& side) {
      return there && IsSecretRef(*side.value);
    };
    difference.sensitive =
        node.secret == SecretUse::kAlways ||
        (node.secret == SecretUse::kMaybe &&
         (had_secrets_ || is_reference(wanted, desired) || is_reference(found, live)));
    if (difference.sensitive) {
      if (wanted) difference.desired = kSensitiveText;
      if (found) difference.live = kSensitiveText;
    }
    out_->push_back(std::move(difference));
    return true;
  }

  std::string_view api_version_;
  bool had_secrets_;
  std::vector<DeepDifference>* out_;
};

}  // namespace

std::vector<DeepDifference> Compare(const PropertyNode& node, const Value* desired,
                                    const Value* live, std::string_view api_version,
                                    bool had_secrets) {
  std::vector<DeepDifference> differences;
  Walk walk(api_version, had_secrets, &differences);
  walk.Visit(node, Side{desired}, Side{live}, Frame{nullptr, node.path});
  return differences;
}

bool CanonicallyEqual(const PropertyNode& node, const Value* desired, const Value* live,
                      std::string_view api_version) {
  return Walk(api_version, false, nullptr).Visit(node, Side{desired}, Side{live}, Frame{});
}

}  // namespace reconciler::plan
