// Rules on what each node gets: files, users, packages, mounts, containers, extensions.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reconciler/core/property.h"
#include "reconciler/core/text.h"
#include "reconciler/spec/rule_context.h"
#include "reconciler/spec/validate.h"

namespace reconciler::spec {
namespace {

/// True for "../a", "a/../../b", "/a" and, on Windows, "..\\a", "C:\\a" and "C:a".
bool LeavesFolder(std::string path, OperatingSystem os) {
  if (os == OperatingSystem::kWindows) std::replace(path.begin(), path.end(), '\\', '/');
  int depth = 0;
  for (const std::string_view part : SplitText(path, '/')) {
    if (part.empty() || part == ".") continue;
    depth += part == ".." ? -1 : 1;
    if (depth < 0) return true;
  }
  const bool has_drive = os == OperatingSystem::kWindows && path.find(':') == 1;
  return has_drive || path.starts_with('/');
}

void CheckFilePath(RuleContext& context, const Node& file, const std::string& path) {
  const Node* place = file.FindValue("filePath");
  if (place == nullptr || !place->IsString()) return;
  if (!LeavesFolder(place->text, context.os())) return;
  context.Error(
      place->place, path + ".filePath",
      fmt::format("{} must be relative and must not leave the folder by '..'", ShowValue(*place)));
}

void CheckFiles(RuleContext& context) {
  const std::vector<Node>& files = ItemsOf(FindPath(context.spec(), "startTask.resourceFiles"));
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = fmt::format("spec.startTask.resourceFiles[{}]", i);
    CheckFilePath(context, files[i], path);
    const NodeMember* identity = FindMemberAt(files[i], "identityReference");
    if (identity != nullptr && files[i].FindValue("autoStorageContainerName") != nullptr) {
      context.Warning(identity->place, path + ".identityReference",
                      "has no effect beside autoStorageContainerName; it is for "
                      "storageContainerUrl and httpUrl");
    }
    const NodeMember* mode = FindMemberAt(files[i], "fileMode");
    if (mode != nullptr && context.os() == OperatingSystem::kWindows) {
      context.Warning(mode->place, path + ".fileMode", "has no effect on Windows nodes");
    }
  }
}

void CheckLinuxUser(RuleContext& context, const NodeMember& user, const std::string& path) {
  if (!user.value.IsMap()) return;
  if (context.os() == OperatingSystem::kWindows) {
    context.Warning(user.place, path, "has no effect on Windows nodes");
  }
  const Node* uid = user.value.FindValue("uid");
  const Node* gid = user.value.FindValue("gid");
  if ((uid == nullptr) != (gid == nullptr)) {
    context.Error((uid != nullptr ? uid : gid)->place, path,
                  "uid and gid go together; write both or none");
  }
  const NodeMember* key = FindMemberAt(user.value, "sshPrivateKey");
  if (key == nullptr || IsTrue(FindPath(context.spec(), "enableInterNodeCommunication"))) return;
  context.Warning(key->place, path + ".sshPrivateKey",
                  "has no effect without enableInterNodeCommunication: true");
}

void CheckUsers(RuleContext& context) {
  const std::vector<Node>& users = ItemsOf(FindPath(context.spec(), "userAccounts"));
  for (std::size_t i = 0; i < users.size(); ++i) {
    const std::string path = fmt::format("spec.userAccounts[{}]", i);
    if (const NodeMember* linux_user = FindMemberAt(users[i], "linuxUserConfiguration")) {
      CheckLinuxUser(context, *linux_user, path + ".linuxUserConfiguration");
    }
    const NodeMember* windows = FindMemberAt(users[i], "windowsUserConfiguration");
    if (windows == nullptr || context.os() != OperatingSystem::kLinux) continue;
    context.Error(windows->place, path + ".windowsUserConfiguration",
                  "must be left out with a Linux image");
  }
}

/// "/subscriptions/ID/.../batchAccounts/ACCOUNT/applications/NAME"
bool IsApplicationId(std::string_view text) {
  constexpr std::string_view kApplications = "/applications/";
  const std::string folded = FoldCase(text);
  const std::size_t name = folded.find(kApplications);
  return folded.starts_with("/subscriptions/") &&
         folded.find("/providers/microsoft.batch/batchaccounts/") != std::string::npos &&
         name != std::string::npos && name + kApplications.size() < folded.size() &&
         folded.find('/', name + kApplications.size()) == std::string::npos;
}

/// The same package twice says no more than once.
void CheckRepeatedPackages(RuleContext& context, const std::vector<Node>& packages) {
  std::map<std::string, int> lines;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Node* id = packages[i].FindValue("applicationId");
    if (id == nullptr || !id->IsString()) continue;
    const Node* version = packages[i].FindValue("version");
    const std::string what = version != nullptr && version->IsString() ? version->text : "";
    const auto [first, is_new] =
        lines.try_emplace(FoldCase(id->text) + '\n' + FoldCase(what), id->place.line);
    if (is_new) continue;
    context.Warning(id->place, fmt::format("spec.applicationPackageReferences[{}]", i),
                    fmt::format("names the same package as line {}", first->second));
  }
}

void CheckPackages(RuleContext& context) {
  constexpr std::string_view kFullIdSince = "2024-07-01.20.0";
  const std::vector<Node>& packages =
      ItemsOf(FindPath(context.spec(), "applicationPackageReferences"));
  CheckRepeatedPackages(context, packages);
  const std::string& version = context.options().api_version;
  if (version.empty() || !ApiVersionAtLeast(version, kFullIdSince)) return;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const Node* id = packages[i].FindValue("applicationId");
    if (id == nullptr || !id->IsString() || id->text.empty() || IsApplicationId(id->text)) continue;
    context.Error(id->place, fmt::format("spec.applicationPackageReferences[{}].applicationId", i),
                  fmt::format("expected the full id, /subscriptions/ID/resourceGroups/GROUP/"
                              "providers/Microsoft.Batch/batchAccounts/ACCOUNT/applications/NAME, "
                              "as api-version {} wants it, found {}",
                              version, ShowValue(*id)));
  }
}

void CheckMountPaths(RuleContext& context) {
  std::map<std::string, int> lines;
  const std::vector<Node>& mounts = ItemsOf(FindPath(context.spec(), "mountConfiguration"));
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    const std::vector<NodeMember>& kinds = mounts[i].members;
    const auto named = std::count_if(kinds.begin(), kinds.end(),
                                     [](const NodeMember& kind) { return !kind.value.IsNull(); });
    if (named != 1) continue;  // which is an error of its own
    for (const NodeMember& kind : kinds) {
      const Node* path = kind.value.FindValue("relativeMountPath");
      if (path == nullptr || !path->IsString()) continue;
      const auto [first, is_new] = lines.try_emplace(path->text, path->place.line);
      if (is_new) continue;
      context.Warning(
          path->place,
          fmt::format("spec.mountConfiguration[{}].{}.relativeMountPath", i, kind.name),
          fmt::format("is the path of line {}, too; one hides the other", first->second));
    }
  }
}

void CheckRegistry(RuleContext& context, const Node& registry, const std::string& path) {
  const NodeMember* identity = FindMemberAt(registry, "identityReference");
  const bool named =
      registry.FindValue("username") != nullptr || registry.FindValue("password") != nullptr;
  if (identity == nullptr || !named) return;
  context.Warning(identity->place, path + ".identityReference",
                  "stands in place of username and password; write one or the other");
}

void CheckRegistries(RuleContext& context) {
  const std::string list = "virtualMachineConfiguration.containerConfiguration.containerRegistries";
  const std::vector<Node>& registries = ItemsOf(FindPath(context.spec(), list));
  for (std::size_t i = 0; i < registries.size(); ++i) {
    CheckRegistry(context, registries[i], fmt::format("spec.{}[{}]", list, i));
  }
  const std::string own = "startTask.containerSettings.registry";
  const Node* registry = FindPath(context.spec(), own);
  if (registry != nullptr) CheckRegistry(context, *registry, "spec." + own);
}

/// Certificate stores are of Windows.
void CheckCertificates(RuleContext& context) {
  if (context.os() != OperatingSystem::kLinux) return;
  const std::vector<Node>& certificates =
      ItemsOf(FindPath(context.spec(), "certificateReferences"));
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    for (const std::string_view name : {"storeLocation", "storeName"}) {
      const NodeMember* member = FindMemberAt(certificates[i], name);
      if (member == nullptr) continue;
      context.Warning(member->place, fmt::format("spec.certificateReferences[{}].{}", i, name),
                      "has no effect with a Linux image");
    }
  }
}

}  // namespace

void CheckNodeRules(RuleContext& context) {
  CheckFiles(context);
  CheckUsers(context);
  CheckPackages(context);
  CheckMountPaths(context);
  CheckRegistries(context);
  CheckCertificates(context);
}

}  // namespace reconciler::spec
