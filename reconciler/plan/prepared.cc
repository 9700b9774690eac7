#include "reconciler/plan/prepared.h"

#include <algorithm>
#include <set>

#include "reconciler/core/digest.h"
#include "reconciler/core/json.h"
#include "reconciler/plan/record.h"
#include "reconciler/plan/secret_ref.h"

namespace reconciler::plan {
namespace {

void CollectSecrets(const Value& value, std::vector<std::string>& names) {
  if (const std::string* name = SecretName(value)) {
    names.push_back(*name);
  } else if (value.IsObject()) {
    for (const Member& member : value.AsObject()) CollectSecrets(member.value, names);
  } else if (value.IsArray()) {
    for (const Value& item : value.AsArray()) CollectSecrets(item, names);
  }
}

bool HoldsSecret(const Value& value) {
  if (IsSecretRef(value)) return true;
  if (value.IsArray()) {
    return std::any_of(value.AsArray().begin(), value.AsArray().end(), HoldsSecret);
  }
  return value.IsObject() &&
         std::any_of(value.AsObject().begin(), value.AsObject().end(),
                     [](const Member& member) { return HoldsSecret(member.value); });
}

/// The same tree with a mark that names no secret in place of each secretRef.
Value WithoutNames(const Value& value) {
  if (IsSecretRef(value)) return Object{{"secretRef", Value()}};
  if (value.IsArray()) {
    Array items;
    for (const Value& item : value.AsArray()) items.push_back(WithoutNames(item));
    return items;
  }
  if (!value.IsObject()) return value;
  Object members;
  for (const Member& member : value.AsObject()) {
    members.push_back({member.name, WithoutNames(member.value)});
  }
  return members;
}

/// True if each secret inside stands where the service returns it whole. A URL comes back without
/// its query.
bool AllReturned(const PropertyNode& node, const Value& value) {
  if (!HoldsSecret(value)) return true;
  if (!node.returned || node.compare == Compare::kNone || node.compare == Compare::kJson) {
    return false;
  }
  if (IsSecretRef(value)) return node.secret == SecretUse::kMaybe && node.compare != Compare::kUrl;
  if (value.IsArray()) {
    const auto returned = [&](const Value& item) { return AllReturned(*node.item, item); };
    return node.item != nullptr &&
           std::all_of(value.AsArray().begin(), value.AsArray().end(), returned);
  }
  return std::all_of(value.AsObject().begin(), value.AsObject().end(), [&](const Member& member) {
    const PropertyNode* row = node.FindMember(member.name);
    if (row == nullptr) row = node.further.get();
    return row == nullptr ? !HoldsSecret(member.value) : AllReturned(*row, member.value);
  });
}

/// Why that secret cannot be read; empty: it can.
std::string ProblemOf(const SecretBook& book, const std::string& name) {
  if (book.digests.contains(name) && !book.key_id.empty()) return "";
  const auto problem = book.problems.find(name);
  if (problem != book.problems.end() && problem->second.starts_with("secret '")) {
    return problem->second;
  }
  return "secret '" + name + "': " +
         (problem != book.problems.end() ? problem->second
          : book.key_id.empty()          ? "the configuration has no secretDigestKey"
                                         : "it is not under `secrets` of the configuration");
}

/// What the record keeps of the secrets: whether any changed, and of a few, which.
void AddDigests(const SecretBook& book, PreparedProperty& property) {
  std::vector<std::string> lines;
  std::string tags;
  for (const SecretPlace& place : property.secret_places) {
    const std::string digest =
        place.name.empty() ? ShortDigest(place.query, 43) : book.digests.find(place.name)->second;
    lines.push_back(place.identity + "=" + digest + "\n");
    tags += TagOf(place.identity, digest);
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines) all += line;
  property.secret_digest = ShortDigest(all);
  if (property.secret_places.size() <= kTagsMax) property.secret_tags = std::move(tags);
}

void AddSecrets(const SecretBook& book, PreparedProperty& property) {
  if (property.desired == nullptr) return;
  property.secret_places = LocateSecrets(property.node, *property.desired, property.name);
  if (property.secret_places.empty()) return;
  const bool named = HoldsSecret(*property.desired);
  const auto inside = std::make_shared<SecretBook>();
  for (const SecretPlace& place : property.secret_places) {
    if (!place.name.empty()) book.CopyTo(*inside, place.name);
  }
  if (named) property.secrets = inside;
  property.secrets_compared = named && book.HasKey() && property.node != nullptr &&
                              AllReturned(*property.node, *property.desired);
  property.secret_key_id = named ? book.key_id : std::string(kQueriesOnly);
  for (const SecretPlace& place : property.secret_places) {
    if (place.name.empty()) continue;
    property.secret_problem = ProblemOf(book, place.name);
    if (property.secret_problem.empty()) continue;
    property.secret_key_id = kNoSecretKey;
    return;
  }
  AddDigests(book, property);
}

PreparedProperty MakeProperty(std::string name, const PropertyNode* node, const Value* desired,
                              const SecretBook& secrets) {
  PreparedProperty property;
  property.name = std::move(name);
  property.node = node;
  property.desired = desired == nullptr || desired->IsNull() ? nullptr : desired;
  property.digest = RawDigest(property.desired == nullptr ? Value() : *property.desired);
  AddSecrets(secrets, property);
  return property;
}

void AddMetadata(const Value& body, const SecretBook& secrets,
                 std::vector<PreparedProperty>& properties) {
  const Value* items = body.Find("metadata");
  if (items == nullptr || !items->IsArray()) return;
  std::set<std::string_view> seen;
  for (const Value& item : items->AsArray()) {
    const Value* name = item.Find("name");
    if (name == nullptr || !name->IsString()) continue;
    if (name->AsString().starts_with(kReservedPrefix)) continue;
    if (!seen.insert(name->AsString()).second) continue;
    properties.push_back(
        MakeProperty("metadata." + name->AsString(), nullptr, item.Find("value"), secrets));
  }
}

/// A SKU pattern is a part of what the spec says about its image, wherever it stands.
std::string MachineDigest(const PoolSpec& spec, const Value& machine) {
  Value with_pattern = machine;
  if (Value* image = with_pattern.Find("imageReference"); image != nullptr) {
    image->Set("sku", Object{{"newest", spec.policy.newest_sku_pattern}});
  }
  return RawDigest(with_pattern);
}

}  // namespace

std::vector<std::string> SecretNames(const Value& spec_body) {
  std::vector<std::string> names;
  CollectSecrets(spec_body, names);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

PreparedSpec Prepare(const PoolSpec& spec, const SecretBook& secrets, const PropertyTable& table) {
  PreparedSpec prepared;
  prepared.spec = &spec;
  prepared.scale = ReadScale(spec.body);
  for (const PropertyNode& node : table.Spec().members) {
    const Value* member = spec.body.Find(node.name);
    if (member == nullptr || node.name == "metadata" || table.InScaleGroup(node.name)) continue;
    prepared.properties.push_back(MakeProperty(node.name, &node, member, secrets));
    if (node.name == "virtualMachineConfiguration" && !spec.policy.newest_sku_pattern.empty()) {
      prepared.properties.back().digest = MachineDigest(spec, *member);
    }
  }
  AddMetadata(spec.body, secrets, prepared.properties);
  return prepared;
}

std::string RawDigest(const Value& value) {
  return ShortDigest(HoldsSecret(value) ? WriteSortedJson(WithoutNames(value))
                                        : WriteSortedJson(value));
}

}  // namespace reconciler::plan
