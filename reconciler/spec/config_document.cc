#include "reconciler/spec/config_document.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/property.h"
#include "reconciler/spec/build.h"
#include "reconciler/spec/byte_scan.h"
#include "reconciler/spec/validate.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {
namespace {

void CheckConfig(const Document& document, FindingSink& sink) {
  const Node* kind = document.root.Find("kind");
  if (document.root.IsMap() && kind != nullptr && kind->text != "Config") {
    sink.Error(kind->place, "kind",
               fmt::format("kind: expected Config, found {}", ShowValue(*kind)));
    return;
  }
  PatternCache patterns;
  const ValidateOptions options;
  Validator(options, patterns, sink).Check(document.root, ConfigPropertyTable().Root(), {});
}

}  // namespace

/// Nothing but blanks and comments.
bool IsEmpty(std::string_view bytes) {
  bool in_comment = false;
  for (const char c : bytes) {
    if (c == '\n') in_comment = false;
    if (c == '#') in_comment = true;
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank && !in_comment) return false;
  }
  return true;
}

bool ConfigDocument::IsGood() const {
  return !value.IsNull() && std::none_of(findings.begin(), findings.end(), [](const Finding& f) {
    return f.level == Finding::Level::kError;
  });
}

Position ConfigDocument::PositionOf(std::string_view path) const {
  while (!path.empty()) {
    if (const auto found = positions.find(path); found != positions.end()) return found->second;
    const std::size_t cut = path.find_last_of(".[");
    path = cut == std::string_view::npos ? std::string_view() : path.substr(0, cut);
  }
  const auto root = positions.find("");
  return root == positions.end() ? Position{} : root->second;
}

ConfigDocument ReadConfigDocument(std::string_view file, std::string_view bytes) {
  ConfigDocument config;
  const Source source = MakeSource(file, bytes);
  FindingSink sink;
  if (IsEmpty(bytes)) {
    sink.Error({&source, 1, 1}, "",
               "the configuration is empty; write apiVersion: poolkeeper/v1, kind: Config, owner, "
               "source (where the specs are) and accounts, as poolkeeper.example.yaml has "
               "them");
  } else if (ScanBytes(source, sink)) {
    const std::vector<Document> documents = ReadYaml(source, sink);
    if (documents.size() != 1) {
      const Place at = documents.size() > 1 ? documents[1].place : Place{&source, 1, 1};
      sink.Error(
          at, "",
          fmt::format("a configuration is one document, this file has {}", documents.size()));
    } else if (documents[0].root.IsMap() || documents[0].clean) {
      CheckConfig(documents[0], sink);
      config.value = ToValue(documents[0].root);
      config.positions = CollectPositions(documents[0].root, false);
      config.positions.emplace("", ToPosition(documents[0].root.place));
    }
  }
  config.findings = sink.Take();
  return config;
}

}  // namespace reconciler::spec
