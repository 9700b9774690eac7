// What the user of the installed service may read, seen by root: its unit has a user that exists
// only while it runs (DynamicUser), and hides folders from it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/secret_source.h"
#include "reconciler/core/ports.h"

namespace reconciler::daemon {

/// "ProtectHome hides /home"; empty: the unit hides nothing that `path` lies in. The path is
/// absolute.
std::string HiddenByUnit(std::string_view path);

struct ServiceTrouble {
  std::string detail;
  std::string fix;
};
/// Why the service would not read what is listed of a tree; nullopt: it would.
std::optional<ServiceTrouble> TroubleWithSpecs(const FileTree& tree, const TreeListing& listing);
/// The part of it that modes decide. `root`: absolute, without links.
std::optional<ServiceTrouble> TroubleWithModes(const std::string& root, const TreeListing& listing);
/// Why the service would not read one file, such as the configuration.
std::optional<ServiceTrouble> TroubleWithFile(const std::string& path);
/// Why the service would not read a secret that root may read. `name`: a name for its credential.
std::optional<ServiceTrouble> TroubleWithSecret(const SecretLocation& location,
                                                const std::string& name);
/// Why the service could not keep anything in `folder`; nullopt: its unit lets it.
std::optional<ServiceTrouble> TroubleWithPlaceOfState(const std::string& folder);
/// Why the service would not read what others than its user keep in the state folder.
std::optional<ServiceTrouble> TroubleWithStateFiles(const std::string& folder);

/// Whether root asks, and the unit that reads `config_file` is installed.
bool AsksForService(std::string_view config_file);

}  // namespace reconciler::daemon
