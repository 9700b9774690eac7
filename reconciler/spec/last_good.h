// What the specs said when they could last be read.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/result.h"

namespace reconciler::spec {

struct GoodSpec {
  std::string path;
  std::string account;
  std::string id;
  Value body;
  Policy policy;
  int line = 0;  // of metadata.name
  int column = 0;
};

struct GoodDefaults {
  std::string folder;
  std::string path;
  Value document;
};

struct LastGood {
  std::vector<GoodSpec> specs;  // sorted by path, account, id
  std::vector<GoodDefaults> defaults;
};

/// Finds entries by pool. The list must outlive it.
class LastGoodIndex {
 public:
  explicit LastGoodIndex(const LastGood* last_good);  // nullptr: nothing is known
  /// The entry of that pool (PoolKey), rather the one that stood in `path`; nullptr without one.
  const GoodSpec* Find(const std::string& pool_key, std::string_view path) const;

 private:
  std::multimap<std::string, const GoodSpec*> by_key_;
};

std::string WriteLastGood(const LastGood& last_good);
/// Errors: kInvalidSpec for anything that WriteLastGood did not write.
Result<LastGood> ParseLastGood(std::string_view text);

}  // namespace reconciler::spec
