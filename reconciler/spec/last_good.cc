#include "reconciler/spec/last_good.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
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

/// nullopt: a member that WriteSpec writes is missing.
std::optional<GoodSpec> ReadSpec(Value& value) {
  GoodSpec spec;
  spec.path = value.StringOr("path");
  spec.account = value.StringOr("account");
  spec.id = value.StringOr("id");
  spec.line = static_cast<int>(value.IntOr("line", 0));
  spec.column = static_cast<int>(value.IntOr("column", 0));
  if (Value* body = value.Find("body")) spec.body = std::move(*body);
  if (const Value* policy = value.Find("policy")) spec.policy = ReadPolicy(*policy);
  const bool whole =
      !spec.path.empty() && !spec.account.empty() && !spec.id.empty() && spec.body.IsObject();
  return whole ? std::optional(std::move(spec)) : std::nullopt;
}

std::optional<GoodDefaults> ReadDefaults(Value& value) {
  GoodDefaults defaults;
  const Value* folder = value.Find("folder");  // empty for the root
  Value* document = value.Find("document");
  defaults.path = value.StringOr("path");
  if (folder == nullptr || !folder->IsString() || defaults.path.empty() || document == nullptr ||
      !document->IsObject()) {
    return std::nullopt;
  }
  defaults.folder = folder->AsString();
  defaults.document = std::move(*document);
  return defaults;
}

Error NotOurs(std::string message) { return Error{ErrorKind::kInvalidSpec, std::move(message)}; }

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
  if (!parsed) return NotOurs(parsed.error().message);
  Value* specs = parsed->Find("specs");
  Value* defaults = parsed->Find("defaults");
  if (specs == nullptr || !specs->IsArray() || defaults == nullptr || !defaults->IsArray()) {
    return NotOurs("not a list of last good specs");
  }
  if (const std::int64_t version = parsed->IntOr("formatVersion", 0); version != 1) {
    return NotOurs(fmt::format("expected formatVersion 1, found {}", version));
  }
  LastGood last_good;
  for (Value& entry : specs->AsArray()) {
    std::optional<GoodSpec> spec = ReadSpec(entry);
    if (!spec) return NotOurs("a spec lacks its path, account, id or body");
    last_good.specs.push_back(std::move(*spec));
  }
  for (Value& entry : defaults->AsArray()) {
    std::optional<GoodDefaults> read = ReadDefaults(entry);
    if (!read) return NotOurs("an entry of defaults lacks its folder, path or document");
    last_good.defaults.push_back(std::move(*read));
  }
  return last_good;
}

}  // namespace reconciler::spec
