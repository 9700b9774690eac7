#include "daemon/spec_options.h"

#include <map>
#include <set>
#include <utility>

#include "reconciler/spec/load.h"

namespace reconciler::daemon {

spec::LoadOptions LoadOptionsOf(const Config& config) {
  spec::LoadOptions options;
  std::map<std::string, std::string, std::less<>> versions;
  for (const AccountSettings& settings : config.accounts) {
    options.accounts.push_back(settings.account.name);
    versions[settings.account.name] = settings.account.api_version;
  }
  options.api_version_of = [versions = std::move(versions)](std::string_view account) {
    const auto found = versions.find(account);
    return found == versions.end() ? std::string(spec::kDefaultApiVersion) : found->second;
  };
  std::set<std::string, std::less<>> with_key;
  for (const AccountSettings& settings : config.accounts) {
    if (!settings.auth.identity) with_key.insert(settings.account.name);
  }
  options.uses_shared_key = [with_key = std::move(with_key)](std::string_view account) {
    return with_key.contains(account);
  };
  options.knows_secret = [secrets = config.secrets.secrets](std::string_view name) {
    return secrets.find(name) != secrets.end();
  };
  return options;
}

}  // namespace reconciler::daemon
