#include "daemon/property_markdown.h"

#include <fmt/format.h>

#include "daemon/markdown.h"
#include "daemon/property_example.h"
#include "daemon/property_words.h"

namespace reconciler::daemon {
namespace {

constexpr std::string_view kIntroduction =
    R"(# What can be written in a pool spec

Made from `schemas/pool.schema.json` by `poolkeeper explain --format markdown`; a test fails where it is stale. `poolkeeper explain PROPERTY`
tells the same of one member, and how its values compare. In the lists of alternatives, what may be left out stands in brackets.

**Bold** members are required within their object. *Default* is what an absent member is taken for; `-` is nothing, `?` is left to the
service and then not compared. Members exist in every api-version unless they say. A `PoolDefaults` document takes the same members, and
requires none.

Changing a property costs:

| cost | means |
|---|---|
)";

std::string TypeCell(const PropertyNode& row) {
  std::string text = TypeWords(row);
  const std::string values = ValueWords(row);
  // Case is said once, in the column of values it would be on each line.
  if (!values.empty()) text += ": " + values.substr(0, values.find("; case"));
  const std::string limits = LimitWords(row);
  if (!limits.empty()) text += ", " + limits;
  return MarkdownCell(text);
}

std::string DefaultCell(const PropertyPlace& place) {
  const std::string words = DefaultWords(place);
  if (words.starts_with("left to the service")) return "?";
  if (words.empty() || words == "nothing") return "-";
  return MarkdownCell("`" + words + "`");
}

std::string AboutCell(const PropertyPlace& place) {
  std::string text = place.row->description;
  const std::string required = RequiredWords(place);
  if (required.starts_with("with ")) text += " Required " + required + ".";
  if (place.row->cost_note != place.parent->cost_note) {
    text += fmt::format(" Changing it: {}.", place.row->cost_note);
  }
  text += VersionMark(*place.row);
  return MarkdownCell(text);
}

/// "empty; before 2024-07-01.20.0 replace"
std::string CostCell(const PropertyNode& row) {
  std::string text;
  const auto& entries = row.costs.entries;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if (entry != entries.rbegin()) text += fmt::format("; before {} ", std::prev(entry)->first);
    text += CostName(entry->second);
  }
  return text;
}

/// `costs`: of top-level properties, each of which has its own.
std::string Table(const std::vector<PropertyPlace>& members, bool costs) {
  std::string text = costs
                         ? "\n| member | type | default | change | about |\n|---|---|---|---|---|\n"
                         : "\n| member | type | default | about |\n|---|---|---|---|\n";
  for (const PropertyPlace& member : members) {
    const std::string name = member.row->name == "*" ? "any name" : member.row->name;
    const bool required = RequiredWords(member) == "yes";
    text += fmt::format("| {} | {} | {} |{} {} |\n", required ? "**" + name + "**" : name,
                        TypeCell(*member.row), DefaultCell(member),
                        costs ? " " + CostCell(*member.row) + " |" : "", AboutCell(member));
  }
  return text;
}

std::string Ways(const PropertyNode& row) {
  if (row.alternatives.empty()) return "";
  std::string text = "\nExactly one of:\n\n";
  for (const std::string& way : AlternativeWords(row)) text += "* " + way + "\n";
  return text;
}

std::string Section(const PropertyPlace& place) {
  const std::vector<PropertyPlace> members = MembersOf(place);
  if (members.empty() || place.path.empty()) return "";
  const bool top_level = place.parent == &PoolPropertyTable().Spec();
  std::string text = fmt::format("\n## {}\n\n{}\n", place.path, place.row->description);
  if (top_level) {
    text += '\n';
    for (const std::string& cost : CostWords(*place.row)) text += fmt::format("* {}\n", cost);
  }
  if (!place.row->cost_note.empty()) {
    text += fmt::format("{}* {}\n", top_level ? "" : "\n", place.row->cost_note);
  }
  text += Ways(place.Inner()) + Table(members, place.path == "spec");
  if (place.path != "spec") {
    text += "\n```yaml\n" + ExampleYaml("Pool", place) + "```\n";
  }
  return text;
}

}  // namespace

std::string PropertiesMarkdown() {
  std::string text(kIntroduction);
  for (const Cost cost :
       {Cost::kPatch, Cost::kReboot, Cost::kScale, Cost::kEmpty, Cost::kReplace, Cost::kArm}) {
    text += fmt::format("| {} | {} |\n", CostName(cost), CostMeaning(cost));
  }
  for (const PropertyPlace& place : AllBelow(DocumentPlace("Pool"))) text += Section(place);
  return text;
}

}  // namespace reconciler::daemon
