#include "daemon/import_text.h"

#include <fmt/format.h>

#include <map>

#include "reconciler/core/property.h"
#include "reconciler/spec/yaml_text.h"

namespace reconciler::daemon {
namespace {

std::string LeftOut(const ImportedSpec& spec, bool read_only) {
  std::vector<std::string> reasons;  // in the order of the document
  std::map<std::string, std::vector<std::string>> paths;
  for (const plan::ImportNote& note : spec.imported.left_out) {
    if (!read_only && note.text == plan::kReadOnly) continue;
    if (paths[note.text].empty()) reasons.push_back(note.text);
    const bool in_spec = note.path.starts_with("spec.");
    paths[note.text].push_back(in_spec ? note.path.substr(5) : note.path);
  }
  std::string text;
  for (const std::string& reason : reasons) {
    text += fmt::format("pool {}: left out: {}: {}\n", spec.pool, fmt::join(paths[reason], ", "),
                        reason);
  }
  return text;
}

std::string ToCheck(const ImportedSpec& spec) {
  std::string text;
  for (const plan::ImportNote& note : spec.imported.remarks) {
    const std::string_view path = note.path;
    text += fmt::format("pool {}: check {}: {}\n", spec.pool,
                        path.substr(path.starts_with("spec.") ? 5 : 0), note.text);
  }
  return text;
}

}  // namespace

std::string RenderSpec(const ImportedSpec& spec) {
  spec::Comments comments;
  for (const plan::ImportNote& note : spec.imported.comments) {
    comments[note.path].push_back(note.text);
  }
  return spec::WriteYaml(spec.imported.document, PoolPropertyTable().Root(), {comments, {}, {}});
}

std::string RenderRemarks(const std::vector<ImportedSpec>& specs, bool read_only) {
  std::string text;
  std::vector<plan::ImportSecret> secrets;
  for (const ImportedSpec& spec : specs) {
    text += LeftOut(spec, read_only) + ToCheck(spec);
    for (const plan::ImportSecret& secret : spec.imported.secrets) {
      secrets.push_back({secret.name, spec.pool + ": " + secret.path});
    }
  }
  if (secrets.empty()) return text;
  return text +
         "The service does not tell secrets. Put their values into files and this into the "
         "configuration:\n" +
         plan::SecretsBlock(secrets) +
         "with a secretDigestKey beside it, by which changes of secrets are noticed.\n";
}

}  // namespace reconciler::daemon
