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

/// Where secrets stand below `value` and which: (path, name).
void LocateSecrets(const Value& value, const std::string& path,
                   std::vector<std::pair<std::string, std::string>>& places) {
  if (const std::string* name = SecretName(value)) {
    places.emplace_back(path, *name);
  } else if (value.IsObject()) {
    for (const Member& member : value.AsObject()) {
      LocateSecrets(member.value, path + "." + member.name, places);
    }
  } else if (value.IsArray()) {
    for (std::size_t i = 0; i < value.AsArray().size(); ++i) {
      LocateSecrets(value.AsArray()[i], path + "[" + std::to_string(i) + "]", places);
    }
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

void AddSecrets(const SecretBook& book, PreparedProperty& property) {
  if (property.desired == nullptr || !HoldsSecret(*property.desired)) return;
  std::vector<std::pair<std::string, std::string>> places;
  LocateSecrets(*property.desired, "", places);
  std::sort(places.begin(), places.end());
  for (const auto& place : places) property.secret_places.push_back(property.name + place.first);
  const auto inside = std::make_shared<SecretBook>();
  for (const auto& [path, name] : places) book.CopyTo(*inside, name);
  property.secrets = inside;
  property.secrets_compared =
      book.HasKey() && property.node != nullptr && AllReturned(*property.node, *property.desired);
  std::string digests;
  for (const auto& [path, name] : places) {
    const auto digest = book.digests.find(name);
    if (digest != book.digests.end() && !book.key_id.empty()) {
      digests += path + "=" + digest->second + "\n";
      continue;
    }
    const auto problem = book.problems.find(name);
    property.secret_key_id = kNoSecretKey;
    const bool named = problem != book.problems.end() && problem->second.starts_with("secret '");
    property.secret_problem = named ? "" : "secret '" + name + "': ";
    property.secret_problem += problem != book.problems.end() ? problem->second
                               : book.key_id.empty()
                                   ? "the configuration has no secretDigestKey"
                                   : "it is not under `secrets` of the configuration";
    return;
  }
  property.secret_key_id = book.key_id;
  property.secret_digest = ShortDigest(digests);
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
