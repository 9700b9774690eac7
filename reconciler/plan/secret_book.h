// What is known of the secrets that specs name, without the secrets.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/property.h"
#include "reconciler/core/secret.h"

namespace reconciler::plan {

/// Keyed digests of secrets; filled by the cycle, so that deciding stays pure. Digests are
/// base64url of HMAC-SHA256 under the digest key.
class SecretBook {
 public:
  std::string key_id;  // 4 characters of base64url(SHA-256(digest key)); empty: no digest key
  std::map<std::string, std::string, std::less<>> digests;      // name -> digest
  std::map<std::string, std::string, std::less<>> url_digests;  // the same up to a '?'
  std::map<std::string, std::string, std::less<>> problems;     // name -> why it cannot be read

  void SetKey(Secret key);
  /// After SetKey.
  void Add(const std::string& name, const Secret& secret);

  /// Whether a live text is that secret, as the member compares (a URL without its query). nullopt:
  /// there is no key, or the secret cannot be read.
  std::optional<bool> Matches(const PropertyNode& node, std::string_view name,
                              std::string_view live) const;
  /// Whether live values can be compared with secrets at all.
  bool HasKey() const { return key_ != nullptr; }
  /// The part of the book that is about this secret goes into `other`, with the key.
  void CopyTo(SecretBook& other, std::string_view name) const;

 private:
  std::shared_ptr<const Secret> key_;
};

}  // namespace reconciler::plan
