#include "tests/emulator/package_rules.h"

#include <algorithm>

namespace emulator {

namespace {

/// The short name of `/subscriptions/.../applications/name`, or of a name that stands alone.
std::string ApplicationName(std::string_view id) {
  const auto slash = id.rfind('/');
  return Lower(slash == std::string_view::npos ? id : id.substr(slash + 1));
}

/// What is wrong with a reference to a declared application, or an empty text.
std::string PackageProblem(const std::vector<ApplicationConfig>& known, std::string_view id,
                           const std::string& version) {
  const auto application = std::find_if(
      known.begin(), known.end(),
      [&](const ApplicationConfig& other) { return Lower(other.id) == ApplicationName(id); });
  constexpr const char* kMissing = "The specified application package does not exist.";
  if (application == known.end()) return kMissing;
  const std::vector<std::string>& versions = application->versions;
  if (versions.empty()) return {};
  if (version.empty() && application->default_version.empty()) {
    return "The application has no default version.";
  }
  const std::string& named = version.empty() ? application->default_version : version;
  return std::find(versions.begin(), versions.end(), named) == versions.end() ? kMissing : "";
}

}  // namespace

std::optional<ApiError> BrokenPackageRule(const Context& context, const Json::List& packages) {
  const bool long_ids = context.api_version >= "2024-07-01.20.0";
  ApiError missing{"InvalidApplicationPackageReferences", {}};
  for (const Json& package : packages) {
    const std::string id = package.Text("applicationId");
    const bool is_long = Lower(id).find("/applications/") != std::string::npos;
    if (long_ids && !is_long) {
      return InvalidValue("applicationId", id,
                          "The fully qualified id of the application is needed");
    }
    const auto& known = context.account.config().applications;
    if (!known) continue;
    std::string problem = PackageProblem(*known, id, package.Text("version"));
    if (!problem.empty()) missing.details.push_back({id, std::move(problem)});
  }
  return missing.details.empty() ? std::nullopt : std::optional{missing};
}

}  // namespace emulator
