#include "tests/daemon/schema_hover.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "daemon/property_place.h"
#include "daemon/property_words.h"
#include "reconciler/core/json.h"
#include "reconciler/core/value.h"

namespace reconciler::daemon {
namespace {

using Places = std::vector<PropertyPlace>;

std::string MembersPath(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

/// Which places of a document each object of its schema describes: one of $defs may have many.
class Describer {
 public:
  Describer(std::string_view kind, const Value& schema) : schema_(schema) {
    for (PropertyPlace& place : AllBelow(DocumentPlace(kind))) {
      places_.emplace(place.path, std::move(place));
    }
    Walk(schema, "");
  }

  Places Of(const Value& node) const {
    const auto found = of_node_.find(&node);
    return found == of_node_.end() ? Places() : found->second;
  }

 private:
  void Walk(const Value& node, const std::string& path) {
    if (const auto place = places_.find(path); place != places_.end()) {
      of_node_[&node].push_back(place->second);
    }
    const Value* const ref = node.Find("$ref");
    if (ref != nullptr && ref->AsString().starts_with("#/")) {
      Walk(*schema_.FindPath("$defs." + ref->AsString().substr(8)), path);
    }
    if (const Value* const members = node.Find("properties")) {
      for (const Member& member : members->AsObject()) {
        Walk(member.value, MembersPath(path, member.name));
      }
    }
    if (const Value* const item = node.Find("items")) Walk(*item, path + "[]");
    const Value* const further = node.Find("additionalProperties");
    if (further != nullptr && further->IsObject()) Walk(*further, MembersPath(path, "*"));
    if (const Value* const ways = node.Find("oneOf")) {
      for (const Value& way : ways->AsArray()) Walk(way, path);
    }
  }

  const Value& schema_;
  std::map<std::string, PropertyPlace> places_;
  std::map<const Value*, Places> of_node_;
};

std::string PathInSpec(const PropertyPlace& place) {
  constexpr std::string_view kSpec = "spec.";
  return place.path.starts_with(kSpec) ? place.path.substr(kSpec.size()) : place.path;
}

/// Costs are those of a top-level property.
std::string TopLevelName(const PropertyPlace& place) {
  const std::string path = PathInSpec(place);
  return path.substr(0, path.find_first_of(".["));
}

/// What is said of each place, once; where they differ, with the places it is said of.
template <class Say, class Name>
std::string Said(const Places& places, Say say, Name name) {
  std::vector<std::pair<std::string, std::vector<std::string>>> said;
  for (const PropertyPlace& place : places) {
    const std::string text = say(place);
    auto same = std::find_if(said.begin(), said.end(),
                             [&text](const auto& other) { return other.first == text; });
    if (same == said.end()) same = said.insert(said.end(), {text, {}});
    std::string of = "`" + name(place) + "`";
    if (std::count(same->second.begin(), same->second.end(), of) == 0) {
      same->second.push_back(std::move(of));
    }
  }
  std::string lines;
  for (const auto& [text, names] : said) {
    if (text.empty()) continue;
    lines += text + (said.size() == 1 ? "" : fmt::format(" (in {})", fmt::join(names, ", ")));
  }
  return lines;
}

/// Text as it is, in Markdown.
std::string Escaped(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>#").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string Line(const std::string& label, const std::string& text) {
  return text.empty() ? "" : "\n- " + label + ": " + text;
}

std::string Default(const PropertyPlace& place) {
  const std::string words = DefaultWords(place);
  const bool is_prose = words.empty() || words == "nothing" || words.starts_with("left to");
  return Line("Default", is_prose ? words : "`" + words + "`");
}

std::string Secret(const PropertyPlace& place) { return Line("Secret", SecretWords(*place.row)); }

std::string Change(const PropertyPlace& place) {
  std::string lines;
  for (const std::string& words : CostWords(*place.row)) lines += Line("Change", words);
  return lines;
}

std::string CostNote(const PropertyPlace& place) { return Line("Change", place.row->cost_note); }

std::string Versions(const PropertyPlace& place) {
  return Line("Versions", VersionsInWords(place.since, place.until));
}

std::string Hover(const std::string& description, const Places& places) {
  const std::string lines = Said(places, Default, PathInSpec) + Said(places, Secret, PathInSpec) +
                            Said(places, Change, TopLevelName) +
                            Said(places, CostNote, PathInSpec) + Said(places, Versions, PathInSpec);
  return lines.empty() ? "" : Escaped(description) + "\n" + lines;
}

/// In the order in which the descriptions stand in the text.
void CollectHovers(const Value& node, const Describer& describer, std::vector<std::string>& out) {
  if (node.IsArray()) {
    for (const Value& item : node.AsArray()) CollectHovers(item, describer, out);
  }
  if (!node.IsObject()) return;
  for (const Member& member : node.AsObject()) {
    if (member.name == "description" && member.value.IsString()) {
      out.push_back(Hover(member.value.AsString(), describer.Of(node)));
    } else {
      CollectHovers(member.value, describer, out);
    }
  }
}

/// What separates a keyword from the one before it: a line of its own, if that had one.
std::string Separator(const std::string& text, std::size_t at) {
  const std::size_t begin = text.rfind('\n', at) + 1;
  const std::string indent = text.substr(begin, at - begin);
  const bool first_of_line = indent.find_first_not_of(' ') == std::string::npos;
  return first_of_line ? ",\n" + indent : ", ";
}

/// Behind the text in quotes that `at` lies before.
std::size_t EndOfText(const std::string& json, std::size_t at) {
  at = json.find('"', at) + 1;
  while (json[at] != '"') at += json[at] == '\\' ? 2U : 1U;
  return at + 1;
}

std::string WithoutHovers(std::string json) {
  constexpr std::string_view kKeyword = "\"markdownDescription\":";
  for (auto at = json.find(kKeyword); at != std::string::npos; at = json.find(kKeyword, at)) {
    const std::size_t comma = json.rfind(',', at);
    json.erase(comma, EndOfText(json, at + kKeyword.size()) - comma);
    at = comma;
  }
  return json;
}

}  // namespace

std::string WithHovers(std::string_view kind, const std::string& schema) {
  constexpr std::string_view kKeyword = "\"description\": \"";
  const std::string bare = WithoutHovers(schema);
  const Value tree = ParseJson(bare).value();
  std::vector<std::string> hovers;
  CollectHovers(tree, Describer(kind, tree), hovers);
  std::string text;
  std::size_t copied = 0;
  auto hover = hovers.begin();
  for (auto at = bare.find(kKeyword); at != std::string::npos; at = bare.find(kKeyword, copied)) {
    const std::size_t end = EndOfText(bare, at + kKeyword.size() - 1);
    text += bare.substr(copied, end - copied);
    copied = end;
    if (!hover->empty()) {
      text += Separator(bare, at) + "\"markdownDescription\": " + WriteJson(Value(*hover));
    }
    ++hover;
  }
  return text + bare.substr(copied);
}

}  // namespace reconciler::daemon
