// Everything about the emulated service that can be chosen.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/emulator/issuer_config.h"

namespace emulator {

/// Documented to everybody on purpose: 64 bytes 0x00 to 0x3F. Never use it for anything else.
inline constexpr char kWellKnownAccount[] = "demo";
inline constexpr char kWellKnownKey[] =
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";

/// An application and its packages.
struct ApplicationConfig {
  std::string id;
  std::string display_name;
  /// None: any version is taken to exist.
  std::vector<std::string> versions;
  /// What a reference without version means; empty: such a reference is refused where there are
  /// versions.
  std::string default_version;
};

/// `allowedAuthenticationModes` of an account.
struct AuthenticationModes {
  bool shared_key = true;
  bool entra = true;
};

struct ImageConfig {
  std::string publisher, offer, sku, node_agent;
  bool verified = true;
  std::vector<std::string> capabilities;
  /// `2026-01-31`, `+60d` from the start of the program, or empty.
  std::string end_of_life;
  bool listed = true;
};

struct AccountConfig {
  std::string name = kWellKnownAccount;
  /// Base64; any of them signs.
  std::vector<std::string> keys{kWellKnownKey};
  AuthenticationModes modes;
  std::int64_t pool_quota = 10'000;
  std::int64_t dedicated_core_quota = 100'000;
  std::int64_t spot_core_quota = 100'000;
  /// Dedicated cores by VM family ("standardDSv3Family", in any case); others have the quota of the
  /// account alone.
  std::map<std::string, std::int64_t> family_core_quotas;
  /// Jobs that are not completed, and job schedules.
  std::int64_t active_job_quota = 10'000;
  /// What package references may name; nothing: any application is taken to exist.
  std::optional<std::vector<ApplicationConfig>> applications;
  /// Beside those of the service; a row of the same triple replaces one of theirs.
  std::vector<ImageConfig> images;
  /// false: the account has `images` and no others, as in a region that has fewer.
  bool service_images = true;
};

/// How long things take, in service time.
struct Timings {
  std::chrono::milliseconds resize{2'000};
  std::chrono::milliseconds stop{2'000};
  std::chrono::milliseconds delete_empty{1'000};
  std::chrono::milliseconds delete_with_nodes{4'000};
  std::chrono::milliseconds node_creating{1'000};
  std::chrono::milliseconds node_starting{1'000};
  std::chrono::milliseconds start_task{1'000};
  std::chrono::milliseconds node_reboot{2'000};
  std::chrono::milliseconds node_reimage{3'000};
  std::chrono::milliseconds node_deallocate{2'000};
  /// A step of a job: from disabling to disabled, from deleting to gone, and so on.
  std::chrono::milliseconds job{1'000};
  /// What a task takes that does not tell.
  std::chrono::milliseconds task{1'000};
  /// A preempted node comes back after this time.
  std::chrono::milliseconds preempted{30'000};
  /// Nodes a pool gets per second after `resize`; 0: all at once.
  double nodes_per_second = 0;

  bool operator==(const Timings&) const = default;
};

/// Where the behaviour of the live service is not known, or a test wants it otherwise. Defaults are
/// the less friendly side.
struct Switches {
  bool reject_unknown_members = true;
  /// Members that 2025-06-01 dropped (resourceTags, targetNodeCommunicationMode,
  /// certificateReferences, storageAccountType of data disks).
  bool reject_removed_members = true;
  bool reject_unknown_select = true;
  /// updateproperties while the pool resizes or stops is 409 PoolBeingResized.
  bool update_properties_needs_steady = true;
  /// "Pool empty" of the wide PATCH also demands a steady pool.
  bool patch_empty_needs_steady = true;
  /// A PATCH may not change dataDisks even of an empty pool.
  bool data_disks_immutable = true;
  /// Bytes of all metadata names and values together.
  std::int64_t metadata_bytes_max = 4'096;
  /// 409 code where the state forbids an operation and the true code is not known.
  std::string wrong_state_code = "OperationInvalidForCurrentState";
  /// Recorded traffic accepts images past their end of life, the documentation refuses them.
  bool reject_end_of_life_images = false;
  /// The documentation wants Entra tokens for Compute Gallery images: callers with a key only.
  bool reject_gallery_images = false;
  /// Subnets cannot be looked up here: false takes any well-formed id. Callers with a key only.
  bool reject_subnets = false;
  /// 411 for a POST without Content-Length; some clients send none.
  bool require_content_length = false;
  /// A body that is not `application/json; odata=minimalmetadata`, by whatever further parameters,
  /// is 400 InvalidHeaderValue, one without a type 400 MissingRequiredHeader; codes inferred.
  bool reject_other_content_types = true;
  /// The documentation names idle and running as the states of a node that takes users; here also
  /// starttaskfailed, and with this waitingforstarttask.
  bool users_while_waiting = false;
  /// 409 code of remote login settings where a pool has no rule for it; the true one is not known.
  std::string no_login_code = "OperationNotValidOnNode";
  /// 403 code for the bearer of a good token who lacks the role; the true one is not known.
  std::string no_role_code = "AuthorizationFailure";
  /// What the query of a resource file's URL carries is not shown again.
  bool strip_sas = true;
  /// removenodes on a pool that scales automatically is 409.
  bool remove_nodes_needs_fixed_size = true;
  /// Nodes of both kinds in a pool with inter-node communication; 0: no limit. Source: Batch
  /// quotas: 100, with pools in the subscription of the user 80.
  std::int64_t inter_node_nodes_max = 100;
  /// provision usermanaged without ipAddressIds is 400, and the other way round.
  bool addresses_need_user_managed = true;
  /// Each of ipAddressIds serves 100 dedicated or 100 Spot nodes; false: 100 of each.
  bool address_serves_one_kind = true;
  /// A path that does not exist: this code, 404 ResourceNotFound or 400 InvalidUri.
  std::string unknown_path_code = "ResourceNotFound";
  /// removenodes of an unknown node: this code, 404 NodeNotFound or 400 InvalidPropertyValue.
  std::string unknown_node_code = "NodeNotFound";
  /// Targets together with autoscale: this code, or InvalidPropertyValue, both 400.
  std::string auto_scale_settings_code = "InvalidAutoScalingSettings";
  /// Without Authorization: this code, 401 AuthenticationFailed or 400 MissingRequiredHeader.
  std::string no_authorization_code = "AuthenticationFailed";

  /// An explicit null for an optional member is 400 InvalidPropertyValue; false: as if it was not
  /// there.
  bool reject_null_members = false;
  /// How the result of a formula becomes a number of nodes: down, nearest or up.
  std::string formula_rounding = "down";
  /// stopresize of a pool that scales automatically is 409.
  bool stop_resize_needs_fixed_size = false;
  /// A longer resizeTimeout is 400; 0: no limit.
  std::int64_t resize_timeout_hours_max = 168;
  /// An image with the node agent of another one is 400.
  bool reject_other_agents = true;
  /// At 2025-06-01 the objects of a PATCH need the members that a create needs; false: the items of
  /// lists alone do, and what else is left out stays out.
  bool patch_requires_nested = true;

  bool operator==(const Switches&) const = default;
};

/// Where people log in to the nodes.
struct LoginConfig {
  /// Takes the place of the public address and the NAT port of every node; empty: made-up ones.
  std::string address;
  std::uint16_t port = 22;  // only with an address
  /// Folder into which the server writes the public keys of node users as sshd reads them:
  /// `<pool>/<node>/<user>`. Empty: none.
  std::string keys_folder;
};

/// A user of a node was added or replaced (`key` perhaps empty) or is gone (no `key`).
struct NodeUserChange {
  std::string pool, node, user;
  std::optional<std::string> key;
};

struct ServiceConfig {
  std::vector<AccountConfig> accounts{AccountConfig{}};
  /// false: any caller is taken at its word; the account is the one that Authorization names, else
  /// the first label of Host, else the first account.
  bool verify_signatures = true;
  IssuerConfig issuer;
  Timings timings;
  Switches switches;
  /// Added to the built-in images.
  std::vector<ImageConfig> extra_images;
  double start_task_failure_percent = 0;
  std::uint64_t seed = 1;
  /// `scheme://authority` put into links; empty: `scheme` and the Host header.
  std::string endpoint;
  std::string scheme = "http";
  LoginConfig login;
  /// Called inside the request that changes a user.
  std::function<void(const NodeUserChange&)> on_node_user;
};

}  // namespace emulator
