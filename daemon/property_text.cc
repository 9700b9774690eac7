#include "daemon/property_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/property_example.h"
#include "daemon/property_words.h"
#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kLabelWidth = 12;  // "  versions  "
constexpr int kProseMin = 34;            // columns that a description needs beside a name

std::string Label(std::string_view name) { return fmt::format("  {:<{}}", name, kLabelWidth - 2); }

std::string Field(std::string_view name, const std::string& text, const Screen& screen) {
  return text.empty() ? "" : HangingText(Label(name), text, screen);
}

std::string Fields(std::string_view name, const std::vector<std::string>& lines,
                   const Screen& screen) {
  std::string text;
  for (const std::string& line : lines) text += Field(text.empty() ? name : "", line, screen);
  return text;
}

std::string Example(std::string_view kind, const PropertyPlace& place) {
  if (place.path.empty() || place.path == "spec") return "";
  std::string text;
  const std::string yaml = ExampleYaml(kind, place);
  for (const std::string_view line : SplitText(yaml, '\n')) {
    if (!line.empty()) text += fmt::format("{}{}\n", Label(text.empty() ? "example" : ""), line);
  }
  return text;
}

/// "startTask *", with what is needed always marked.
std::string NameOf(const PropertyPlace& place) {
  const std::string name = place.row->name == "*" ? "(any name)" : place.row->name;
  return RequiredWords(place) == "yes" ? name + " *" : name;
}

/// The first column is as wide as the longest name; descriptions stand beside, or below where the
/// screen is too narrow.
std::string MemberLines(const std::vector<PropertyPlace>& members, const Screen& screen) {
  std::size_t names = 0;
  std::size_t types = 0;
  for (const PropertyPlace& member : members) {
    names = std::max(names, NameOf(member).size());
    types = std::max(types, ShortTypeWords(*member.row).size());
  }
  const bool beside =
      screen.width == 0 || screen.width - static_cast<int>(names + types + 6) >= kProseMin;
  std::string text;
  for (const PropertyPlace& member : members) {
    const std::string front = fmt::format("  {:<{}}  {:<{}}  ", NameOf(member), names,
                                          ShortTypeWords(*member.row), types);
    const std::string prose = member.row->description + VersionMark(*member.row);
    if (beside) {
      text += HangingText(front, prose, screen);
    } else {
      text += CutToWidth(front.substr(0, front.find_last_not_of(' ') + 1), screen.width) + "\n" +
              HangingText("      ", prose, screen);
    }
  }
  return text;
}

std::string Members(const PropertyPlace& place, const Screen& screen) {
  const std::vector<PropertyPlace> members = MembersOf(place);
  if (members.empty()) return "";
  const bool has_required = std::any_of(members.begin(), members.end(), [](const auto& member) {
    return RequiredWords(member) == "yes";
  });
  const std::string title = place.row->item != nullptr ? "Members of an item" : "Members";
  return "\n" + Paint(screen, Color::kBold, title) + (has_required ? " (* required)" : "") + "\n" +
         MemberLines(members, screen);
}

std::string ItemDescription(const PropertyNode& row, const Screen& screen) {
  if (row.item == nullptr || row.item->description.empty()) return "";
  return Field("item", row.item->description, screen);
}

std::string Compared(const PropertyPlace& place) {
  return place.in_spec && place.path != "spec" ? CompareWords(*place.row) : "";
}

}  // namespace

std::string RenderProperty(std::string_view kind, const PropertyPlace& place,
                           const Screen& screen) {
  const PropertyNode& row = *place.row;
  std::string text =
      Paint(screen, Color::kBold, place.path.empty() ? std::string(kind) : place.path) + "\n";
  text += HangingText("  ", row.name == "*" ? "The value of any name." : row.description, screen);
  text += "\n";
  text += Field("type", TypeWords(row), screen);
  text += ItemDescription(row, screen);
  text += Field("values", ValueWords(row), screen);
  text += Field("limits", LimitWords(row), screen);
  text += Field("required", RequiredWords(place), screen);
  text += Field("default", DefaultWords(place), screen);
  text += Field("secret", SecretWords(row), screen);
  text += Field("compared", Compared(place), screen);
  text += Fields("change", CostWords(row), screen);
  text += Field("", row.cost_note, screen);
  text += Field("versions", VersionsInWords(place.since, place.until), screen);
  text += Fields("one of", AlternativeWords(place.Inner()), screen);
  text += Example(kind, place);
  return text + Members(place, screen);
}

std::string RenderPropertyTree(const PropertyPlace& place, const Screen& screen) {
  const auto depth = [](const PropertyPlace& at) {
    return at.path.empty() ? 0 : 1 + std::count(at.path.begin(), at.path.end(), '.');
  };
  const auto top = depth(place);
  std::vector<std::pair<std::string, std::string>> lines;
  std::size_t width = 0;
  for (const PropertyPlace& below : AllBelow(place)) {
    if (below.path.empty()) continue;
    const auto indent = static_cast<std::size_t>(2 * (depth(below) - std::max(top, 1L)));
    std::string name =
        std::string(indent, ' ') + (below.path == place.path ? place.path : NameOf(below));
    width = std::max(width, name.size());
    lines.emplace_back(std::move(name), ShortTypeWords(*below.row) + VersionMark(*below.row));
  }
  std::string text;
  for (const auto& [name, type] : lines) {
    text += CutToWidth(fmt::format("{:<{}}  {}", name, width, type), screen.width) + "\n";
  }
  return text;
}

}  // namespace reconciler::daemon
