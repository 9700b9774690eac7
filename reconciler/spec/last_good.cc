#include "reconciler/spec/last_good.h"

#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/spec/build.h"
#include "reconciler/spec/limits.h"

namespace reconciler::spec {
namespace {

Value WriteSpec(const GoodSpec& spec) {
  return Object{{"path", spec.path},    {"account", spec.account},
                {"id", spec.id},        {"body", spec.body},
                {"line", spec.line},    {"policy", WritePolicy(spec.policy)},
                {"column", spec.column}};
}

GoodSpec ReadSpec(Value& value) {
  GoodSpec spec;
  spec.path = value.StringOr("path");
  spec.account = value.StringOr("account");
  spec.id = value.StringOr("id");
  spec.line = static_cast<int>(value.IntOr("line", 0));
  spec.column = static_cast<int>(value.IntOr("column", 0));
  if (Value* body = value.Find("body")) spec.body = std::move(*body);
  if (const Value* policy = value.Find("policy")) spec.policy = ReadPolicy(*policy);
  return spec;
}

}  // namespace

LastGoodIndex::LastGoodIndex(const LastGood* last_good) {
  if (last_good == nullptr) return;
  for (const GoodSpec& spec : last_good->specs) {
    by_key_.emplace(PoolKey(spec.account, spec.id), &spec);
  }
}

const GoodSpec* LastGoodIndex::Find(const std::string& pool_key, std::string_view path) const {
  const GoodSpec* elsewhere = nullptr;
  const auto [begin, end] = by_key_.equal_range(pool_key);
  for (auto entry = begin; entry != end; ++entry) {
    if (entry->second->path == path) return entry->second;
    elsewhere = entry->second;
  }
  return elsewhere;
}

std::string WriteLastGood(const LastGood& last_good) {
  Array specs;
  for (const GoodSpec& spec : last_good.specs) specs.push_back(WriteSpec(spec));
  Array defaults;
  for (const GoodDefaults& entry : last_good.defaults) {
    defaults.push_back(
        Object{{"folder", entry.folder}, {"path", entry.path}, {"document", entry.document}});
  }
  return WriteJson(
      Object{{"formatVersion", 1}, {"specs", std::move(specs)}, {"defaults", std::move(defaults)}});
}

Result<LastGood> ParseLastGood(std::string_view text) {
  JsonLimits limits;
  limits.size_bytes_max = 2 * kTreeBytesMax;
  Result<Value> parsed = ParseJson(text, limits);
  if (!parsed) return Error{ErrorKind::kInvalidSpec, parsed.error().message};
  Value* specs = parsed->Find("specs");
  Value* defaults = parsed->Find("defaults");
  const bool is_ours = parsed->IntOr("formatVersion", 0) == 1 && specs != nullptr &&
                       specs->IsArray() && defaults != nullptr && defaults->IsArray();
  if (!is_ours) return Error{ErrorKind::kInvalidSpec, "not a list of last good specs"};
  LastGood last_good;
  for (Value& spec : specs->AsArray()) last_good.specs.push_back(ReadSpec(spec));
  for (Value& entry : defaults->AsArray()) {
    GoodDefaults read{
        std::string(entry.StringOr("folder")), std::string(entry.StringOr("path")), {}};
    if (Value* document = entry.Find("document")) read.document = std::move(*document);
    last_good.defaults.push_back(std::move(read));
  }
  return last_good;
}

}  // namespace reconciler::spec
