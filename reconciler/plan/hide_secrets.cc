#include <string>

#include "reconciler/plan/canonical.h"
#include "reconciler/plan/compare.h"
#include "reconciler/plan/secret_ref.h"

namespace reconciler::plan {
namespace {

/// A URL may carry its own secret (a SAS) in its query.
Value HideQuery(const Value& value) {
  if (!value.IsString()) return value;
  const std::string_view url = WithoutQuery(value.AsString());
  if (url.size() == value.AsString().size()) return value;
  return std::string(url) + "?" + kSensitiveText;
}

Value HideInObject(const PropertyNode& node, const Value& object, bool had_secrets) {
  Value shown = Object{};
  for (const Member& member : object.AsObject()) {
    const PropertyNode* row = node.FindMember(member.name);
    if (row == nullptr) row = node.further.get();
    shown.AsObject().push_back({member.name, row == nullptr
                                                 ? member.value
                                                 : HideSecrets(*row, member.value, had_secrets)});
  }
  return shown;
}

}  // namespace

Value HideSecrets(const PropertyNode& node, const Value& value, bool had_secrets) {
  if (value.IsNull()) return value;
  if (node.secret == SecretUse::kAlways) return kSensitiveText;
  if (node.secret == SecretUse::kMaybe && (had_secrets || IsSecretRef(value)))
    return kSensitiveText;
  if (node.compare == Compare::kUrl) return HideQuery(value);
  if (value.IsObject()) return HideInObject(node, value, had_secrets);
  if (!value.IsArray() || node.item == nullptr) return value;
  Array shown;
  for (const Value& item : value.AsArray()) {
    shown.push_back(HideSecrets(*node.item, item, had_secrets));
  }
  return shown;
}

}  // namespace reconciler::plan
