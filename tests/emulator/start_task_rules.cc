#include "tests/emulator/start_task_rules.h"

#include <algorithm>

#include "tests/emulator/http_text.h"

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

/// Out of the folder of the task, or not in it. Source: Batch REST, ResourceFile.filePath.
bool IsOutside(std::string_view path) {
  const auto parts = Split(path, '/');
  return path.starts_with('/') || std::find(parts.begin(), parts.end(), "..") != parts.end();
}

Broken CheckUserIdentity(const Json& user) {
  if ((user.Find("username") == nullptr) != (user.Find("autoUser") == nullptr)) return std::nullopt;
  return InvalidValue("userIdentity", user.Text("username"),
                      "Exactly one of username and autoUser must be given");
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
  if (const std::string path = file.Text("filePath"); IsOutside(path)) {
    return InvalidValue("filePath", path,
                        "The path must be relative and must not leave the folder of the task");
  }
  if (file.Find("httpUrl") != nullptr && file.Find("blobPrefix") != nullptr) {
    return InvalidValue("blobPrefix", file.Text("blobPrefix"),
                        "The property is not valid with httpUrl");
  }
  return std::nullopt;
}

}  // namespace

std::optional<ApiError> BrokenStartTaskRule(const Json& task) {
  if (const Json* const user = task.Find("userIdentity")) {
    if (auto broken = CheckUserIdentity(*user)) return broken;
  }
  if (const Json* const files = task.Find("resourceFiles")) {
    for (const Json& file : *files->AsList()) {
      if (auto broken = CheckResourceFile(file)) return broken;
    }
  }
  return std::nullopt;
}

}  // namespace emulator
