#include "reconciler/cycle/secrets.h"

#include <utility>

#include "reconciler/core/json.h"

namespace reconciler::cycle {
namespace {

Result<Value> Reveal(const std::string& name, const PropertyNode* node, SecretSource& secrets) {
  const Result<Secret> secret = secrets.Read(name);
  if (!secret) return secret.error();
  if (node == nullptr || !node->secret_is_json) return Value(secret->RevealText());
  Result<Value> tree = ParseJson(secret->RevealText());
  // The parser's own message would be harmless, but nothing about a secret's text is told.
  if (!tree) return Error{ErrorKind::kInvalidSpec, "secret '" + name + "' must hold a JSON object"};
  return tree;
}

Result<Value> Fill(const Value& value, const PropertyNode* node, SecretSource& secrets) {
  if (value.IsArray()) {
    Array items;
    for (const Value& item : value.AsArray()) {
      Result<Value> filled = Fill(item, node != nullptr ? node->item.get() : nullptr, secrets);
      if (!filled) return filled;
      items.push_back(std::move(*filled));
    }
    return Value(std::move(items));
  }
  if (!value.IsObject()) return value;
  const Value* reference = value.Find("secretRef");
  const bool is_secret = node == nullptr || node->secret != SecretUse::kNone;
  if (reference != nullptr && is_secret && value.AsObject().size() == 1 && reference->IsString()) {
    return Reveal(reference->AsString(), node, secrets);
  }
  Object members;
  for (const Member& member : value.AsObject()) {
    const PropertyNode* row = node != nullptr ? node->FindMember(member.name) : nullptr;
    Result<Value> filled = Fill(member.value, row, secrets);
    if (!filled) return filled;
    members.push_back({member.name, std::move(*filled)});
  }
  return Value(std::move(members));
}

}  // namespace

Result<std::string> BodyText(const Value& body, const PropertyNode& spec, SecretSource& secrets) {
  if (body.IsNull()) return std::string();
  Result<Value> filled = Fill(body, &spec, secrets);
  if (!filled) return std::move(filled).error();
  return WriteJson(*filled);
}

}  // namespace reconciler::cycle
