#include "daemon/import_check.h"

#include "reconciler/spec/assemble.h"

namespace reconciler::daemon {

std::vector<Finding> ErrorsOf(const ImportedSpec& spec, const std::string& file,
                              const std::string& text) {
  spec::LoadOptions options;
  if (!spec.api_version.empty()) {
    options.api_version_of = [&](std::string_view) { return spec.api_version; };
  }
  std::vector<Finding> findings = spec::ValidateFiles({{file, text}}, options);
  std::erase_if(findings,
                [](const Finding& finding) { return finding.level != Finding::Level::kError; });
  return findings;
}

}  // namespace reconciler::daemon
