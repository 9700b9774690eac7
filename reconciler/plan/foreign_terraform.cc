// azurerm_batch_pool of Terraform. Source: the schema of the provider's resource.
#include <algorithm>
#include <array>

#include "reconciler/plan/foreign_moves.h"
#include "reconciler/plan/foreign_tools.h"

namespace reconciler::plan {
namespace {

constexpr const char* kIdentity = "identities of a pool are set by the management plane alone";
constexpr const char* kOfTheAccount = "the configuration names the account";
constexpr const char* kOfTerraform = "a setting of Terraform itself";

constexpr Move kImage[] = {{"id", "virtualMachineImageId"},
                           {"publisher", "publisher"},
                           {"offer", "offer"},
                           {"sku", "sku"},
                           {"version", "version"}};

constexpr Move kRegistry[] = {{"registry_server", "registryServer"},
                              {"user_name", "username"},
                              {"password", "password"},
                              {"user_assigned_identity_id", "identityReference", How::kResource}};

constexpr Move kContainers[] = {
    {"type", "type"},
    {"container_image_names", "containerImageNames"},
    {"container_registries", "containerRegistries", How::kBlocks, kRegistry}};

constexpr Move kDataDisk[] = {{"lun", "lun"},
                              {"caching", "caching"},
                              {"disk_size_gb", "diskSizeGB"},
                              {"storage_account_type", "managedDisk.storageAccountType"}};

constexpr Move kExtension[] = {{"name", "name"},
                               {"publisher", "publisher"},
                               {"type", "type"},
                               {"type_handler_version", "typeHandlerVersion"},
                               {"auto_upgrade_minor_version", "autoUpgradeMinorVersion"},
                               {"automatic_upgrade_enabled", "enableAutomaticUpgrade"},
                               {"settings_json", "settings", How::kJson},
                               {"protected_settings", "protectedSettings"},
                               {"provision_after_extensions", "provisionAfterExtensions"}};

constexpr Move kFixed[] = {
    {"node_deallocation_method", "write policy.resize.nodeDeallocationOption", How::kNoPlace},
    {"resize_timeout", "resizeTimeout"},
    {"target_dedicated_nodes", "targetDedicatedNodes"},
    {"target_low_priority_nodes", "targetLowPriorityNodes"}};

constexpr Move kAuto[] = {{"evaluation_interval", "autoScaleEvaluationInterval"},
                          {"formula", "autoScaleFormula"}};

constexpr Move kRule[] = {{"access", "access"},
                          {"priority", "priority"},
                          {"source_address_prefix", "sourceAddressPrefix"},
                          {"source_port_ranges", "sourcePortRanges"}};

constexpr Move kNatPool[] = {
    {"name", "name"},
    {"protocol", "protocol"},
    {"backend_port", "backendPort"},
    {"frontend_port_range", "", How::kPortRange},
    {"network_security_group_rules", "networkSecurityGroupRules", How::kBlocks, kRule}};

constexpr Move kNetwork[] = {
    {"subnet_id", "subnetId"},
    {"dynamic_vnet_assignment_scope", "dynamicVNetAssignmentScope"},
    {"accelerated_networking_enabled", "enableAcceleratedNetworking"},
    {"endpoint_configuration", "endpointConfiguration.inboundNATPools", How::kBlocks, kNatPool},
    {"public_ips", "publicIPAddressConfiguration.ipAddressIds"},
    {"public_address_provisioning_type", "publicIPAddressConfiguration.provision"}};

constexpr Move kAutoUser[] = {{"elevation_level", "elevationLevel"}, {"scope", "scope"}};
constexpr Move kUserIdentity[] = {{"user_name", "username"},
                                  {"auto_user", "autoUser", How::kBlock, kAutoUser}};

constexpr Move kResourceFile[] = {
    {"auto_storage_container_name", "autoStorageContainerName"},
    {"blob_prefix", "blobPrefix"},
    {"file_mode", "fileMode"},
    {"file_path", "filePath"},
    {"http_url", "httpUrl"},
    {"storage_container_url", "storageContainerUrl"},
    {"user_assigned_identity_id", "identityReference", How::kResource}};

constexpr Move kTaskContainer[] = {{"image_name", "imageName"},
                                   {"run_options", "containerRunOptions"},
                                   {"working_directory", "workingDirectory"},
                                   {"registry", "registry", How::kBlock, kRegistry}};

constexpr Move kStartTask[] = {
    {"command_line", "commandLine"},
    {"common_environment_properties", "environmentSettings", How::kPairs},
    {"task_retry_maximum", "maxTaskRetryCount"},
    {"wait_for_success", "waitForSuccess"},
    {"user_identity", "userIdentity", How::kBlock, kUserIdentity},
    {"resource_file", "resourceFiles", How::kBlocks, kResourceFile},
    {"container", "containerSettings", How::kBlock, kTaskContainer}};

constexpr Move kBlob[] = {{"account_name", "accountName"},
                          {"container_name", "containerName"},
                          {"relative_mount_path", "relativeMountPath"},
                          {"account_key", "accountKey"},
                          {"sas_key", "sasKey"},
                          {"identity_id", "identityReference", How::kResource},
                          {"blobfuse_options", "blobfuseOptions"}};
constexpr Move kShare[] = {{"account_name", "accountName"},
                           {"account_key", "accountKey"},
                           {"azure_file_url", "azureFileUrl"},
                           {"relative_mount_path", "relativeMountPath"},
                           {"mount_options", "mountOptions"}};
constexpr Move kCifs[] = {{"user_name", "username"},
                          {"password", "password"},
                          {"source", "source"},
                          {"relative_mount_path", "relativeMountPath"},
                          {"mount_options", "mountOptions"}};
constexpr Move kNfs[] = {{"source", "source"},
                         {"relative_mount_path", "relativeMountPath"},
                         {"mount_options", "mountOptions"}};
constexpr Move kMount[] = {
    {"azure_blob_file_system", "azureBlobFileSystemConfiguration", How::kBlock, kBlob},
    {"azure_file_share", "azureFileShareConfiguration", How::kBlock, kShare},
    {"cifs_mount", "cifsMountConfiguration", How::kBlock, kCifs},
    {"nfs_mount", "nfsMountConfiguration", How::kBlock, kNfs}};

constexpr Move kLinuxUser[] = {
    {"uid", "uid"}, {"gid", "gid"}, {"ssh_private_key", "sshPrivateKey"}};
constexpr Move kWindowsUser[] = {{"login_mode", "loginMode"}};
constexpr Move kUser[] = {
    {"name", "name"},
    {"password", "password"},
    {"elevation_level", "elevationLevel"},
    {"linux_user_configuration", "linuxUserConfiguration", How::kBlock, kLinuxUser},
    {"windows_user_configuration", "windowsUserConfiguration", How::kBlock, kWindowsUser}};

constexpr Move kSecurity[] = {{"host_encryption_enabled", "encryptionAtHost"},
                              {"security_type", "securityType"},
                              {"secure_boot_enabled", "uefiSettings.secureBootEnabled"},
                              {"vtpm_enabled", "uefiSettings.vTpmEnabled"}};

constexpr Move kDiskEncryption[] = {{"disk_encryption_target", "target"}};
constexpr Move kPlacement[] = {{"policy", "policy"}};
constexpr Move kWindows[] = {{"enable_automatic_updates", "enableAutomaticUpdates"}};
constexpr Move kScheduling[] = {{"node_fill_type", "nodeFillType"}};

constexpr Move kPool[] = {
    {"name", "id"},
    {"display_name", "displayName"},
    {"vm_size", "vmSize"},
    {"storage_image_reference", "virtualMachineConfiguration.imageReference", How::kBlock, kImage},
    {"node_agent_sku_id", "virtualMachineConfiguration.nodeAgentSKUId"},
    {"license_type", "virtualMachineConfiguration.licenseType"},
    {"os_disk_placement", "virtualMachineConfiguration.osDisk.ephemeralOSDiskSettings.placement"},
    {"container_configuration", "virtualMachineConfiguration.containerConfiguration", How::kBlock,
     kContainers},
    {"data_disks", "virtualMachineConfiguration.dataDisks", How::kBlocks, kDataDisk},
    {"disk_encryption", "diskEncryption", How::kBlocks, kDiskEncryption},
    {"extensions", "virtualMachineConfiguration.extensions", How::kBlocks, kExtension},
    {"node_placement", "virtualMachineConfiguration.nodePlacementConfiguration", How::kBlock,
     kPlacement},
    {"security_profile", "virtualMachineConfiguration.securityProfile", How::kBlock, kSecurity},
    {"windows", "virtualMachineConfiguration.windowsConfiguration", How::kBlock, kWindows},
    {"max_tasks_per_node", "taskSlotsPerNode"},
    {"inter_node_communication", "enableInterNodeCommunication", How::kEnabled},
    {"target_node_communication_mode", "targetNodeCommunicationMode"},
    {"fixed_scale", "", How::kBlock, kFixed},
    {"auto_scale", "", How::kBlock, kAuto},
    {"network_configuration", "networkConfiguration", How::kBlock, kNetwork},
    {"start_task", "startTask", How::kBlock, kStartTask},
    {"task_scheduling_policy", "taskSchedulingPolicy", How::kBlock, kScheduling},
    {"user_accounts", "userAccounts", How::kBlocks, kUser},
    {"mount", "mountConfiguration", How::kBlocks, kMount},
    {"metadata", "metadata", How::kPairs},
    {"identity", kIdentity, How::kNoPlace},
    {"account_name", kOfTheAccount, How::kNoPlace},
    {"resource_group_name", kOfTheAccount, How::kNoPlace},
    {"certificate", "certificates are retired by the service", How::kNoPlace},
    {"stop_pending_resize_operation", "write policy.resize.onPending: stop", How::kNoPlace},
    {"id", "the id of the resource; the pool's is its name", How::kNoPlace},
    {"timeouts", kOfTerraform, How::kNoPlace}};

/// What takes more than moving.
void Complete(Value& body) {
  if (body.Find("autoScaleFormula") != nullptr) body.Set("enableAutoScale", true);
  Value* encryption = body.Find("diskEncryption");
  if (encryption == nullptr) return;
  Array targets;
  for (const Value& item : encryption->AsArray()) {
    if (const Value* target = item.Find("target")) targets.push_back(*target);
  }
  Value& machine = *body.Find("virtualMachineConfiguration");
  machine.Set("diskEncryptionConfiguration", Object{{"targets", std::move(targets)}});
  body.Erase("diskEncryption");
}

void Add(const Value& attributes, std::vector<ForeignPool>& pools) {
  ForeignPool pool;
  pool.body = Carry(attributes, kPool, "", pool.left_out);
  if (pool.body.Find("virtualMachineConfiguration") == nullptr) {
    pool.body.Set("virtualMachineConfiguration", Object{});
  }
  Complete(pool.body);
  pools.push_back(std::move(pool));
}

/// Not one that is only looked up, which is somebody else's.
bool IsPool(const Value& resource) {
  return resource.StringOr("type") == "azurerm_batch_pool" && resource.StringOr("mode") != "data";
}

/// Of `terraform show -json`: a module and those below it.
void AddModule(const Value& module, std::vector<ForeignPool>& pools) {
  if (const Value* resources = module.Find("resources"); resources && resources->IsArray()) {
    for (const Value& resource : resources->AsArray()) {
      const Value* values = resource.Find("values");
      if (IsPool(resource) && values != nullptr) Add(*values, pools);
    }
  }
  const Value* below = module.Find("child_modules");
  if (below == nullptr || !below->IsArray()) return;
  for (const Value& child : below->AsArray()) AddModule(child, pools);
}

}  // namespace

FoundPools ReadTerraformPools(const Value& document) {
  std::vector<ForeignPool> pools;
  if (const Value* module = document.FindPath("values.root_module")) {
    AddModule(*module, pools);
    return pools;
  }
  const Value* resources = document.Find("resources");
  if (document.Find("terraform_version") == nullptr || resources == nullptr) return std::nullopt;
  if (!resources->IsArray()) return std::nullopt;
  for (const Value& resource : resources->AsArray()) {
    const Value* instances = resource.Find("instances");
    if (!IsPool(resource) || instances == nullptr || !instances->IsArray()) continue;
    for (const Value& instance : instances->AsArray()) {
      // One that is deposed waits for its deletion; another has taken its place.
      if (instance.Find("deposed") != nullptr) continue;
      if (const Value* attributes = instance.Find("attributes")) Add(*attributes, pools);
    }
  }
  return pools;
}

}  // namespace reconciler::plan
