// What `import` writes: spec files, and what is to be said about them.
#pragma once

#include <string>
#include <vector>

#include "reconciler/plan/import_pool.h"

namespace reconciler::daemon {

struct ImportedSpec {
  std::string pool;
  plan::ImportedPool imported;
  std::string api_version{};  // of its account; empty: no account is known
  std::string account{};      // the same
};

/// The document as YAML, with its comments.
std::string RenderSpec(const ImportedSpec& spec);

/// Members that found no place, by their reasons, what is to be checked, and the secrets that the
/// configuration has to name; empty where there is nothing to say. `read_only`: name what only the
/// service writes, too.
std::string RenderRemarks(const std::vector<ImportedSpec>& specs, bool read_only);

}  // namespace reconciler::daemon
