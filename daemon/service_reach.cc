#include "daemon/service_reach.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "daemon/config.h"
#include "daemon/posix.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

struct Hiding {
  std::string_view folder;
  std::string_view setting;
};
// Source: systemd.exec(5), ProtectHome= and PrivateTmp=.
constexpr std::array<Hiding, 5> kHidings = {{{"/home", "ProtectHome"},
                                             {"/root", "ProtectHome"},
                                             {"/run/user", "ProtectHome"},
                                             {"/tmp", "PrivateTmp"},
                                             {"/var/tmp", "PrivateTmp"}}};

// Source: systemd.unit(5), "System Unit Search Path".
constexpr std::array<const char*, 5> kUnitFolders = {
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system"};

/// StateDirectory of the unit, and where systemd keeps it for a user of DynamicUser.
constexpr std::array<const char*, 2> kStateFolders = {"/var/lib/poolkeeper",
                                                      "/var/lib/private/poolkeeper"};

constexpr std::string_view kCredentials = "/run/credentials";

constexpr unsigned kEnter = S_IROTH | S_IXOTH;

struct Closed {
  std::string path;
  unsigned mode = 0;
};

/// `wanted` of the bits that others have; what is gone meanwhile is not closed.
std::optional<Closed> ClosedToOthers(const std::string& path, unsigned wanted) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || (info.st_mode & wanted) == wanted) return std::nullopt;
  return Closed{path, info.st_mode & 07777U};
}

std::string Describe(const Closed& closed) {
  return fmt::format("{} (mode {:04o})", closed.path, closed.mode);
}

/// The outermost folder above `root` that others may not pass.
std::optional<Closed> ClosedAbove(const std::string& root) {
  std::optional<Closed> outermost;
  for (fs::path at = fs::path(root).parent_path(); !at.empty(); at = at.parent_path()) {
    if (auto closed = ClosedToOthers(at.string(), S_IXOTH)) outermost = std::move(closed);
    if (at == at.parent_path()) break;
  }
  return outermost;
}

/// Of the tree: its folders first, then its files.
std::vector<Closed> ClosedWithin(const std::string& root, const TreeListing& listing) {
  std::set<std::string> folders{""};
  for (const FileStamp& file : listing.files) {
    for (fs::path at = fs::path(file.path).parent_path(); !at.empty(); at = at.parent_path()) {
      if (!folders.insert(at.string()).second) break;
    }
  }
  std::vector<Closed> all;
  const auto look = [&](const std::string& path, unsigned wanted) {
    const std::string whole = path.empty() ? root : root + "/" + path;
    if (auto closed = ClosedToOthers(whole, wanted)) all.push_back(std::move(*closed));
  };
  for (const std::string& folder : folders) look(folder, kEnter);
  for (const FileStamp& file : listing.files) look(file.path, S_IROTH);
  return all;
}

ServiceTrouble CannotRead(const std::string& what, std::string fix) {
  return {"the user of the service (DynamicUser in its unit) cannot read " + what, std::move(fix)};
}

bool IsWithin(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace

std::string HiddenByUnit(std::string_view path) {
  for (const Hiding& hiding : kHidings) {
    if (IsWithin(path, hiding.folder))
      return fmt::format("{} hides {}", hiding.setting, hiding.folder);
  }
  return {};
}

std::optional<ServiceTrouble> TroubleWithSpecs(const FileTree& tree, const TreeListing& listing) {
  std::error_code failed;
  const std::string root = fs::canonical(tree.Root(), failed).string();
  if (failed) return std::nullopt;  // the look at the specs says so
  if (const std::string hidden = HiddenByUnit(root); !hidden.empty()) {
    return ServiceTrouble{
        fmt::format("the service does not see {}: in its unit {}", root, hidden),
        "move the specs to a folder that it sees, such as /etc/poolkeeper/specs or /srv, and name "
        "that as source.path"};
  }
  return TroubleWithModes(root, listing);
}

std::optional<ServiceTrouble> TroubleWithModes(const std::string& root,
                                               const TreeListing& listing) {
  if (const auto above = ClosedAbove(root)) {
    return CannotRead(fmt::format("below {}", Describe(*above)),
                      fmt::format("`chmod o+x {}`, or move the specs to /etc/poolkeeper/specs or "
                                  "/srv and name that as source.path",
                                  above->path));
  }
  const std::vector<Closed> within = ClosedWithin(root, listing);
  if (within.empty()) return std::nullopt;
  const std::string more =
      within.size() > 1 ? fmt::format(" and {} more", within.size() - 1) : std::string();
  return CannotRead(Describe(within.front()) + more,
                    fmt::format("let others read them: `chmod -R o+rX {}`", root));
}

std::optional<ServiceTrouble> TroubleWithFile(const std::string& path) {
  if (const auto above = ClosedAbove(path)) {
    return CannotRead(fmt::format("below {}", Describe(*above)),
                      fmt::format("`chmod o+x {}`", above->path));
  }
  if (const auto closed = ClosedToOthers(path, S_IROTH)) {
    return CannotRead(Describe(*closed), fmt::format("`chmod o+r {}`", path));
  }
  return std::nullopt;
}

std::optional<ServiceTrouble> TroubleWithSecret(const SecretLocation& location,
                                                const std::string& name) {
  if (!location.credential.empty() || IsWithin(location.file, kCredentials)) return std::nullopt;
  return CannotRead(location.file,
                    fmt::format("hand it over as a credential: `systemctl edit poolkeeper`, "
                                "[Service] LoadCredential={}:{}, and name that in the "
                                "configuration: {{credential: {}}}",
                                name, location.file, name));
}

std::optional<ServiceTrouble> TroubleWithPlaceOfState(const std::string& folder) {
  const std::string place = fs::path(folder).lexically_normal().string();
  for (const char* own : kStateFolders) {
    if (IsWithin(place, own)) return std::nullopt;
  }
  return ServiceTrouble{fmt::format("the service cannot write {}: in its unit ProtectSystem leaves "
                                    "it {} alone",
                                    folder, kStateFolders.front()),
                        "leave `state` out of the configuration"};
}

std::optional<ServiceTrouble> TroubleWithStateFiles(const std::string& folder) {
  struct stat owner {};
  if (::stat(folder.c_str(), &owner) != 0) return std::nullopt;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    struct stat info {};
    if (::lstat(entry.path().c_str(), &info) != 0 || info.st_uid == owner.st_uid) continue;
    if (!S_ISREG(info.st_mode) || (info.st_mode & S_IROTH) != 0) continue;
    if (entry.path().filename() == "freeze") continue;  // it only has to be there
    return ServiceTrouble{
        fmt::format("{} belongs to user {}: the user of the service cannot read it",
                    entry.path().string(), info.st_uid),
        fmt::format("`chown --reference={} {}`", folder, entry.path().string())};
  }
  return std::nullopt;
}

bool AsksForService(std::string_view config_file) {
  if (::geteuid() != 0 || config_file != kDefaultConfigFile) return false;
  return std::any_of(kUnitFolders.begin(), kUnitFolders.end(), [](const char* folder) {
    return ::access(fmt::format("{}/poolkeeper.service", folder).c_str(), F_OK) == 0;
  });
}

}  // namespace reconciler::daemon
