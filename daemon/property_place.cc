#include "daemon/property_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "daemon/property_path.h"
#include "reconciler/core/text.h"
#include "reconciler/spec/known_slips.h"

namespace reconciler::daemon {
namespace {

std::string Later(const std::string& left, const std::string& right) {
  return ApiVersionAtLeast(left, right) ? left : right;
}

std::string Earlier(const std::string& left, const std::string& right) {
  if (left.empty() || right.empty()) return left + right;
  return ApiVersionAtLeast(left, right) ? right : left;
}

PropertyPlace Below(const PropertyPlace& place, const PropertyNode& member) {
  PropertyPlace below;
  below.row = &member;
  below.parent = &place.Inner();
  below.path = place.path;
  for (const PropertyNode* row = place.row; row->item != nullptr; row = row->item.get()) {
    below.path += "[]";
  }
  below.path += (below.path.empty() ? "" : ".") + member.name;
  below.since = Later(place.since, member.since);
  below.until = Earlier(place.until, member.until);
  below.in_spec = place.in_spec || below.path == "spec";
  return below;
}

/// What stopped a walk, and how far it had come.
struct Walk {
  std::optional<PropertyPlace> end;
  PropertyPlace reached;
  std::string missing;
  std::string problem{};  // with the brackets behind `reached`
};

Walk WalkPath(PropertyPlace place, const std::vector<PathStep>& path) {
  for (const PathStep& step : path) {
    if (place.row->item != nullptr && IsIndex(step.name) && !step.index) continue;
    const std::vector<PropertyPlace> members = MembersOf(place);
    const auto next =
        std::find_if(members.begin(), members.end(), [&](const PropertyPlace& member) {
          return EqualFolded(member.row->name, step.name) || member.row->name == "*";
        });
    if (next == members.end()) return {std::nullopt, place, std::string(step.name)};
    place = *next;
    std::string problem = BracketProblem(step, *place.row, place.path);
    if (!problem.empty()) return {std::nullopt, place, "", std::move(problem)};
  }
  return {place, place, ""};
}

/// The path of the member with the nearest name, of one of those.
std::string NearestMember(const std::string& name, const std::vector<PropertyPlace>& members) {
  std::vector<std::string_view> names;
  for (const PropertyPlace& member : members) names.push_back(member.row->name);
  const std::string nearest = NearestName(name, names);
  for (const PropertyPlace& member : members) {
    if (member.row->name == nearest) return member.path;
  }
  return "";
}

/// What to say where neither the walk from the document nor that from its spec came to a row.
PropertyLookup Miss(std::string_view kind, const Walk& from_document, const Walk& from_spec) {
  PropertyLookup lookup;
  const bool in_document = !from_document.reached.path.empty();
  const Walk& walk = in_document ? from_document : from_spec;
  if (!walk.problem.empty()) {
    lookup.problem = walk.problem;
    lookup.named_so.push_back(walk.reached.path);
    return lookup;
  }
  const std::string slip = spec::ExplainKnownSlip(walk.reached.path, walk.missing);
  if (kind != "Config" && !slip.empty()) {
    lookup.problem = slip;
    lookup.reached = walk.reached.path;
    return lookup;
  }
  const bool nowhere = !in_document && walk.reached.path == "spec";
  std::vector<PropertyPlace> members = MembersOf(walk.reached);
  if (nowhere) {
    for (PropertyPlace& member : MembersOf(DocumentPlace(kind))) members.push_back(member);
  }
  const std::string nearest = NearestMember(walk.missing, members);
  const std::string home = nowhere                     ? fmt::format("{} or its spec", kind)
                           : walk.reached.path.empty() ? std::string(kind)
                                                       : walk.reached.path;
  lookup.problem =
      fmt::format("'{}' is not a member of {}{}", walk.missing, home,
                  nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest));
  lookup.reached = walk.reached.path;
  for (const PropertyPlace& place : AllBelow(DocumentPlace(kind))) {
    if (EqualFolded(place.row->name, walk.missing)) lookup.named_so.push_back(place.path);
  }
  return lookup;
}

}  // namespace

const PropertyNode& PropertyPlace::Inner() const {
  const PropertyNode* inner = row;
  while (inner->item != nullptr) inner = inner->item.get();
  return *inner;
}

PropertyPlace DocumentPlace(std::string_view kind) {
  PropertyPlace place;
  place.row = kind == "Config" ? &ConfigPropertyTable().Root() : &PoolPropertyTable().Root();
  return place;
}

std::vector<PropertyPlace> MembersOf(const PropertyPlace& place) {
  std::vector<PropertyPlace> members;
  for (const PropertyNode& member : place.Inner().members) members.push_back(Below(place, member));
  if (place.Inner().further != nullptr) members.push_back(Below(place, *place.Inner().further));
  return members;
}

std::vector<PropertyPlace> AllBelow(const PropertyPlace& place) {
  std::vector<PropertyPlace> all{place};
  for (const PropertyPlace& member : MembersOf(place)) {
    for (PropertyPlace& below : AllBelow(member)) all.push_back(std::move(below));
  }
  return all;
}

PropertyLookup FindProperty(std::string_view kind, std::string_view path) {
  PropertyLookup lookup;
  const PropertyPlace document = DocumentPlace(kind);
  if (path.empty()) {
    lookup.found.push_back(document);
    return lookup;
  }
  const Result<std::vector<PathStep>> steps = ReadPath(path);
  if (!steps) {
    lookup.problem = steps.error().message;
    return lookup;
  }
  const Walk from_document = WalkPath(document, *steps);
  Walk from_spec = from_document;
  if (from_document.end) lookup.found.push_back(*from_document.end);
  if (document.row->FindMember("spec") != nullptr) {
    from_spec = WalkPath(*WalkPath(document, {{"spec", std::nullopt}}).end, *steps);
    if (from_spec.end) lookup.found.push_back(*from_spec.end);
  }
  return lookup.found.empty() ? Miss(kind, from_document, from_spec) : lookup;
}

}  // namespace reconciler::daemon
