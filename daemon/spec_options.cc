#include "daemon/spec_options.h"

#include <map>
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
  options.knows_secret = [secrets = config.secrets.secrets](std::string_view name) {
    return secrets.find(name) != secrets.end();
  };
  return options;
}

}  // namespace reconciler::daemon
