#include "reconciler/spec/build.h"

#include <fmt/format.h>

#include <utility>

#include "reconciler/core/digest.h"
#include "reconciler/core/json.h"

namespace reconciler::spec {
namespace {

using Positions = std::map<std::string, Position, std::less<>>;

class PositionWalk {
 public:
  explicit PositionWalk(bool metadata_by_name) : metadata_by_name_(metadata_by_name) {}

  void Visit(const Node& node, const std::string& path) {
    for (const NodeMember& member : node.members) {
      const std::string member_path = path.empty() ? member.name : path + "." + member.name;
      positions.emplace(member_path, ToPosition(member.place));
      Visit(member.value, member_path);
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Node& item = node.items[i];
      const Node* name = metadata_by_name_ && path == "metadata" ? item.Find("name") : nullptr;
      const std::string item_path =
          name != nullptr ? "metadata." + name->text : fmt::format("{}[{}]", path, i);
      positions.emplace(item_path, ToPosition(item.place));
      if (name == nullptr) Visit(item, item_path);
    }
  }

  Positions positions{};

 private:
  bool metadata_by_name_;
};

/// Null says something at the top of the spec only: below, it equals an absent member.
Value WithoutNulls(Value value, int depth) {
  if (value.IsArray()) {
    for (Value& item : value.AsArray()) item = WithoutNulls(std::move(item), depth + 1);
  }
  if (!value.IsObject()) return value;
  Object kept;
  for (Member& member : value.AsObject()) {
    if (depth > 0 && member.value.IsNull()) continue;
    kept.push_back({std::move(member.name), WithoutNulls(std::move(member.value), depth + 1)});
  }
  return kept;
}

bool ReadFlag(const Value* object, std::string_view name) {
  return object != nullptr && object->BoolOr(name, false);
}

}  // namespace

std::map<std::string, Position, std::less<>> CollectPositions(const Node& node,
                                                              bool metadata_by_name) {
  PositionWalk walk(metadata_by_name);
  walk.Visit(node, {});
  return std::move(walk.positions);
}

Policy ReadPolicy(const Value& policy) {
  Policy read;
  if (policy.StringOr("mode") == "observe") read.mode = Mode::kObserve;
  read.adopt = policy.BoolOr("adopt", false);
  if (const Value* resize = policy.Find("resize")) {
    if (resize->StringOr("onPending") == "stop") read.on_pending = OnPending::kStop;
    read.node_deallocation_option =
        resize->StringOr("nodeDeallocationOption", read.node_deallocation_option);
  }
  const Value* image = policy.Find("image");
  read.allow_unverified = ReadFlag(image, "allowUnverified");
  read.allow_ended = ReadFlag(image, "allowEnded");
  read.allow_unlisted = ReadFlag(image, "allowUnlisted");
  const Value* newest = image == nullptr ? nullptr : image->Find("newest");
  if (newest != nullptr) read.newest_sku_pattern = std::string(newest->StringOr("skuPattern"));
  return read;
}

Value WritePolicy(const Policy& policy) {
  Value image = Object{{"allowUnverified", policy.allow_unverified},
                       {"allowEnded", policy.allow_ended},
                       {"allowUnlisted", policy.allow_unlisted}};
  // Only where it is used: digests of other specs stay what they were.
  if (!policy.newest_sku_pattern.empty()) {
    image.Set("newest", Object{{"skuPattern", policy.newest_sku_pattern}});
  }
  return Object{
      {"mode", policy.mode == Mode::kObserve ? "observe" : "manage"},
      {"adopt", policy.adopt},
      {"resize", Object{{"onPending", policy.on_pending == OnPending::kStop ? "stop" : "wait"},
                        {"nodeDeallocationOption", policy.node_deallocation_option}}},
      {"image", std::move(image)}};
}

std::string SpecDigest(const Value& body, const Policy& policy) {
  constexpr std::size_t kCharacters = 16;
  return ShortDigest(WriteSortedJson(body) + "\n" + WriteSortedJson(WritePolicy(policy)),
                     kCharacters);
}

PoolSpec BuildPoolSpec(const Node& document) {
  PoolSpec pool;
  if (const Node* spec = document.FindValue("spec")) {
    pool.body = WithoutNulls(ToValue(*spec), 0);
    pool.positions = CollectPositions(*spec, true);
  }
  if (const Node* policy = document.FindValue("policy")) pool.policy = ReadPolicy(ToValue(*policy));
  pool.digest = SpecDigest(pool.body, pool.policy);
  return pool;
}

}  // namespace reconciler::spec
