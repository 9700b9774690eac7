#include "tests/emulator/fault_member.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "tests/emulator/http_text.h"
#include "tests/emulator/json.h"

namespace emulator {

namespace {

/// Stands in the text where the fault's own text comes in, which need not be JSON.
constexpr std::string_view kMark = "faulty-member-mark";

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  });
  return text;
}

/// What stands behind the mark of a member that comes twice.
void Change(Json& object, std::string_view name, const MemberFault& fault, std::string& twice) {
  Json::Object& members = *object.AsObject();
  const auto at = std::find_if(members.begin(), members.end(),
                               [&](const JsonMember& member) { return member.name == name; });
  const bool there = at != members.end();
  switch (fault.act) {
    case MemberFault::Act::kSet:
      return object.Set(name, Json(std::string(kMark)));
    case MemberFault::Act::kDrop:
      return object.Remove(name);
    case MemberFault::Act::kUpperCase:
      if (there) at->name = Upper(at->name);
      return;
    case MemberFault::Act::kTwice:
      if (!there) return;
      twice = JsonText(at->value);
      members.insert(at, JsonMember{std::string(name), Json(std::string(kMark))});
  }
}

/// Follows the name to its object.
void Bend(Json& object, std::string_view name, const MemberFault& fault, std::string& twice) {
  if (object.AsObject() == nullptr) return;
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return Change(object, name, fault, twice);
  for (JsonMember& member : *object.AsObject()) {
    if (member.name == name.substr(0, dot)) Bend(member.value, name.substr(dot + 1), fault, twice);
  }
}

std::string Text(const Json& json, const std::string& in_place_of_mark) {
  std::string text = JsonText(json);
  const std::string quoted = '"' + std::string(kMark) + '"';
  for (std::size_t at = text.find(quoted); at != std::string::npos;
       at = text.find(quoted, at + in_place_of_mark.size())) {
    text.replace(at, quoted.size(), in_place_of_mark);
  }
  return text;
}

}  // namespace

std::string WithMember(const MemberFault& fault, const std::string& body) {
  auto whole = ParseJson(body);
  if (!whole || whole->AsObject() == nullptr) return body;
  Json* list = nullptr;
  for (JsonMember& member : *whole->AsObject()) {
    if (member.name == "value" && member.value.AsList() != nullptr) list = &member.value;
  }
  const auto bend = [&](Json& object) {
    std::string twice = fault.text;
    Bend(object, fault.name, fault, twice);
    const std::string text = Text(object, twice);
    return text;
  };
  if (list == nullptr) return bend(*whole);
  std::string items;
  for (Json& item : *list->AsList()) items += (items.empty() ? "" : ",") + bend(item);
  *list = Json(std::string(kMark));
  return Text(*whole, '[' + items + ']');
}

}  // namespace emulator
