// Examples of the service's API, as its specification has them beside each operation.
#include "reconciler/plan/foreign_tools.h"

namespace reconciler::plan {
namespace {

FoundPools PoolsOf(const Value& body) {
  FoundPools pools = ReadArmPools(body);
  return pools ? pools : ReadServicePools(body);
}

/// The body of a request with the name that stands in its URL.
Value Named(const Value& body, const Value& parameters) {
  Value named = body;
  if (!body.IsObject()) return named;
  const bool is_resource = body.Find("properties") != nullptr;
  const char* name = is_resource ? "name" : "id";
  const std::string_view told = parameters.StringOr(is_resource ? "poolName" : "poolId");
  if (body.Find(name) == nullptr && !told.empty()) named.Set(name, told);
  return named;
}

}  // namespace

FoundPools ReadExamplePools(const Value& document) {
  const Value* parameters = document.Find("parameters");
  const Value* responses = document.Find("responses");
  if (parameters == nullptr || !parameters->IsObject()) return std::nullopt;
  if (responses == nullptr || !responses->IsObject()) return std::nullopt;
  for (const Member& response : responses->AsObject()) {
    const Value* body = response.value.Find("body");
    if (!response.name.starts_with('2') || body == nullptr) continue;
    if (FoundPools pools = PoolsOf(*body)) return pools;
  }
  for (const Member& parameter : parameters->AsObject()) {
    if (FoundPools pools = PoolsOf(Named(parameter.value, *parameters))) return pools;
  }
  return std::vector<ForeignPool>{};
}

}  // namespace reconciler::plan
