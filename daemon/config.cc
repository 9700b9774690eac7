#include "daemon/config.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/config_reader.h"
#include "daemon/posix.h"
#include "reconciler/spec/config_document.h"
#include "reconciler/spec/limits.h"
#include "reconciler/spec/source.h"

namespace reconciler::daemon {
namespace {

Finding FileFinding(const std::string& file, std::string message) {
  Finding finding;
  finding.position.file = std::make_shared<const std::string>(file);
  finding.message = std::move(message);
  return finding;
}

Result<std::string> ReadConfigBytes(const std::string& file) {
  struct stat info {};
  const auto opened = OpenRegular(file, true, info);
  if (!opened) return opened.error();
  return ReadAll(opened->get(), spec::kFileBytesMax, file);
}

/// Where secrets are named somebody may have written one in clear, and the password of a proxy into
/// its address: such lines are not shown.
void HideSecretLines(std::vector<Finding>& findings) {
  for (Finding& finding : findings) {
    if (finding.path.rfind("secret", 0) == 0 || finding.path.find(".auth") != std::string::npos ||
        (finding.path.rfind("http", 0) == 0 && finding.line_text.find('@') != std::string::npos)) {
      finding.line_text.clear();
    }
  }
}

}  // namespace

const AccountSettings* Config::Find(std::string_view account) const {
  const auto found = std::find_if(
      accounts.begin(), accounts.end(),
      [&](const AccountSettings& settings) { return settings.account.name == account; });
  return found == accounts.end() ? nullptr : &*found;
}

LoadedConfig LoadConfig(const std::string& file, KeyReading keys) {
  LoadedConfig loaded;
  const auto bytes = ReadConfigBytes(file);
  if (!bytes) {
    loaded.findings.push_back(FileFinding("", bytes.error().message));
    return loaded;
  }
  spec::ConfigDocument document = spec::ReadConfigDocument(file, *bytes);
  Config config;
  config.file = file;
  ReadConfigTree(document, spec::MakeSource(file, *bytes), FolderOf(file), keys, config);
  HideSecretLines(document.findings);
  SortFindings(document.findings);
  if (document.IsGood()) loaded.config = std::move(config);
  loaded.findings = std::move(document.findings);
  return loaded;
}

}  // namespace reconciler::daemon
