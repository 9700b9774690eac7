#include "daemon/import_text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <map>

#include "daemon/posix.h"
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

}  // namespace

std::string RenderSpec(const ImportedSpec& spec) {
  spec::Comments comments;
  for (const plan::ImportNote& note : spec.imported.comments) {
    comments[note.path].push_back(note.text);
  }
  return spec::WriteYaml(spec.imported.document, PoolPropertyTable().Root(), comments);
}

std::string RenderRemarks(const std::vector<ImportedSpec>& specs, bool read_only) {
  std::string text;
  std::vector<plan::ImportSecret> secrets;
  for (const ImportedSpec& spec : specs) {
    text += LeftOut(spec, read_only);
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

Status WriteNewFile(const std::string& path, const std::string& text) {
  const auto fail = [&](int error) {
    return Error{
        ErrorKind::kInvalidSpec,
        fmt::format("cannot write {}: {}", path,
                    error == EEXIST ? "there is a file of this name already" : ErrnoText(error))};
  };
  std::error_code failed;
  std::filesystem::create_directories(FolderOf(path), failed);
  if (failed) return fail(failed.value());
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!file.valid()) return fail(errno);
  if (const int error = WriteAll(file.get(), text); error != 0) return fail(error);
  return Ok{};
}

}  // namespace reconciler::daemon
