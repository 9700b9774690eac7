// One document of kind Pool: merged, checked, decoded.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "reconciler/core/pool.h"
#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/folder_defaults.h"
#include "reconciler/spec/last_good.h"
#include "reconciler/spec/options.h"
#include "reconciler/spec/validate.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

struct PoolDocument {
  std::string path;
  std::string key;  // PoolKey; empty: the document does not say which pool it is about
  std::string id;
  Position position;             // of metadata.name
  QuotedLine line;               // of `position`
  std::optional<PoolSpec> spec;  // set if the document is good
  std::string problem;           // why it is not
  bool lost_defaults = false;    // the reason is a defaults document, not this one
};

/// What reading one document needs beside it.
struct PoolContext {
  const LoadOptions& options;
  const LastGoodIndex& last_good;
  const std::set<std::string>& accepted;
  FolderDefaults& defaults;
  PatternCache& patterns;
};

PoolDocument ReadPoolDocument(const std::string& path, const Document& document,
                              const PoolContext& context, FindingSink& sink);

}  // namespace reconciler::spec
