// Lists of all kinds: by index, by key, as sets.
#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/plan/canonical.h"
#include "reconciler/plan/compare_walk.h"

namespace reconciler::plan {
namespace {

constexpr std::size_t kPairsMax = 250'000;  // of a set, tried one by one; beyond: by sorted texts

/// The common case: the same keys as text in the same order.
bool SameKeys(const PropertyNode& node, const Array& wanted, const Array& found) {
  const auto same = [&](const Value& left, const Value& right) {
    const Value* left_key = left.Find(node.key);
    const Value* right_key = right.Find(node.key);
    return left_key != nullptr && right_key != nullptr && *left_key == *right_key;
  };
  return std::equal(wanted.begin(), wanted.end(), found.begin(), found.end(), same);
}

/// Two items of a set that may be the same one.
struct Pairing {
  std::size_t likeness;
  std::size_t wanted;
  std::size_t found;
};

}  // namespace

bool Walk::Lists(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  if (out_ != nullptr && (desired.defaulted || live.defaulted)) {
    // The default takes the place of the list, not of its items.
    Walk quick(api_version_, secrets_, had_secrets_, nullptr);
    return quick.Lists(node, desired, live, at) || Report(node, desired, live, at);
  }
  if (node.compare == Compare::kList) return ByIndex(node, desired, live, at);
  if (node.compare == Compare::kSet) return AsSet(node, desired, live, at);
  return ByKey(node, desired, live, at);
}

bool Walk::ByIndex(const PropertyNode& node, Side desired, Side live, const Frame& at) {
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

bool Walk::ByKey(const PropertyNode& node, Side desired, Side live, const Frame& at) {
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

bool Walk::ByKeyInAnyOrder(const PropertyNode& node, Side desired, Side live, const Frame& at) {
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
    if (!(there ? Visit(*node.item, left, right, frame) : Report(*node.item, left, right, frame))) {
      return false;
    }
  }
  for (const auto& [key, index] : places) {
    const Side right{&found[index], live.defaulted, true};
    if (!Report(*node.item, Side{}, right, Frame{&at, key.first, index, true})) return false;
  }
  return true;
}

bool Walk::AsSet(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  const Array& wanted = desired.value->AsArray();
  const Array& found = live.value->AsArray();
  std::vector<std::size_t> wanted_alone;
  std::vector<std::size_t> found_alone;
  FindAlone(node, wanted, found, false, wanted_alone);
  FindAlone(node, found, wanted, true, found_alone);
  const auto side_of = [](const Array& items, std::size_t i, Side list) {
    return Side{&items[i], list.defaulted, true};
  };
  for (const auto& [i, j] : PairAlone(node, wanted, found, wanted_alone, found_alone)) {
    const Frame frame{&at, {}, i, true};
    if (!Visit(*node.item, side_of(wanted, i, desired), side_of(found, j, live), frame)) {
      return false;
    }
  }
  for (const std::size_t i : wanted_alone) {
    const Frame frame{&at, {}, i, true};
    if (!Report(*node.item, side_of(wanted, i, desired), Side{}, frame)) return false;
  }
  for (const std::size_t j : found_alone) {
    const Frame frame{&at, {}, j, true};
    if (!Report(*node.item, Side{}, side_of(found, j, live), frame)) return false;
  }
  return true;
}

std::vector<std::pair<std::size_t, std::size_t>> Walk::PairAlone(
    const PropertyNode& node, const Array& wanted, const Array& found,
    std::vector<std::size_t>& wanted_alone, std::vector<std::size_t>& found_alone) {
  std::vector<Pairing> candidates;
  if (wanted_alone.size() * found_alone.size() <= kPairsMax) {
    for (const std::size_t i : wanted_alone) {
      for (const std::size_t j : found_alone) {
        const std::size_t likeness = Likeness(node, wanted[i], found[j]);
        if (likeness > 0) candidates.push_back({likeness, i, j});
      }
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Pairing& a, const Pairing& b) { return a.likeness > b.likeness; });
  const auto is_in = [](const std::vector<std::size_t>& alone, std::size_t index) {
    return std::binary_search(alone.begin(), alone.end(), index);
  };
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const Pairing& candidate : candidates) {
    if (!is_in(wanted_alone, candidate.wanted) || !is_in(found_alone, candidate.found)) continue;
    pairs.emplace_back(candidate.wanted, candidate.found);
    std::erase(wanted_alone, candidate.wanted);
    std::erase(found_alone, candidate.found);
  }
  std::size_t rest = std::min(wanted_alone.size(), found_alone.size());
  if (!node.item->members.empty() && std::max(wanted_alone.size(), found_alone.size()) > 1)
    rest = 0;
  for (std::size_t k = 0; k < rest; ++k) pairs.emplace_back(wanted_alone[k], found_alone[k]);
  wanted_alone.erase(wanted_alone.begin(),
                     wanted_alone.begin() + static_cast<std::ptrdiff_t>(rest));
  found_alone.erase(found_alone.begin(), found_alone.begin() + static_cast<std::ptrdiff_t>(rest));
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

std::size_t Walk::Likeness(const PropertyNode& node, const Value& desired, const Value& live) {
  std::size_t likeness = 0;
  for (const PropertyNode& row : node.item->members) {
    if (!row.returned || row.compare == Compare::kNone) continue;
    const Value* wanted = Present(row, desired.Find(row.name));
    const Value* found = Present(row, live.Find(row.name));
    if (wanted == nullptr || found == nullptr) continue;
    Walk quick(api_version_, secrets_, had_secrets_, nullptr);
    if (!quick.Visit(row, Side{wanted}, Side{found}, Frame{})) continue;
    likeness += &row == &node.item->members.front() ? 3U : 2U;
  }
  return likeness;
}

void Walk::FindAlone(const PropertyNode& node, const Array& items, const Array& others,
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

void Walk::FindAloneAmongMany(const PropertyNode& node, const Array& items, const Array& others,
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

bool Walk::ItemsEqual(const PropertyNode& node, const Value& desired, const Value& live) {
  Walk quick(api_version_, secrets_, had_secrets_, nullptr);
  return quick.Visit(*node.item, Side{&desired, false, true}, Side{&live, false, true}, Frame{});
}

}  // namespace reconciler::plan
