#include "tests/emulator/pool_rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "tests/emulator/disk_rules.h"
#include "tests/emulator/formula.h"
#include "tests/emulator/image_rules.h"
#include "tests/emulator/network_rules.h"
#include "tests/emulator/package_rules.h"
#include "tests/emulator/security_rules.h"
#include "tests/emulator/start_task_rules.h"
#include "tests/emulator/upgrade_rules.h"
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

Broken CheckVirtualMachine(const Context& context, const Json& vm) {
  if (auto broken = BrokenImageRule(context, vm)) return broken;
  const bool windows = IsWindowsAgent(vm.Text("nodeAgentSKUId"));
  if (vm.Find("windowsConfiguration") != nullptr && !windows) {
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "windowsConfiguration"},
                     {"Reason", "The property must not be given with a Linux image"}}};
  }
  if (auto broken = BrokenDiskRule(vm, windows)) return broken;
  const Json* const security = vm.Find("securityProfile");
  return security == nullptr ? std::nullopt : BrokenSecurityRule(*security);
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

/// Source: Batch REST, CertificateReference.thumbprintAlgorithm.
Broken CheckCertificates(const Json::List& certificates) {
  for (const Json& certificate : certificates) {
    const std::string algorithm = certificate.Text("thumbprintAlgorithm");
    if (!EqualsIgnoringCase(algorithm, "sha1")) {
      return InvalidValue("thumbprintAlgorithm", algorithm, "The algorithm must be sha1");
    }
  }
  return std::nullopt;
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
  on("startTask", [](const Json& v) { return BrokenStartTaskRule(v); });
  on("metadata", [&](const Json& v) { return CheckMetadata(context, *v.AsList()); });
  on("userAccounts", [](const Json& v) { return CheckUserAccounts(*v.AsList()); });
  on("mountConfiguration", [](const Json& v) { return CheckMounts(*v.AsList()); });
  on("upgradePolicy", [&](const Json&) { return BrokenUpgradeRule(whole); });
  on("virtualMachineConfiguration", [&](const Json&) { return BrokenUpgradeRule(whole); });
  on("certificateReferences", [](const Json& v) { return CheckCertificates(*v.AsList()); });
  on("taskSlotsPerNode", [&](const Json&) { return CheckSlots(whole); });
  on("applicationPackageReferences",
     [&](const Json& v) { return BrokenPackageRule(context, *v.AsList()); });
  return broken;
}

}  // namespace emulator
