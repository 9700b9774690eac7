#include "reconciler/entra/identity.h"

#include <fmt/format.h>

#include <array>

#include "reconciler/core/text.h"

namespace reconciler::entra {
namespace {

constexpr std::array<Cloud, 3> kClouds = {
    {{"public", "login.microsoftonline.com", "https://batch.core.windows.net/"},
     {"usGov", "login.microsoftonline.us", "https://batch.core.usgovcloudapi.net/"},
     {"china", "login.chinacloudapi.cn", "https://batch.chinacloudapi.cn/"}}};

}  // namespace

const Cloud* FindCloud(std::string_view name) {
  for (const Cloud& cloud : kClouds) {
    if (cloud.name == name) return &cloud;
  }
  return nullptr;
}

const Cloud& CloudOfHost(std::string_view host) {
  const std::string folded = FoldCase(host);
  if (folded.ends_with(".usgovcloudapi.net")) return kClouds[1];
  if (folded.ends_with(".chinacloudapi.cn")) return kClouds[2];
  return kClouds[0];
}

std::string Describe(const Identity& identity) {
  if (identity.flow != Flow::kManagedIdentity) {
    return fmt::format("Entra ID at {} as client {} of tenant {}", identity.server.host,
                       identity.client_id, identity.tenant);
  }
  const std::string text = fmt::format("the managed identity at {}", identity.server.host);
  if (!identity.client_id.empty()) return text + " with client id " + identity.client_id;
  if (!identity.object_id.empty()) return text + " with object id " + identity.object_id;
  if (!identity.resource_id.empty()) return text + " with resource id " + identity.resource_id;
  return text;
}

Endpoint MachineIdentityEndpoint() { return {"http", "169.254.169.254", 80}; }

}  // namespace reconciler::entra
