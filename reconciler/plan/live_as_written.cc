#include "reconciler/plan/live_as_written.h"

#include "reconciler/plan/compare.h"

namespace reconciler::plan {
namespace {

struct Writing {
  std::string_view api_version;
  bool names_defaults;
  bool names_others;  // members that `desired` does not name and that are not at their default

  Value Write(const PropertyNode& node, const Value& desired, const Value& live) const {
    if (CanonicallyEqual(node, &desired, &live, api_version)) return desired;
    if (desired.IsObject() && live.IsObject()) return WriteObject(node, desired, live);
    if (!desired.IsArray() || !live.IsArray() || node.item == nullptr) return node.Spelled(live);
    Array items = live.AsArray();
    const Array& wanted = desired.AsArray();
    for (std::size_t i = 0; i < items.size() && i < wanted.size(); ++i) {
      items[i] = Write(*node.item, wanted[i], items[i]);
    }
    return items;
  }

  Value WriteObject(const PropertyNode& node, const Value& desired, const Value& live) const {
    Value object = Object{};
    for (const Member& member : desired.AsObject()) {
      const PropertyNode* row = node.FindMember(member.name);
      const Value* found = live.Find(member.name);
      if (row == nullptr) {
        if (found != nullptr) object.Set(member.name, *found);
      } else if (CanonicallyEqual(*row, &member.value, found, api_version)) {
        object.Set(member.name, member.value);
      } else if (found != nullptr && (names_defaults || !IsDefault(*row, *found))) {
        object.Set(member.name, Write(*row, member.value, *found));
      }
    }
    if (names_others) AddOthers(node, desired, live, object);
    return object;
  }

  bool IsDefault(const PropertyNode& node, const Value& live) const {
    return node.DefaultFor(api_version) != nullptr &&
           CanonicallyEqual(node, nullptr, &live, api_version);
  }

  void AddOthers(const PropertyNode& node, const Value& desired, const Value& live,
                 Value& object) const {
    for (const PropertyNode& row : node.members) {
      const Value* found = live.Find(row.name);
      if (found == nullptr || desired.Find(row.name) != nullptr) continue;
      if (row.DefaultFor(api_version) == nullptr || IsDefault(row, *found)) continue;
      object.Set(row.name, row.Spelled(*found));
    }
  }
};

}  // namespace

std::vector<Value> LiveAsWritten(const PropertyNode& node, const Value& desired, const Value& live,
                                 std::string_view api_version) {
  return {Writing{api_version, true, false}.Write(node, desired, live),
          Writing{api_version, false, false}.Write(node, desired, live),
          Writing{api_version, false, true}.Write(node, desired, live)};
}

}  // namespace reconciler::plan
