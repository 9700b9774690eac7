// The configuration of the program: who we are, where the specs are, and the accounts.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/auth_settings.h"
#include "daemon/http_settings.h"
#include "daemon/secret_source.h"
#include "reconciler/core/pool.h"
#include "reconciler/cycle/account.h"

namespace reconciler::daemon {

inline constexpr std::string_view kDefaultConfigFile = "/etc/poolkeeper/poolkeeper.yaml";

/// One account, with a shared key decoded.
struct AccountSettings {
  cycle::AccountConfig account;
  AuthSettings auth;
  std::string endpoint_text;  // as written
};

/// Everything that the document says; relative paths are relative to its folder.
struct Config {
  std::string file;  // as the command line names it
  std::string owner;
  std::string source_id;
  std::string specs;                          // `source.path`
  std::string state = "/var/lib/poolkeeper";  // folder of what survives a restart
  std::chrono::seconds interval{60};          // drift is noticed within this time
  std::string status_socket;  // `status.socket`; empty: the place that status_socket.h says
  std::string status_group;   // `status.group`: who may read it beside root; empty: nobody
  HttpSettings http;
  SecretSettings secrets;
  std::vector<AccountSettings> accounts;  // in the order of the document, at least one

  const AccountSettings* Find(std::string_view account) const;
};

/// The configuration, or everything that is wrong with it; warnings stand beside a good one.
struct LoadedConfig {
  std::optional<Config> config;
  std::vector<Finding> findings;  // sorted by position
};
enum class KeyReading { kRead, kSkip };
/// Reads the document and the keys of all accounts (kSkip: no keys, for who only looks where things
/// are). Never throws, never hangs.
LoadedConfig LoadConfig(const std::string& file, KeyReading keys = KeyReading::kRead);

}  // namespace reconciler::daemon
