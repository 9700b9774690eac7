// The other side of every switch: the suites run on both.
#pragma once

#include <cstdlib>
#include <string_view>

#include "tests/emulator/service_config.h"

namespace emulator {

/// Each switch away from its default, but for requireContentLength: requests in process have none.
/// A new switch does not compile here before it has a line.
inline Switches OtherSide() {
  Switches switches;
  auto& [unknown_members, removed_members, unknown_select, update_steady, patch_steady, data_disks,
         metadata_bytes, wrong_state, end_of_life, gallery, subnets, content_length, content_types,
         users, no_login, no_role, strip_sas, remove_nodes, inter_node_nodes,
         addresses_need_user_managed, address_serves_one_kind, unknown_path, unknown_node,
         auto_scale_settings, no_authorization, null_members, rounding, stop_resize, resize_timeout,
         other_agents, patch_nested] = switches;
  unknown_members = removed_members = unknown_select = false;
  update_steady = patch_steady = data_disks = strip_sas = remove_nodes = false;
  other_agents = patch_nested = false;
  addresses_need_user_managed = address_serves_one_kind = false;
  metadata_bytes = inter_node_nodes = resize_timeout = 0;
  wrong_state = "OperationNotValidOnPool";
  end_of_life = gallery = subnets = users = null_members = stop_resize = true;
  content_length = content_types = false;
  no_login = "OperationInvalidForCurrentState";
  rounding = "up";
  no_role = "AuthenticationFailed";
  no_authorization = "MissingRequiredHeader";
  unknown_path = "InvalidUri";
  unknown_node = auto_scale_settings = "InvalidPropertyValue";
  return switches;
}

/// The side that EMULATOR_SWITCHES names: `other`, else the default. A case that is about one side
/// of a switch sets it.
inline Switches SwitchesOfRun() {
  const char* const side = std::getenv("EMULATOR_SWITCHES");  // NOLINT(concurrency-mt-unsafe)
  return side != nullptr && std::string_view{side} == "other" ? OtherSide() : Switches{};
}

}  // namespace emulator
