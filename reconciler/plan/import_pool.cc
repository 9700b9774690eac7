#include "reconciler/plan/import_pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/plan/canonical.h"
#include "reconciler/plan/compare.h"
#include "reconciler/plan/import_words.h"

namespace reconciler::plan {
namespace {

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::string_view kNotTold = "the service does not tell it";

class Importer {
 public:
  explicit Importer(std::string_view api_version) : api_version_(api_version) {}

  ImportedPool Run(const Value& body, std::string_view account) {
    pool_ = std::string(body.StringOr("id"));
    Value spec = Members(PoolPropertyTable().Spec(), body, "spec");
    KeepScale(body, spec);
    Value metadata = Object{{"name", pool_}};
    if (!account.empty()) metadata.Set("account", account);
    result_.document = Object{{"apiVersion", "poolkeeper/v1"},
                              {"kind", "Pool"},
                              {"metadata", std::move(metadata)},
                              {"spec", std::move(spec)},
                              {"policy", Object{{"adopt", true}}}};
    return std::move(result_);
  }

 private:
  void LeaveOut(const std::string& path, std::string_view reason) {
    result_.left_out.push_back({path, std::string(reason)});
  }
  void Comment(const std::string& path, std::string_view text) {
    result_.comments.push_back({path, std::string(text)});
  }

  Value Stub(const std::string& path, std::string_view item) {
    const std::string name = SecretNameFor(pool_, path, item, names_);
    result_.secrets.push_back({name, path});
    return Object{{"secretRef", name}};
  }

  Value Members(const PropertyNode& node, const Value& live, const std::string& path) {
    Value members = Object{};
    const PropertyAlternative* chosen = ChosenAlternative(node, live);
    for (const PropertyNode& row : node.members) {
      const std::string below = path + "." + row.name;
      const bool required =
          node.IsRequired(row.name) || (chosen != nullptr && Contains(chosen->required, row.name));
      std::optional<Value> member = row.secret == SecretUse::kAlways
                                        ? SecretMember(row, live, below, required)
                                        : PlainMember(row, live, below, required);
      if (member) members.Set(row.name, std::move(*member));
    }
    ChooseSecret(node, live, path, members);
    NoteUnknown(node, live, path);
    return members;
  }

  /// A choice of which nothing shows is one that the service does not tell.
  void ChooseSecret(const PropertyNode& node, const Value& live, const std::string& path,
                    Value& members) {
    if (node.alternatives.empty() || ChosenAlternative(node, live) != nullptr) return;
    const PropertyNode* first = node.FindMember(node.alternatives.front().member);
    if (first == nullptr || first->secret != SecretUse::kAlways) return;
    std::string others;
    for (const PropertyAlternative& alternative : node.alternatives) {
      if (alternative.member != first->name) others += " or " + alternative.member;
    }
    const std::string below = path + "." + first->name;
    Comment(below, fmt::format("{}{}: {}", first->name, others, kNotTold));
    members.Set(first->name, Stub(below, live.StringOr("accountName")));
  }

  std::optional<Value> SecretMember(const PropertyNode& row, const Value& live,
                                    const std::string& path, bool required) {
    const std::string_view item = live.StringOr("name");
    const Value* there = live.Find(row.name);
    if (required || (there != nullptr && !there->IsNull())) return Stub(path, item);
    if (row.name == "password" && !live.StringOr("username").empty()) {
      return Stub(path, live.StringOr("username"));
    }
    if (row.name == "sshPrivateKey" || row.secret_is_json) {
      Comment(path.substr(0, path.rfind('.')),
              fmt::format("{}: {}; write {{secretRef: NAME}} if there is one", row.name, kNotTold));
    }
    return std::nullopt;
  }

  std::optional<Value> PlainMember(const PropertyNode& row, const Value& parent,
                                   const std::string& path, bool required) {
    const Value* there = parent.Find(row.name);
    const bool stays = there != nullptr && !there->IsNull() && (required || TellsKey(row, *there));
    const Value* value = stays ? there : Present(row, there);
    if (value == nullptr || (!stays && IsDefault(row, *value))) {
      if (there != nullptr) NoteUnknownBelow(row, *there, path);
      return std::nullopt;
    }
    if (!row.ExistsIn(api_version_)) {
      LeaveOut(path, fmt::format("api-version {} does not have it", api_version_));
      return std::nullopt;
    }
    if (row.secret == SecretUse::kMaybe && LooksSecret(row, *value, parent.StringOr("name"))) {
      Comment(path, "not written here: it looks like a secret");
      return Stub(path, parent.StringOr("name"));
    }
    auto plain = Plain(row, *value, path);
    // Where there was nothing but our stamp.
    const bool is_bare = path == "spec.metadata" && plain && plain->IsArray();
    return is_bare && plain->AsArray().empty() ? std::nullopt : plain;
  }

  /// Where no reference to a secret can stand.
  std::optional<Value> Plain(const PropertyNode& row, const Value& value, const std::string& path) {
    const bool is_whole = value.IsString() || (row.members.empty() && row.item == nullptr);
    if (is_whole && row.secret == SecretUse::kNone && HoldsMark(value, kSecretMark)) {
      LeaveOut(path, "holds a secret of the template, and takes no secretRef");
      return std::nullopt;
    }
    if (value.IsString() && row.secret == SecretUse::kNone && HoldsKey(value.AsString())) {
      Comment(path, "holds what looks like a secret, and takes no secretRef");
      result_.remarks.push_back({path,
                                 "holds what looks like a secret, written as it is: a secretRef "
                                 "is not taken here"});
    }
    return Whole(row, value, path);
  }

  bool IsDefault(const PropertyNode& row, const Value& value) const {
    const Value* known = row.DefaultFor(api_version_);
    if (row.compare == Compare::kNone) {
      return known != nullptr && SameDuration(value, *known);
    }
    if (known == nullptr) return !row.filled.IsNull() && ScalarsEqual(row, row.filled, value);
    return Canonicalize(row, &value, api_version_) == Canonicalize(row, nullptr, api_version_);
  }

  Value Whole(const PropertyNode& row, const Value& value, const std::string& path) {
    if (row.compare == Compare::kJson) return JsonTree(value);
    if (row.open) return value;
    if (value.IsObject()) return Members(row, value, path);
    if (value.IsArray() && row.item != nullptr) return Items(row, value.AsArray(), path);
    return SpellScalar(row, value);
  }

  Value Items(const PropertyNode& row, const Array& live, const std::string& path) {
    constexpr std::string_view kOurs = "poolkeeper.";
    Array items;
    for (const Value& item : live) {
      if (path == "spec.metadata" && FoldCase(item.StringOr("name")).starts_with(kOurs)) {
        LeaveOut(fmt::format("{}.{}", path, item.StringOr("name")), kReadOnly);
        continue;
      }
      auto made = Plain(*row.item, item, fmt::format("{}[{}]", path, items.size()));
      if (made) items.push_back(std::move(*made));
    }
    return items;
  }

  void NoteUnknown(const PropertyNode& node, const Value& live, const std::string& path) {
    if (!live.IsObject()) return;
    for (const Member& member : live.AsObject()) {
      if (node.FindMember(member.name) != nullptr || member.value.IsNull()) continue;
      if (path == "spec" && member.name == "id") continue;
      LeaveOut(path + "." + member.name, WhyNotInSpec(path, member.name));
    }
  }

  /// Of a member that is not written.
  void NoteUnknownBelow(const PropertyNode& node, const Value& live, const std::string& path) {
    if (node.members.empty() || node.open) return;
    NoteUnknown(node, live, path);
    for (const PropertyNode& row : node.members) {
      const Value* there = live.Find(row.name);
      if (there != nullptr) NoteUnknownBelow(row, *there, path + "." + row.name);
    }
  }

  /// A pool of a fixed size owns the targets that are told, one that scales by itself none. What is
  /// not told does not mean 0: an answer of the service has both.
  void KeepScale(const Value& body, Value& spec) {
    const Value* enabled = body.Find("enableAutoScale");
    if (enabled != nullptr && SpellScalar(*Row("enableAutoScale"), *enabled) == Value(true)) {
      spec.Erase("targetDedicatedNodes");
      spec.Erase("targetLowPriorityNodes");
      spec.Erase("resizeTimeout");
      return;
    }
    spec.Erase("autoScaleFormula");
    spec.Erase("autoScaleEvaluationInterval");
    bool told = false;
    for (const char* name : {"targetDedicatedNodes", "targetLowPriorityNodes"}) {
      const Value* target = body.Find(name);
      if (target == nullptr || target->IsNull()) continue;
      spec.Set(name, SpellScalar(*Row(name), *target));
      told = true;
    }
    if (told) return;
    spec.Erase("resizeTimeout");
    LeaveOut("spec.targetDedicatedNodes",
             "nothing tells how many nodes there are to be; without it the size is left alone");
  }

  static const PropertyNode* Row(std::string_view name) {
    return PoolPropertyTable().Spec().FindMember(name);
  }

  std::string api_version_;
  std::string pool_;
  std::set<std::string> names_;
  ImportedPool result_;
};

}  // namespace

ImportedPool ImportPool(const Value& body, std::string_view account, std::string_view api_version) {
  return Importer(api_version).Run(body, account);
}

std::string SecretsBlock(const std::vector<ImportSecret>& secrets) {
  if (secrets.empty()) return "";
  std::string text = "secrets:\n";
  for (const ImportSecret& secret : secrets) {
    text += fmt::format("  {}: {{file: /etc/poolkeeper/secrets/{}}}  # {}\n", secret.name,
                        secret.name, secret.path);
  }
  return text;
}

}  // namespace reconciler::plan
