#include "tests/spec/corpus.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "reconciler/spec/assemble.h"

namespace reconciler::spec {
namespace {

namespace fs = std::filesystem;

std::string ReadBytes(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

BadCase ReadCase(const fs::path& path) {
  BadCase bad_case;
  bad_case.name = path.stem().string();
  if (fs::is_directory(path)) {
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      if (!entry.is_regular_file()) continue;
      bad_case.files.emplace_back(fs::relative(entry.path(), path).string(),
                                  ReadBytes(entry.path()));
    }
  } else {
    bad_case.files.emplace_back(path.filename().string(), ReadBytes(path));
  }
  std::sort(bad_case.files.begin(), bad_case.files.end());
  bad_case.expected = ReadBytes(path.parent_path() / (bad_case.name + ".expected"));
  return bad_case;
}

}  // namespace

std::vector<BadCase> ReadBadCases(const std::string& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".expected") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<BadCase> cases;
  for (const fs::path& path : paths) cases.push_back(ReadCase(path));
  return cases;
}

std::string FindingsOf(const BadCase& bad_case) {
  LoadOptions options;
  options.accounts = {"contoso"};
  const bool is_old = bad_case.name.ends_with("-2024");
  options.api_version_of = [is_old](std::string_view) {
    return std::string(is_old ? "2024-07-01.20.0" : kDefaultApiVersion);
  };
  options.knows_secret = [](std::string_view name) { return name == "registry"; };
  const bool has_entra = bad_case.name.ends_with("-entra");
  options.uses_shared_key = [has_entra](std::string_view) { return !has_entra; };
  std::vector<SpecFile> files;
  for (const auto& [path, bytes] : bad_case.files) files.push_back({path, bytes});
  std::string text;
  for (const Finding& finding : ValidateFiles(files, options)) {
    text += FormatFinding(finding) + "\n";
  }
  return text;
}

}  // namespace reconciler::spec
