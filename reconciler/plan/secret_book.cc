#include "reconciler/plan/secret_book.h"

#include <utility>

#include "reconciler/core/digest.h"
#include "reconciler/plan/canonical.h"

namespace reconciler::plan {
namespace {

constexpr std::size_t kKeyIdCharacters = 4;

std::string KeyedDigest(const Secret& key, std::string_view text) {
  return Base64Url(HmacSha256(key.Reveal(), text));
}

}  // namespace

void SecretBook::SetKey(Secret key) {
  key_id = ShortDigest(key.RevealText(), kKeyIdCharacters);
  key_ = std::make_shared<const Secret>(std::move(key));
}

void SecretBook::Add(const std::string& name, const Secret& secret) {
  digests[name] = KeyedDigest(*key_, secret.RevealText());
  url_digests[name] = KeyedDigest(*key_, WithoutQuery(secret.RevealText()));
}

std::optional<bool> SecretBook::Matches(const PropertyNode& node, std::string_view name,
                                        std::string_view live) const {
  const bool is_url = node.compare == Compare::kUrl;
  const auto& book = is_url ? url_digests : digests;
  const auto found = book.find(name);
  if (found == book.end() || !HasKey()) return std::nullopt;
  return found->second == KeyedDigest(*key_, is_url ? WithoutQuery(live) : live);
}

void SecretBook::CopyTo(SecretBook& other, std::string_view name) const {
  const auto copy = [&](const auto& from, auto& to) {
    if (const auto found = from.find(name); found != from.end()) to.insert(*found);
  };
  other.key_id = key_id;
  other.key_ = key_;
  copy(digests, other.digests);
  copy(url_digests, other.url_digests);
  copy(problems, other.problems);
}

}  // namespace reconciler::plan
