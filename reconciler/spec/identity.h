// What a document is and which pool it names.
#pragma once

#include <optional>
#include <string>

#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/options.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

enum class DocumentKind { kPool, kPoolDefaults, kConfig, kUnknown };

/// Reports a document that is no mapping or whose kind is none of ours.
DocumentKind Classify(const Document& document, FindingSink& sink);

/// `metadata.name`, if it can be a pool id. What is wrong with it is the validator's to report.
std::optional<std::string> ReadName(const Node& root);

/// The account that the merged document names, or the only one of the configuration. Reports one
/// that is unknown or missing.
std::optional<std::string> ResolveAccount(const Node& merged, const LoadOptions& options,
                                          FindingSink& sink);

/// "a/b" of "a/b/c.yaml"; "" at the root.
std::string FolderOf(std::string_view path);
/// True for the folder itself and all below; every path is within "".
bool IsWithin(std::string_view path, std::string_view folder);

}  // namespace reconciler::spec
