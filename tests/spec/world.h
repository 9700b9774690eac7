// A spec tree with its state folder, loaded by a new process each time.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/spec/load.h"
#include "tests/spec/fakes.h"

namespace reconciler::spec {

using Snapshot = std::shared_ptr<const SpecSnapshot>;

/// A good pool; `more` follows the members of spec.
inline std::string PoolText(const std::string& name, const std::string& more = "") {
  return "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: " + name +
         "}\nspec:\n"
         "  vmSize: standard_d2_v3\n"
         "  virtualMachineConfiguration:\n"
         "    imageReference: {publisher: canonical, offer: ubuntu, sku: 22_04-lts}\n" +
         more;
}

inline std::string DefaultsText(const std::string& more) {
  return "apiVersion: poolkeeper/v1\nkind: PoolDefaults\n" + more;
}

inline std::string TextOf(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += FormatPosition(finding.position) + ": " + finding.message + "\n";
  }
  return text;
}

inline const PoolSpec* Find(const Snapshot& snapshot, std::string_view id) {
  for (const PoolSpec& pool : snapshot->pools) {
    if (pool.id == id) return &pool;
  }
  return nullptr;
}

inline std::string FrozenReason(const Snapshot& snapshot, std::string_view id) {
  const PoolSpec* pool = Find(snapshot, id);
  return pool == nullptr ? "(no such pool)" : pool->frozen_reason;
}

struct World {
  MemoryTree tree{};
  MemoryStore store{};
  LoadOptions options{{"contoso"}};

  /// As `plan`: nothing is remembered.
  Snapshot Look() {
    SpecLoader loader(tree, store, options);
    return *loader.Load();
  }
  /// As a cycle of `run`, in a new process.
  Snapshot Run() {
    SpecLoader loader(tree, store, options);
    Snapshot snapshot = *loader.Load();
    CHECK(loader.CommitLastGood().has_value());
    return snapshot;
  }
};

}  // namespace reconciler::spec
