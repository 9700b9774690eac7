#include "reconciler/plan/packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reconciler/core/text.h"

namespace reconciler::plan {
namespace {

/// The name of an application in this account; nullopt: it is another account's.
/// "/subscriptions/ID/.../batchAccounts/ACCOUNT/applications/NAME", or the name alone.
std::optional<std::string> NameInAccount(const std::string& id, std::string_view account) {
  if (id.find('/') == std::string::npos) return id;
  const std::string owner = FoldCase(fmt::format("/batchAccounts/{}/", account));
  if (FoldCase(id).find(owner) == std::string::npos) return std::nullopt;
  return id.substr(id.rfind('/') + 1);
}

const Application* FindApplication(const std::vector<Application>& applications,
                                   std::string_view name) {
  const auto found = std::find_if(
      applications.begin(), applications.end(),
      [name](const Application& application) { return EqualFolded(application.id, name); });
  return found == applications.end() ? nullptr : &*found;
}

std::string NoApplication(const std::string& name, std::string_view account,
                          const std::vector<Application>& applications) {
  std::vector<std::string_view> names;
  for (const Application& application : applications) names.push_back(application.id);
  const std::string nearest = NearestName(name, names);
  const std::string slip = nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
  return fmt::format("application '{}' has no package in account '{}'{}", name, account, slip);
}

bool HasVersion(const Application& application, std::string_view version) {
  if (version.empty() || application.versions.empty()) return true;
  return std::any_of(application.versions.begin(), application.versions.end(),
                     [version](const std::string& has) { return EqualFolded(has, version); });
}

}  // namespace

std::vector<MissingPackage> MissingPackages(const Value& spec_body, std::string_view account,
                                            const std::vector<Application>& applications) {
  std::vector<MissingPackage> missing;
  const Value* const references = spec_body.Find("applicationPackageReferences");
  if (references == nullptr || !references->IsArray()) return missing;
  for (std::size_t i = 0; i < references->AsArray().size(); ++i) {
    const Value& reference = references->AsArray()[i];
    const auto name = NameInAccount(std::string(reference.StringOr("applicationId")), account);
    if (!name) continue;
    const std::string path = fmt::format("applicationPackageReferences[{}].", i);
    const Application* const application = FindApplication(applications, *name);
    const std::string_view version = reference.StringOr("version");
    if (application == nullptr) {
      missing.push_back({path + "applicationId", NoApplication(*name, account, applications)});
    } else if (!HasVersion(*application, version)) {
      missing.push_back(
          {path + "version",
           fmt::format("application '{}' has no version '{}'; it has {}", application->id, version,
                       fmt::join(application->versions, ", "))});
    }
  }
  return missing;
}

}  // namespace reconciler::plan
