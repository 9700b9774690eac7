// Secrets in memory.
#pragma once

#include <map>
#include <string>

#include "reconciler/core/ports.h"

namespace doors {

class SimSecrets final : public reconciler::SecretSource {
 public:
  reconciler::Result<reconciler::Secret> Read(std::string_view name) override {
    const auto found = values.find(name);
    if (found == values.end()) {
      return reconciler::Error{reconciler::ErrorKind::kInvalidSpec,
                               "secret '" + std::string(name) + "' is not configured"};
    }
    return reconciler::Secret(found->second);
  }
  reconciler::Result<reconciler::Secret> DigestKey() override {
    if (digest_key.empty()) {
      return reconciler::Error{reconciler::ErrorKind::kInvalidSpec, "no secretDigestKey"};
    }
    return reconciler::Secret(digest_key);
  }

  std::map<std::string, std::string, std::less<>> values;
  std::string digest_key = "digest key of a test";
};

}  // namespace doors
