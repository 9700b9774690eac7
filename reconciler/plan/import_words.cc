#include "reconciler/plan/import_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"
#include "reconciler/plan/canonical.h"
#include "reconciler/plan/import_pool.h"

namespace reconciler::plan {
namespace {

/// What the service alone writes. Source: Batch REST, "Pool - Get".
constexpr std::array<std::string_view, 23> kOfTheService = {"allocationState",
                                                            "allocationStateTransitionTime",
                                                            "autoScaleRun",
                                                            "creationTime",
                                                            "currentDedicated",
                                                            "currentDedicatedNodes",
                                                            "currentLowPriorityNodes",
                                                            "currentNodeCommunicationMode",
                                                            "eTag",
                                                            "etag",
                                                            "lastModified",
                                                            "odata.etag",
                                                            "odata.metadata",
                                                            "provisioningState",
                                                            "provisioningStateTransitionTime",
                                                            "resizeError",
                                                            "resizeErrors",
                                                            "resizeOperationStatus",
                                                            "state",
                                                            "stateTransitionTime",
                                                            "stats",
                                                            "type",
                                                            "url"};

/// Words in small letters with hyphens between: "httpUrl" makes "http-url".
std::string Plain(std::string_view text) {
  std::string plain;
  bool was_small = false;
  for (const char c : text) {
    const bool small = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool capital = c >= 'A' && c <= 'Z';
    if (((capital && was_small) || (!small && !capital)) && !plain.ends_with('-')) plain += '-';
    if (small) plain += c;
    if (capital) plain += static_cast<char>(c - 'A' + 'a');
    was_small = small;
  }
  while (plain.starts_with('-')) plain.erase(0, 1);
  while (plain.ends_with('-')) plain.pop_back();
  return plain;
}

}  // namespace

std::string SecretNameFor(std::string_view pool, std::string_view path, std::string_view item,
                          std::set<std::string>& taken) {
  std::string name = Plain(pool);
  if (!Plain(item).empty()) name += "-" + Plain(item);
  name += "-" + Plain(path.substr(path.rfind('.') + 1));
  std::string free = name;
  for (int number = 2; !taken.insert(free).second; ++number) {
    free = fmt::format("{}-{}", name, number);
  }
  return free;
}

bool HoldsMark(const Value& value, char mark) {
  const auto holds = [&](const Value& below) { return HoldsMark(below, mark); };
  if (value.IsString()) return value.AsString().find(mark) != std::string::npos;
  if (value.IsArray()) return std::any_of(value.AsArray().begin(), value.AsArray().end(), holds);
  return value.IsObject() && std::any_of(value.AsObject().begin(), value.AsObject().end(),
                                         [&](const Member& member) { return holds(member.value); });
}

bool HoldsKey(std::string_view text) {
  constexpr std::array<std::string_view, 7> kParts = {
      "?sig=", "&sig=", "accountkey=", "sharedaccesskey=", "password=", "pwd=", "sharedaccesssig"};
  const std::string folded = FoldCase(text);
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](std::string_view part) { return folded.find(part) != std::string::npos; });
}

bool LooksSecret(const PropertyNode& row, const Value& value, std::string_view name) {
  if (HoldsMark(value, kSecretMark) || (value.IsString() && HoldsKey(value.AsString())))
    return true;
  if (row.compare == Compare::kUrl) return false;
  constexpr std::array<std::string_view, 8> kWords = {
      "password", "passwd", "pwd", "secret", "token", "_key", "credential", "connection"};
  const std::string folded = FoldCase(name);
  for (const std::string_view end : {"key", "_pat", "_sas"}) {
    if (folded.ends_with(end) || folded == end.substr(end.find_first_not_of('_'))) return true;
  }
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return folded.find(word) != std::string::npos; });
}

bool TellsKey(const PropertyNode& row, const Value& value) {
  return std::any_of(row.members.begin(), row.members.end(), [&](const PropertyNode& member) {
    const Value* there = value.Find(member.name);
    if (there == nullptr || there->IsNull()) return false;
    return member.secret == SecretUse::kAlways || TellsKey(member, *there);
  });
}

Value SpellScalar(const PropertyNode& row, const Value& value) {
  if (row.type == ValueType::kInteger) {
    const auto number = IntegerOf(value);
    return number ? Value(*number) : value;
  }
  // Bodies that people write have them as texts, which the service takes.
  if (row.type == ValueType::kBoolean && value.IsString()) {
    if (EqualFolded(value.AsString(), "true")) return true;
    if (EqualFolded(value.AsString(), "false")) return false;
  }
  if (row.type == ValueType::kString && value.IsInt()) return std::to_string(value.AsInt());
  if (row.type == ValueType::kString && value.IsBool()) return value.AsBool() ? "true" : "false";
  return row.Spelled(value);
}

bool SameDuration(const Value& left, const Value& right) {
  if (!left.IsString() || !right.IsString()) return left == right;
  const auto length = ParseIsoDuration(left.AsString());
  return length && length == ParseIsoDuration(right.AsString());
}

std::string WhyNotInSpec(std::string_view parent, std::string_view name) {
  if (parent == "spec" && name == "identity") {
    return "identities of a pool are set by the management plane alone";
  }
  if (parent == "spec" && name == "cloudServiceConfiguration") {
    return std::string(kCloudServices);
  }
  if (parent == "spec" &&
      std::find(kOfTheService.begin(), kOfTheService.end(), name) != kOfTheService.end()) {
    return std::string(kReadOnly);
  }
  if (parent == "spec" && name == "applicationLicenses") {
    return "the service takes it no more since api-version 2024-07-01.20.0";
  }
  if (name == "exactVersion") return std::string(kReadOnly);
  return "not a member that a spec knows";
}

}  // namespace reconciler::plan
