#include "reconciler/spec/known_slips.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reconciler/spec/validate.h"

namespace reconciler::spec {

namespace {

constexpr std::string_view kImageReference = "spec.virtualMachineConfiguration.imageReference";
constexpr std::string_view kExactVersion = "exactVersion";

/// Members of an answer that no request has.
bool IsToldByService(std::string_view path, std::string_view key) {
  constexpr std::array<std::string_view, 14> kOfPool = {"allocationState",
                                                        "allocationStateTransitionTime",
                                                        "autoScaleRun",
                                                        "creationTime",
                                                        "currentDedicatedNodes",
                                                        "currentLowPriorityNodes",
                                                        "currentNodeCommunicationMode",
                                                        "eTag",
                                                        "lastModified",
                                                        "resizeErrors",
                                                        "state",
                                                        "stateTransitionTime",
                                                        "stats",
                                                        "url"};
  if (key == kExactVersion) return path == "spec" || path == kImageReference;
  return path == "spec" && std::find(kOfPool.begin(), kOfPool.end(), key) != kOfPool.end();
}

}  // namespace

std::string ExplainKnownSlip(std::string_view path, std::string_view key) {
  if (path == "spec" && key == "cloudServiceConfiguration") {
    return "spec.cloudServiceConfiguration: retired by the service; write "
           "virtualMachineConfiguration with an imageReference instead";
  }
  if (path == "spec" && key == "id") return "spec.id: the id of the pool is metadata.name";
  if (path == "spec" && key == "identity") {
    return "spec.identity: the service takes identities only through the management plane";
  }
  if (key == "valueFrom" && path.starts_with("spec.startTask.environmentSettings")) {
    return fmt::format("unknown key 'valueFrom' in {}; write value: {{secretRef: NAME}}", path);
  }
  if (path == "spec" && (key == "targetSpotNodes" || key == "lowPriority" || key == "spotNodes")) {
    return fmt::format("unknown key '{}'; Spot nodes are targetLowPriorityNodes", key);
  }
  if (key == "urn" && path == "spec.virtualMachineConfiguration.imageReference") {
    return "unknown key 'urn'; write publisher, offer, sku and version, its four parts";
  }
  if (IsToldByService(path, key)) {
    const std::string_view home = key == kExactVersion ? kImageReference : path;
    return fmt::format("{}.{}: is told by the service and cannot be written; leave it out", home,
                       key);
  }
  if (path == "spec" && key == "maxTasksPerNode") {
    return "unknown key 'maxTasksPerNode'; the service calls it taskSlotsPerNode now";
  }
  if (path == "spec" && key == "applicationLicenses") {
    return "spec.applicationLicenses: the service takes them only through the management plane";
  }
  if (path.empty() && key == "properties") {
    return "unknown key 'properties'; in a spec they stand under 'spec'";
  }
  if (path.empty() && key == "id") return "unknown key 'id'; the id of the pool is metadata.name";
  return {};
}

std::string_view InOtherVersions(std::string_view path) {
  if (path == "virtualMachineConfiguration.dataDisks[].storageAccountType") {
    return "; write managedDisk.storageAccountType";
  }
  if (path == "virtualMachineConfiguration.dataDisks[].managedDisk") {
    return "; write storageAccountType beside lun";
  }
  return {};
}

std::string ExplainKnownValue(std::string_view path, const Node& value) {
  if (path == "policy.onReplace") {
    return fmt::format(
        "policy.onReplace: {} is not executed by this version; the only value is "
        "block",
        ShowValue(value));
  }
  if (path == "apiVersion") {
    return fmt::format("apiVersion: expected poolkeeper/v1, found {}", ShowValue(value));
  }
  return {};
}

std::string FindHome(const PropertyNode& parent, std::string_view key) {
  for (const PropertyNode& member : parent.members) {
    if (member.FindMember(key) != nullptr) return member.name;
  }
  return {};
}

bool IsMissedOtherwise(const Node& object, std::string_view path, std::string_view missing) {
  return path == "spec" && missing == "virtualMachineConfiguration" &&
         object.FindMember("cloudServiceConfiguration") != nullptr;
}

std::string DescribeMissing(const PropertyNode& row) {
  const std::string_view text = row.description;
  const std::size_t end = text.find_first_of(";:.");
  std::string clause(text.substr(0, end));
  if (clause.empty()) return "it is required";
  const char first = clause.front();
  const bool is_word = clause.size() > 1 && clause[1] >= 'a' && clause[1] <= 'z';
  if (first >= 'A' && first <= 'Z' && is_word)
    clause.front() = static_cast<char>(first - 'A' + 'a');
  return clause;
}

}  // namespace reconciler::spec
