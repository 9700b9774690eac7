#include "reconciler/core/property.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/text.h"

namespace reconciler {

std::string_view CostName(Cost cost) {
  switch (cost) {
    case Cost::kPatch:
      return "patch";
    case Cost::kReboot:
      return "reboot";
    case Cost::kScale:
      return "scale";
    case Cost::kEmpty:
      return "empty";
    case Cost::kReplace:
      return "replace";
    case Cost::kArm:
      return "arm";
  }
  return "unknown";
}

bool ApiVersionAtLeast(std::string_view version, std::string_view bound) {
  return version >= bound;
}

std::string VersionsInWords(std::string_view since, std::string_view until) {
  if (since.empty() && until.empty()) return "";
  if (until.empty()) return fmt::format("from api-version {} on", since);
  if (since.empty()) return fmt::format("up to api-version {}", until);
  return fmt::format("in api-versions {} to {}", since, until);
}

const PropertyNode* PropertyNode::FindMember(std::string_view member_name) const {
  for (const PropertyNode& member : members) {
    if (member.name == member_name) return &member;
  }
  return nullptr;
}

std::optional<Cost> PropertyNode::CostFor(std::string_view api_version) const {
  const Cost* cost = costs.For(api_version);
  return cost == nullptr ? std::nullopt : std::optional<Cost>(*cost);
}

bool PropertyNode::ExistsIn(std::string_view api_version) const {
  return ApiVersionAtLeast(api_version, since) &&
         (until.empty() || ApiVersionAtLeast(until, api_version));
}

std::string_view PropertyNode::ValueSince(std::string_view value) const {
  for (const auto& [known, first] : values_since) {
    if (EqualFolded(known, value)) return first;
  }
  return {};
}

bool PropertyNode::ValueExistsIn(std::string_view value, std::string_view api_version) const {
  return ApiVersionAtLeast(api_version, ValueSince(value));
}

Value PropertyNode::Spelled(const Value& value) const {
  if (!value.IsString() || compare != Compare::kCaseFold) return value;
  for (const Value& word : allowed) {
    if (word.IsString() && EqualFolded(word.AsString(), value.AsString())) return word;
  }
  return value;
}

bool PropertyNode::IsRequired(std::string_view member_name) const {
  return std::find(required.begin(), required.end(), member_name) != required.end();
}

const PropertyNode& PropertyTable::Spec() const {
  const PropertyNode* spec = root_.FindMember("spec");
  return spec == nullptr ? root_ : *spec;
}

const PropertyNode* PropertyTable::FindTopLevel(std::string_view name) const {
  return Spec().FindMember(name);
}

const PropertyNode* PropertyTable::Find(std::string_view path) const {
  const PropertyNode* node = &Spec();
  for (std::string_view step : SplitText(path, '.')) {
    const std::size_t bracket = step.find('[');
    node = node->FindMember(step.substr(0, bracket));
    if (node == nullptr) return nullptr;
    if (bracket == std::string_view::npos) continue;
    node = node->item.get();
    if (node == nullptr) return nullptr;
  }
  return node;
}

bool PropertyTable::InScaleGroup(std::string_view name) const {
  const PropertyNode* node = FindTopLevel(name);
  return node != nullptr && !node->costs.entries.empty() &&
         node->costs.entries.front().second == Cost::kScale;
}

// A schema that does not read is a defect of the build, and the tests read every one of them:
// value() then throws before anything has started.
const PropertyTable& PoolPropertyTable() {
  static const PropertyTable table = PropertyTable::Parse(EmbeddedSchema("pool")).value();
  return table;
}

const PropertyTable& ConfigPropertyTable() {
  static const PropertyTable table = PropertyTable::Parse(EmbeddedSchema("config")).value();
  return table;
}

}  // namespace reconciler
