// `auth` of an account, from the configuration.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/auth_settings.h"
#include "reconciler/core/ports.h"
#include "reconciler/core/value.h"

namespace reconciler::daemon {

/// What the reader of the whole configuration lends.
struct AuthContext {
  std::string account;
  Endpoint endpoint;         // of the account: it tells the cloud
  bool read_secrets = true;  // false: for who only looks where things are
  std::function<std::optional<SecretLocation>(const Value* source)> locate;
  std::function<void(const std::string& path, std::string message)> report;
};

/// `path`: of `auth`, "accounts[0].auth". What is wrong is reported, with the path of the member.
AuthSettings ReadAuth(const Value& auth, const std::string& path, const AuthContext& context);

}  // namespace reconciler::daemon
