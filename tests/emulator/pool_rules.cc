#include "tests/emulator/pool_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/emulator/formula.h"
#include "tests/emulator/network_rules.h"
#include "tests/emulator/vm_size.h"

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool IsWindowsAgent(std::string_view agent) {
  return Lower(agent).find("windows") != std::string::npos;
}

Broken CheckVmSize(const std::string& size) {
  const auto underscore = size.find('_');
  const bool family = size.rfind("standard_", 0) == 0 || size.rfind("basic_", 0) == 0;
  const bool digit = size.find_first_of("0123456789", underscore) != std::string::npos;
  if (family && digit && std::all_of(size.begin(), size.end(), IsWordCharacter))
    return std::nullopt;
  return InvalidValue("vmSize", size,
                      fmt::format("The specified vmSize {} is not supported", size));
}

Broken CheckGalleryImage(const Context& context, const Json& image) {
  const std::string id = image.Text("virtualMachineImageId");
  if (id.empty()) return std::nullopt;
  const std::string lower = Lower(id);
  const bool gallery = lower.rfind("/subscriptions/", 0) == 0 &&
                       lower.find("/galleries/") != std::string::npos &&
                       lower.find("/images/") != std::string::npos;
  if (!gallery) {
    return InvalidValue("virtualMachineImageId", id,
                        "The value is not the id of an Azure Compute Gallery image");
  }
  if (context.config.switches.reject_gallery_images && !context.bearer) {
    return InvalidValue("virtualMachineImageId", id,
                        "Compute Gallery images need authentication with Microsoft Entra ID");
  }
  return std::nullopt;
}

Broken CheckMarketplaceImage(const Context& context, const Json& image, const std::string& agent) {
  const std::string publisher = image.Text("publisher"), offer = image.Text("offer"),
                    sku = image.Text("sku");
  const Image* const known = context.images.Find(publisher, offer, sku);
  const auto unsupported = [&](std::string reason) {
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "imageReference"}, {"Reason", std::move(reason)}}};
  };
  const std::string named = fmt::format(
      "The specified imageReference with publisher {} offer {} sku {}", publisher, offer, sku);
  if (known == nullptr) return unsupported(named + " is not supported.");
  if (context.config.switches.reject_end_of_life_images && known->end_of_life &&
      *known->end_of_life <= context.now) {
    return unsupported(named + " is past its end of life.");
  }
  if (!EqualsIgnoringCase(known->node_agent, agent)) {
    return InvalidValue("nodeAgentSKUId", agent,
                        fmt::format("{} needs the node agent SKU {}", named, known->node_agent));
  }
  return std::nullopt;
}

Broken CheckImage(const Context& context, const Json& vm) {
  const Json& image = *vm.Find("imageReference");
  const std::string agent = vm.Text("nodeAgentSKUId");
  int styles = 0;
  for (const char* const name :
       {"publisher", "virtualMachineImageId", "sharedGalleryImageId", "communityGalleryImageId"}) {
    if (image.Find(name) != nullptr) ++styles;
  }
  const bool marketplace = image.Find("publisher") != nullptr;
  const bool foreign =
      !marketplace && (image.Find("offer") != nullptr || image.Find("sku") != nullptr);
  if (styles != 1 || foreign) {
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "imageReference"},
                     {"Reason",
                      "Exactly one of publisher with offer and sku, virtualMachineImageId, "
                      "sharedGalleryImageId and communityGalleryImageId must be given."}}};
  }
  if (auto broken = CheckGalleryImage(context, image)) return broken;
  if (!context.images.KnowsAgent(agent)) {
    return ApiError{"NodeAgentSKUNotFound", {{"NodeAgentSKUId", agent}}};
  }
  return marketplace ? CheckMarketplaceImage(context, image, agent) : std::nullopt;
}

Broken CheckVirtualMachine(const Context& context, const Json& vm) {
  if (auto broken = CheckImage(context, vm)) return broken;
  if (vm.Find("windowsConfiguration") != nullptr && !IsWindowsAgent(vm.Text("nodeAgentSKUId"))) {
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "windowsConfiguration"},
                     {"Reason", "The property must not be given with a Linux image"}}};
  }
  if (vm.At({"diskEncryptionConfiguration", "customerManagedKey"}) != nullptr) {
    // Only the management plane gives a pool an identity. Source: recorded traffic, 2025-06-01.
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "identity"},
                     {"PropertyValue", std::nullopt},
                     {"Reason", "Pool Identity is required when using CustomerManagedKey."}}};
  }
  std::set<std::int64_t> luns;
  if (const Json* const disks = vm.Find("dataDisks")) {
    for (const Json& disk : *disks->AsList()) {
      const std::int64_t lun = *disk.Find("lun")->AsInteger();
      if (!luns.insert(lun).second) {
        return InvalidValue("lun", std::to_string(lun), "Each data disk needs a distinct lun");
      }
    }
  }
  return std::nullopt;
}

Broken CheckResourceFile(const Json& file) {
  int sources = 0;
  for (const char* const name : {"autoStorageContainerName", "storageContainerUrl", "httpUrl"}) {
    if (file.Find(name) != nullptr) ++sources;
  }
  if (sources != 1) {
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "resourceFiles"},
                     {"Reason",
                      "Exactly one of autoStorageContainerName, storageContainerUrl and httpUrl "
                      "must be given"}}};
  }
  if (file.Find("httpUrl") != nullptr && file.Find("filePath") == nullptr) {
    return MissingProperty("filePath");
  }
  if (file.Find("httpUrl") != nullptr && file.Find("blobPrefix") != nullptr) {
    return InvalidValue("blobPrefix", file.Text("blobPrefix"),
                        "The property is not valid with httpUrl");
  }
  return std::nullopt;
}

Broken CheckStartTask(const Json& task) {
  if (task.At({"userIdentity", "username"}) != nullptr &&
      task.At({"userIdentity", "autoUser"}) != nullptr) {
    return InvalidValue("userIdentity", task.At({"userIdentity"})->Text("username"),
                        "username and autoUser exclude each other");
  }
  if (const Json* const files = task.Find("resourceFiles")) {
    for (const Json& file : *files->AsList()) {
      if (auto broken = CheckResourceFile(file)) return broken;
    }
  }
  return std::nullopt;
}

Broken CheckMetadata(const Context& context, const Json::List& items) {
  std::size_t bytes = 0;
  for (const Json& item : items) {
    const std::string name = item.Text("name");
    if (name.empty()) return ApiError{"EmptyMetadataKey", {}};
    bytes += name.size() + item.Text("value").size();
  }
  const std::int64_t limit = context.config.switches.metadata_bytes_max;
  if (limit > 0 && bytes > static_cast<std::size_t>(limit)) {
    return ApiError{"MetadataTooLarge", {{"MaximumAllowed", std::to_string(limit)}}};
  }
  return std::nullopt;
}

Broken CheckUserAccounts(const Json::List& accounts) {
  for (const Json& account : accounts) {
    const Json* const linux_user = account.Find("linuxUserConfiguration");
    if (linux_user != nullptr &&
        (linux_user->Find("uid") == nullptr) != (linux_user->Find("gid") == nullptr)) {
      return InvalidValue("linuxUserConfiguration", account.Text("name"),
                          "uid and gid must be given together or not at all");
    }
  }
  return std::nullopt;
}

Broken CheckMounts(const Json::List& mounts) {
  for (const Json& mount : mounts) {
    if (mount.AsObject()->size() != 1) {
      return ApiError{"InvalidPropertyValue",
                      {{"PropertyName", "mountConfiguration"},
                       {"Reason", "Exactly one file system must be given per mount"}}};
    }
  }
  return std::nullopt;
}

/// The short name of `/subscriptions/.../applications/name`, or of a name that stands alone.
std::string ApplicationName(std::string_view id) {
  const auto slash = id.rfind('/');
  return Lower(slash == std::string_view::npos ? id : id.substr(slash + 1));
}

/// What is wrong with a reference to a declared application, or an empty text.
std::string PackageProblem(const std::vector<ApplicationConfig>& known, std::string_view id,
                           const std::string& version) {
  const auto application = std::find_if(
      known.begin(), known.end(),
      [&](const ApplicationConfig& other) { return Lower(other.id) == ApplicationName(id); });
  constexpr const char* kMissing = "The specified application package does not exist.";
  if (application == known.end()) return kMissing;
  const std::vector<std::string>& versions = application->versions;
  if (versions.empty()) return {};
  if (version.empty() && application->default_version.empty()) {
    return "The application has no default version.";
  }
  const std::string& named = version.empty() ? application->default_version : version;
  return std::find(versions.begin(), versions.end(), named) == versions.end() ? kMissing : "";
}

Broken CheckPackages(const Context& context, const Json::List& packages) {
  const bool long_ids = context.api_version >= "2024-07-01.20.0";
  ApiError missing{"InvalidApplicationPackageReferences", {}};
  for (const Json& package : packages) {
    const std::string id = package.Text("applicationId");
    const bool is_long = Lower(id).find("/applications/") != std::string::npos;
    if (long_ids && !is_long) {
      return InvalidValue("applicationId", id,
                          "The fully qualified id of the application is needed");
    }
    const auto& known = context.account.config().applications;
    if (!known) continue;
    std::string problem = PackageProblem(*known, id, package.Text("version"));
    if (!problem.empty()) missing.details.push_back({id, std::move(problem)});
  }
  return missing.details.empty() ? std::nullopt : Broken{missing};
}

Broken CheckUpgradePolicy(const Json& policy) {
  const Json* const rolling = policy.Find("rollingUpgradePolicy");
  if (rolling == nullptr) return std::nullopt;
  const std::int64_t batch = *rolling->Find("maxBatchInstancePercent")->AsInteger();
  const std::int64_t unhealthy = *rolling->Find("maxUnhealthyInstancePercent")->AsInteger();
  if (batch <= unhealthy) return std::nullopt;
  return InvalidValue("maxBatchInstancePercent", std::to_string(batch),
                      "The value must not exceed maxUnhealthyInstancePercent");
}

Broken CheckSlots(const Json& whole) {
  const std::int64_t slots = *whole.Find("taskSlotsPerNode")->AsInteger();
  const std::int64_t limit = std::min<std::int64_t>(4 * CoresOf(whole.Text("vmSize")), 256);
  if (slots <= limit) return std::nullopt;
  return InvalidValue("taskSlotsPerNode", std::to_string(slots),
                      fmt::format("The value must not exceed {} for this vmSize", limit));
}

}  // namespace

bool ValidPoolId(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), IsWordCharacter);
}

void FinishSettings(Json& settings) {
  if (const Json* const vm = settings.Find("virtualMachineConfiguration")) {
    const Json* const image = vm->Find("imageReference");
    if (image != nullptr && image->Find("publisher") != nullptr &&
        image->Find("version") == nullptr) {
      Json changed_image = *image, changed_vm = *vm;
      changed_image.Set("version", Json{std::string{"latest"}});
      changed_vm.Set("imageReference", std::move(changed_image));
      settings.Set("virtualMachineConfiguration", std::move(changed_vm));
    }
  }
}

std::optional<ApiError> FormulaProblem(const std::string& formula) {
  if (formula.size() > 8192) return ApiError{"AutoScalingFormulaTooLong", {}};
  if (const auto error = FormulaSyntaxError(formula)) {
    return ApiError{"AutoScalingFormulaSyntaxError", {{"Message", *error}}};
  }
  return std::nullopt;
}

std::optional<ApiError> BrokenRule(const Context& context, const Json& changed, const Json& whole) {
  Broken broken;
  const auto on = [&](const char* name, auto check) {
    const Json* const value = changed.Find(name);
    if (!broken && value != nullptr) broken = check(*value);
  };
  on("vmSize", [](const Json& v) { return CheckVmSize(*v.AsString()); });
  on("virtualMachineConfiguration", [&](const Json& v) { return CheckVirtualMachine(context, v); });
  on("networkConfiguration", [&](const Json& v) {
    Switches switches = context.config.switches;
    switches.reject_subnets = switches.reject_subnets && !context.bearer;
    return BrokenNetworkRule(v, switches);
  });
  on("startTask", [](const Json& v) { return CheckStartTask(v); });
  on("metadata", [&](const Json& v) { return CheckMetadata(context, *v.AsList()); });
  on("userAccounts", [](const Json& v) { return CheckUserAccounts(*v.AsList()); });
  on("mountConfiguration", [](const Json& v) { return CheckMounts(*v.AsList()); });
  on("upgradePolicy", [](const Json& v) { return CheckUpgradePolicy(v); });
  on("taskSlotsPerNode", [&](const Json&) { return CheckSlots(whole); });
  on("applicationPackageReferences",
     [&](const Json& v) { return CheckPackages(context, *v.AsList()); });
  return broken;
}

}  // namespace emulator
