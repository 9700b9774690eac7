#include "reconciler/cycle/secrets.h"

#include <algorithm>
#include <utility>

#include "reconciler/core/json.h"

namespace reconciler::cycle {
namespace {

constexpr std::size_t kTellingCharacters = 8;

/// Reads secrets and keeps what it has read.
struct Filling {
  SecretSource& source;
  std::vector<Secret> secrets{};
};

Result<Value> Reveal(const std::string& name, const PropertyNode* node, Filling& filling) {
  Result<Secret> read = filling.source.Read(name);
  if (!read) return std::move(read).error();
  const std::string_view secret = filling.secrets.emplace_back(std::move(*read)).RevealText();
  if (node == nullptr || !node->secret_is_json) return Value(secret);
  Result<Value> tree = ParseJson(secret);
  // The parser's own message would be harmless, but nothing about a secret's text is told.
  if (!tree) return Error{ErrorKind::kInvalidSpec, "secret '" + name + "' must hold a JSON object"};
  return tree;
}

Result<Value> Fill(const Value& value, const PropertyNode* node, Filling& filling) {
  if (value.IsArray()) {
    Array items;
    for (const Value& item : value.AsArray()) {
      Result<Value> filled = Fill(item, node != nullptr ? node->item.get() : nullptr, filling);
      if (!filled) return filled;
      items.push_back(std::move(*filled));
    }
    return Value(std::move(items));
  }
  if (!value.IsObject()) return value;
  const Value* reference = value.Find("secretRef");
  const bool is_secret = node == nullptr || node->secret != SecretUse::kNone;
  if (reference != nullptr && is_secret && value.AsObject().size() == 1 && reference->IsString()) {
    return Reveal(reference->AsString(), node, filling);
  }
  Object members;
  for (const Member& member : value.AsObject()) {
    const PropertyNode* row = node != nullptr ? node->FindMember(member.name) : nullptr;
    Result<Value> filled = Fill(member.value, row, filling);
    if (!filled) return filled;
    members.push_back({member.name, std::move(*filled)});
  }
  return Value(std::move(members));
}

/// Where `text` first shows a part of the secret; npos: nowhere.
std::size_t PlaceOf(std::string_view secret, std::string_view text) {
  std::size_t place = std::string_view::npos;
  const std::size_t part = std::min(secret.size(), kTellingCharacters);
  for (std::size_t from = 0; part > 0 && from + part <= secret.size(); ++from) {
    place = std::min(place, text.find(secret.substr(from, part)));
  }
  return place;
}

std::size_t FirstPlaceOf(std::span<const Secret> secrets, std::string_view text) {
  std::size_t place = std::string_view::npos;
  for (const Secret& secret : secrets) place = std::min(place, PlaceOf(secret.RevealText(), text));
  return place;
}

}  // namespace

Result<FilledBody> FillBody(const Value& body, const PropertyNode& spec, SecretSource& secrets) {
  if (body.IsNull()) return FilledBody();
  Filling filling{secrets};
  Result<Value> filled = Fill(body, &spec, filling);
  if (!filled) return std::move(filled).error();
  return FilledBody{WriteJson(*filled), std::move(filling.secrets)};
}

Error WithoutSecrets(Error error, std::span<const Secret> sent) {
  if (FirstPlaceOf(sent, error.code) != std::string::npos) error.code.clear();
  if (FirstPlaceOf(sent, error.request_id) != std::string::npos) error.request_id.clear();
  const std::size_t place = FirstPlaceOf(sent, error.message);
  if (place == std::string::npos) return error;
  // Back to the colon where the service began to speak, or before: none of its words is sorted out.
  const std::size_t ours = error.message.rfind(": ", place);
  error.message.resize(ours == std::string::npos ? 0 : ours + 2);
  error.message += "what the service said repeats a secret that was sent, and is not shown";
  if (!error.request_id.empty()) error.message += " (request " + error.request_id + ")";
  return error;
}

}  // namespace reconciler::cycle
