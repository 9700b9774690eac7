#include "tests/emulator/config_file.h"

#include <charconv>

#include "tests/emulator/config_issuer.h"
#include "tests/emulator/config_reader.h"

namespace emulator {

namespace {

/// A name alone, or a mapping.
void ReadApplication(const YAML::Node& node, ApplicationConfig& application) {
  if (node.IsScalar()) {
    application.id = node.Scalar();
    return;
  }
  ReadMap(node, {{"id", Text(application.id)},
                 {"displayName", Text(application.display_name)},
                 {"versions", Texts(application.versions)},
                 {"defaultVersion", Text(application.default_version)}});
  if (application.id.empty()) throw Problem(node, "an application needs an id");
}

Reader ModesReader(AuthenticationModes& modes) {
  return [&modes](const YAML::Node& node) {
    std::vector<std::string> names;
    Texts(names)(node);
    modes = {false, false};
    for (const std::string& name : names) {
      if (name == "SharedKey") {
        modes.shared_key = true;
      } else if (name == "AAD") {
        modes.entra = true;
      } else if (name != "TaskAuthenticationToken") {
        throw Problem(node, "expected SharedKey, AAD or TaskAuthenticationToken");
      }
    }
  };
}

void ReadImage(const YAML::Node& node, ImageConfig& image) {
  ReadMap(node, {{"publisher", Text(image.publisher)},
                 {"offer", Text(image.offer)},
                 {"sku", Text(image.sku)},
                 {"nodeAgent", Text(image.node_agent)},
                 {"verified", Flag(image.verified)},
                 {"capabilities", Texts(image.capabilities)},
                 {"endOfLife", Text(image.end_of_life)},
                 {"listed", Flag(image.listed)}});
  if (image.publisher.empty() || image.offer.empty() || image.sku.empty() ||
      image.node_agent.empty()) {
    throw Problem(node, "an image needs publisher, offer, sku and nodeAgent");
  }
}

/// A number by each name.
Reader Counts(std::map<std::string, std::int64_t>& target) {
  return [&target](const YAML::Node& node) {
    if (!node.IsMap()) throw Problem(node, "expected a mapping");
    target.clear();
    for (const auto& entry : node) Count(target[entry.first.Scalar()])(entry.second);
  };
}

void ReadAccount(const YAML::Node& node, AccountConfig& account) {
  std::vector<ApplicationConfig> applications;
  ReadMap(node, {{"name", Text(account.name)},
                 {"keys", Texts(account.keys)},
                 {"allowedAuthenticationModes", ModesReader(account.modes)},
                 {"poolQuota", Count(account.pool_quota)},
                 {"dedicatedCoreQuota", Count(account.dedicated_core_quota)},
                 {"dedicatedCoreQuotaPerVMFamily", Counts(account.family_core_quotas)},
                 {"spotCoreQuota", Count(account.spot_core_quota)},
                 {"activeJobQuota", Count(account.active_job_quota)},
                 {"applications", List(applications, ReadApplication)},
                 {"images", List(account.images, ReadImage)},
                 {"serviceImages", Flag(account.service_images)}});
  if (node["applications"]) account.applications = applications;
}

Reader TimingsReader(Timings& timings) {
  return [&timings](const YAML::Node& node) {
    ReadMap(node, {{"resize", Time(timings.resize)},
                   {"stop", Time(timings.stop)},
                   {"deleteEmpty", Time(timings.delete_empty)},
                   {"deleteWithNodes", Time(timings.delete_with_nodes)},
                   {"nodeCreating", Time(timings.node_creating)},
                   {"nodeStarting", Time(timings.node_starting)},
                   {"startTask", Time(timings.start_task)},
                   {"nodeReboot", Time(timings.node_reboot)},
                   {"nodeReimage", Time(timings.node_reimage)},
                   {"nodeDeallocate", Time(timings.node_deallocate)},
                   {"job", Time(timings.job)},
                   {"task", Time(timings.task)},
                   {"preempted", Time(timings.preempted)},
                   {"nodesPerSecond", Scalar(timings.nodes_per_second, "a number")}});
  };
}

Reader SwitchesReader(Switches& switches) {
  return [&switches](const YAML::Node& node) {
    ReadMap(node, {{"rejectUnknownMembers", Flag(switches.reject_unknown_members)},
                   {"rejectRemovedMembers", Flag(switches.reject_removed_members)},
                   {"rejectUnknownSelect", Flag(switches.reject_unknown_select)},
                   {"updatePropertiesNeedsSteady", Flag(switches.update_properties_needs_steady)},
                   {"patchEmptyNeedsSteady", Flag(switches.patch_empty_needs_steady)},
                   {"dataDisksImmutable", Flag(switches.data_disks_immutable)},
                   {"metadataBytesMax", Count(switches.metadata_bytes_max)},
                   {"wrongStateCode", Text(switches.wrong_state_code)},
                   {"rejectEndOfLifeImages", Flag(switches.reject_end_of_life_images)},
                   {"rejectGalleryImages", Flag(switches.reject_gallery_images)},
                   {"rejectSubnets", Flag(switches.reject_subnets)},
                   {"requireContentLength", Flag(switches.require_content_length)},
                   {"usersWhileWaiting", Flag(switches.users_while_waiting)},
                   {"noLoginCode", Text(switches.no_login_code)},
                   {"noRoleCode", Text(switches.no_role_code)},
                   {"stripSas", Flag(switches.strip_sas)},
                   {"removeNodesNeedsFixedSize", Flag(switches.remove_nodes_needs_fixed_size)},
                   {"unknownPathCode", Text(switches.unknown_path_code)},
                   {"unknownNodeCode", Text(switches.unknown_node_code)},
                   {"autoScaleSettingsCode", Text(switches.auto_scale_settings_code)},
                   {"noAuthorizationCode", Text(switches.no_authorization_code)}});
  };
}

Reader LoginReader(LoginConfig& login) {
  return [&login](const YAML::Node& node) {
    ReadMap(node, {{"address", Text(login.address)},
                   {"port", Scalar(login.port, "a port")},
                   {"keysFolder", Text(login.keys_folder)}});
  };
}

}  // namespace

std::optional<std::chrono::milliseconds> ParseShortDuration(std::string_view text) {
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc{} || value < 0 || value > 1e9) return std::nullopt;
  const std::string_view unit(parsed.ptr,
                              static_cast<std::size_t>(text.data() + text.size() - parsed.ptr));
  if (unit == "s")
    value *= 1000;
  else if (unit == "m")
    value *= 60'000;
  else if (unit == "h")
    value *= 3'600'000;
  else if (unit != "ms")
    return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(value)};
}

std::variant<ServiceConfig, ConfigError> ReadConfig(const std::string& text,
                                                    const std::string& file_name,
                                                    ServiceConfig base) {
  const auto problem = ReadDocument(text, file_name, [&](const YAML::Node& root) {
    ReadMap(root, {{"accounts", List(base.accounts, ReadAccount)},
                   {"images", List(base.extra_images, ReadImage)},
                   {"timings", TimingsReader(base.timings)},
                   {"switches", SwitchesReader(base.switches)},
                   {"login", LoginReader(base.login)},
                   {"issuer", IssuerReader(base.issuer)},
                   {"startTaskFailurePercent", Scalar(base.start_task_failure_percent, "a number")},
                   {"verifySignatures", Flag(base.verify_signatures)},
                   {"seed", Scalar(base.seed, "a number")}});
    CheckGrants(root, base);
  });
  if (problem) return *problem;
  if (base.accounts.empty()) return ConfigError{file_name + ": at least one account is needed"};
  return base;
}

}  // namespace emulator
