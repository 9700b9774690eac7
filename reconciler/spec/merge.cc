#include "reconciler/spec/merge.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace reconciler::spec {
namespace {

using Path = std::string;

/// Naming one of these chooses how the pool scales.
constexpr std::array<std::string_view, 4> kScaleChoices = {
    "targetDedicatedNodes", "targetLowPriorityNodes", "enableAutoScale", "autoScaleFormula"};
constexpr std::array<std::string_view, 2> kScaleParameters = {"autoScaleEvaluationInterval",
                                                              "resizeTimeout"};

template <std::size_t N>
bool Holds(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsReplacedWhole(std::string_view path) {
  return path == "spec.virtualMachineConfiguration.imageReference" ||
         path == "spec.startTask.userIdentity";
}

bool ChoosesScale(const Node& spec) {
  return std::any_of(spec.members.begin(), spec.members.end(), [](const NodeMember& member) {
    return Holds(kScaleChoices, member.name) && !member.value.IsNull();
  });
}

std::string_view ItemName(const Node& item) {
  const Node* name = item.Find("name");
  return name == nullptr ? std::string_view() : std::string_view(name->text);
}

bool TakesAway(const Node& item) {
  const Node* value = item.Find("value");
  return value != nullptr && value->IsNull() && !value->text.empty();
}

/// Items of one name are replaced where they stand, the others are appended. `value: null` takes
/// an inherited item away.
Node MergeMetadata(const Node& base, const Node& patch) {
  Node merged = patch;
  merged.items = base.items;
  for (const Node& item : patch.items) {
    const std::string_view name = ItemName(item);
    const auto inherited = std::find_if(
        merged.items.begin(), merged.items.begin() + static_cast<std::ptrdiff_t>(base.items.size()),
        [&](const Node& other) { return !name.empty() && ItemName(other) == name; });
    const bool is_inherited =
        inherited != merged.items.begin() + static_cast<std::ptrdiff_t>(base.items.size());
    if (is_inherited) {
      *inherited = item;
    } else {
      merged.items.push_back(item);
    }
  }
  const auto gone = [&](const Node& item) {
    const auto same = [&](const Node& other) { return ItemName(other) == ItemName(item); };
    return TakesAway(item) && std::any_of(base.items.begin(), base.items.end(), same);
  };
  merged.items.erase(std::remove_if(merged.items.begin(), merged.items.end(), gone),
                     merged.items.end());
  return merged;
}

Node MergeNodes(Node base, const Node& patch, const Path& path);

void MergeMember(Node& merged, const NodeMember& member, const Path& path) {
  NodeMember* inherited = merged.FindMember(member.name);
  if (inherited == nullptr || inherited->value.IsNull()) {
    if (inherited == nullptr) {
      merged.members.push_back(member);
    } else {
      *inherited = member;
    }
    return;
  }
  if (member.value.IsNull() && !member.value.text.empty()) {
    merged.members.erase(merged.members.begin() + (inherited - merged.members.data()));
    return;
  }
  inherited->place = member.place;
  inherited->value = MergeNodes(std::move(inherited->value), member.value, path);
}

void DropInheritedScale(Node& merged, const Node& patch) {
  const auto is_dropped = [&](const NodeMember& member) {
    // A null of the patch finds what it takes away.
    const Node* own = patch.Find(member.name);
    return IsScaleProperty(member.name) && (own == nullptr || !own->IsNull());
  };
  merged.members.erase(std::remove_if(merged.members.begin(), merged.members.end(), is_dropped),
                       merged.members.end());
}

Node MergeNodes(Node base, const Node& patch, const Path& path) {
  if (path == "spec.metadata" && base.IsList() && patch.IsList()) return MergeMetadata(base, patch);
  if (!base.IsMap() || !patch.IsMap() || IsReplacedWhole(path)) return patch;
  if (path == "spec" && ChoosesScale(patch)) DropInheritedScale(base, patch);
  base.place = patch.place;
  for (const NodeMember& member : patch.members) {
    MergeMember(base, member, path.empty() ? member.name : path + "." + member.name);
  }
  return base;
}

}  // namespace

bool IsScaleProperty(std::string_view name) {
  return Holds(kScaleChoices, name) || Holds(kScaleParameters, name);
}

Node MergeDocuments(const Node& base, const Node& patch) { return MergeNodes(base, patch, {}); }

}  // namespace reconciler::spec
