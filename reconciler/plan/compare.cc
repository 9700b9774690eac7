#include "reconciler/plan/compare.h"

#include "reconciler/plan/compare_walk.h"

namespace reconciler::plan {

std::vector<DeepDifference> Compare(const PropertyNode& node, const Value* desired,
                                    const Value* live, std::string_view api_version,
                                    bool had_secrets, const SecretBook* secrets) {
  std::vector<DeepDifference> differences;
  Walk walk(api_version, secrets, had_secrets, &differences);
  walk.Visit(node, Side{desired}, Side{live}, Frame{nullptr, node.path});
  return differences;
}

bool CanonicallyEqual(const PropertyNode& node, const Value* desired, const Value* live,
                      std::string_view api_version, const SecretBook* secrets) {
  Walk walk(api_version, secrets, false, nullptr);
  return walk.Visit(node, Side{desired}, Side{live}, Frame{});
}

}  // namespace reconciler::plan
