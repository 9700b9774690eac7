#include "tests/emulator/config_file.h"

#include <charconv>

#include "tests/emulator/config_account.h"
#include "tests/emulator/config_issuer.h"
#include "tests/emulator/config_reader.h"

namespace emulator {

namespace {

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
                   {"nodesPerSecond",
                    Within(timings.nodes_per_second, 0.0, 1e6, "a number, 0 or more")}});
  };
}

Reader SwitchesReader(Switches& switches) {
  return [&switches](const YAML::Node& node) {
    ReadMap(
        node,
        {{"rejectUnknownMembers", Flag(switches.reject_unknown_members)},
         {"rejectRemovedMembers", Flag(switches.reject_removed_members)},
         {"rejectUnknownSelect", Flag(switches.reject_unknown_select)},
         {"updatePropertiesNeedsSteady", Flag(switches.update_properties_needs_steady)},
         {"patchEmptyNeedsSteady", Flag(switches.patch_empty_needs_steady)},
         {"dataDisksImmutable", Flag(switches.data_disks_immutable)},
         {"metadataBytesMax", Amount(switches.metadata_bytes_max)},
         {"wrongStateCode", OneOf(switches.wrong_state_code,
                                  {"OperationInvalidForCurrentState", "OperationNotValidOnPool"})},
         {"rejectEndOfLifeImages", Flag(switches.reject_end_of_life_images)},
         {"rejectGalleryImages", Flag(switches.reject_gallery_images)},
         {"rejectSubnets", Flag(switches.reject_subnets)},
         {"rejectOtherContentTypes", Flag(switches.reject_other_content_types)},
         {"requireContentLength", Flag(switches.require_content_length)},
         {"usersWhileWaiting", Flag(switches.users_while_waiting)},
         {"noLoginCode", OneOf(switches.no_login_code,
                               {"OperationNotValidOnNode", "OperationInvalidForCurrentState"})},
         {"noRoleCode",
          OneOf(switches.no_role_code, {"AuthorizationFailure", "AuthenticationFailed"})},
         {"stripSas", Flag(switches.strip_sas)},
         {"removeNodesNeedsFixedSize", Flag(switches.remove_nodes_needs_fixed_size)},
         {"interNodeNodesMax", Amount(switches.inter_node_nodes_max)},
         {"addressesNeedUserManaged", Flag(switches.addresses_need_user_managed)},
         {"addressServesOneKind", Flag(switches.address_serves_one_kind)},
         {"unknownPathCode", OneOf(switches.unknown_path_code, {"ResourceNotFound", "InvalidUri"})},
         {"unknownNodeCode",
          OneOf(switches.unknown_node_code, {"NodeNotFound", "InvalidPropertyValue"})},
         {"autoScaleSettingsCode", OneOf(switches.auto_scale_settings_code,
                                         {"InvalidAutoScalingSettings", "InvalidPropertyValue"})},
         {"noAuthorizationCode",
          OneOf(switches.no_authorization_code, {"AuthenticationFailed", "MissingRequiredHeader"})},
         {"rejectNullMembers", Flag(switches.reject_null_members)},
         {"formulaRounding", OneOf(switches.formula_rounding, {"down", "nearest", "up"})},
         {"stopResizeNeedsFixedSize", Flag(switches.stop_resize_needs_fixed_size)},
         {"resizeTimeoutHoursMax", Amount(switches.resize_timeout_hours_max)},
         {"rejectOtherAgents", Flag(switches.reject_other_agents)},
         {"patchRequiresNested", Flag(switches.patch_requires_nested)}});
  };
}

Reader LoginReader(LoginConfig& login) {
  return [&login](const YAML::Node& node) {
    ReadMap(node, {{"address", Text(login.address)},
                   {"port", Within<std::uint16_t>(login.port, 1, 65535, "a port from 1 to 65535")},
                   {"keysFolder", Text(login.keys_folder)}});
    if (node["port"] && login.address.empty()) {
      throw Problem(node["port"], "a port needs an address beside it");
    }
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
    ReadMap(root, {{"accounts", AccountsReader(base.accounts)},
                   {"images", ImagesReader(base.extra_images)},
                   {"timings", TimingsReader(base.timings)},
                   {"switches", SwitchesReader(base.switches)},
                   {"login", LoginReader(base.login)},
                   {"issuer", IssuerReader(base.issuer)},
                   {"startTaskFailurePercent",
                    Within(base.start_task_failure_percent, 0.0, 100.0, "a number from 0 to 100")},
                   {"verifySignatures", Flag(base.verify_signatures)},
                   {"seed", Scalar(base.seed, "a number, 0 or more")}});
    CheckGrants(root, base);
  });
  if (problem) return *problem;
  if (base.accounts.empty())
    return ConfigError{file_name + ": at least one account is needed under 'accounts'"};
  return base;
}

}  // namespace emulator
