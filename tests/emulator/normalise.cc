#include "tests/emulator/normalise.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tests/emulator/http_text.h"
#include "tests/emulator/time_text.h"

namespace emulator {

namespace {

void Note(std::optional<ApiError>& slot, ApiError error) {
  if (!slot) slot = std::move(error);
}

std::optional<Json> WrongType(const Member& member, std::string_view expected,
                              BodyProblems& problems) {
  Note(problems.shape,
       InvalidBody(fmt::format("The property '{}' must be {}", member.name, expected)));
  return std::nullopt;
}

std::optional<std::int64_t> Number(const std::string& text) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

void CheckRange(const Member& member, std::int64_t value, std::string_view shown,
                std::string_view what, BodyProblems& problems) {
  const auto min = Number(member.min), max = Number(member.max);
  if ((!min || value >= *min) && (!max || value <= *max)) return;
  Note(problems.value, InvalidValue(member.name, std::string(shown),
                                    fmt::format("The {} must be in the range {}..{}", what,
                                                member.min, member.max)));
}

std::optional<Json> NormaliseText(const Json& sent, const Member& member,
                                  const NormaliseContext& context, BodyProblems& problems) {
  const std::string* const text = sent.AsString();
  if (text == nullptr) return WrongType(member, "a string", problems);
  const auto continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  const auto characters = static_cast<std::int64_t>(text->size()) -
                          std::count_if(text->begin(), text->end(), continuation);
  CheckRange(member, characters, *text, "length", problems);
  if (member.sas && context.switches.strip_sas) return Json{text->substr(0, text->find('?'))};
  return Json{member.lower ? Lower(*text) : *text};
}

std::optional<Json> NormaliseEnum(const Json& sent, const Member& member,
                                  const NormaliseContext& context, BodyProblems& problems) {
  const std::string* const text = sent.AsString();
  if (text == nullptr) return WrongType(member, "a string", problems);
  std::vector<std::string> known;
  for (const EnumValue& value : member.values) {
    if (!value.since.empty() && context.api_version < value.since) continue;
    if (EqualsIgnoringCase(value.text, *text)) return Json{value.text};
    known.push_back(value.text);
  }
  Note(problems.value,
       InvalidValue(member.name, *text,
                    fmt::format("The value must be one of {}", fmt::join(known, ", "))));
  return std::nullopt;
}

void CheckTimeout(const std::string& shown, Duration timeout, const Switches& switches,
                  BodyProblems& problems) {
  const std::int64_t hours = switches.resize_timeout_hours_max;
  if (hours == 0 || timeout <= std::chrono::hours{hours}) return;
  Note(problems.value, InvalidValue("resizeTimeout", shown,
                                    fmt::format("The value must not exceed {} hours", hours)));
}

std::optional<Json> NormaliseDuration(const Json& sent, const Member& member,
                                      const NormaliseContext& context, BodyProblems& problems) {
  const std::string* const text = sent.AsString();
  const auto duration = text == nullptr ? std::nullopt : ParseDuration(*text);
  if (!duration) return WrongType(member, "an ISO 8601 duration", problems);
  const auto min = ParseDuration(member.min), max = ParseDuration(member.max);
  if ((min && *duration < *min) || (max && *duration > *max)) {
    Note(problems.value, InvalidValue(member.name, *text,
                                      fmt::format("The value must be in the range {}..{}",
                                                  member.min, member.max)));
  }
  if (member.name == "resizeTimeout") CheckTimeout(*text, *duration, context.switches, problems);
  // A fill keeps its spelling: the service shows P0D where nothing was sent and PT0S where it was.
  return Json{*text == "P0D" ? *text : FormatDuration(*duration)};
}

std::optional<Json> NormaliseList(const Json& sent, const Member& member,
                                  const NormaliseContext& context, BodyProblems& problems) {
  const Json::List* const list = sent.AsList();
  if (list == nullptr) return WrongType(member, "an array", problems);
  CheckRange(member, static_cast<std::int64_t>(list->size()), std::to_string(list->size()),
             "number of items", problems);
  Member item = member;
  item.type = member.item_type;
  item.min.clear();
  item.max.clear();
  item.drop_empty = false;
  NormaliseContext whole = context;
  whole.partial = false;
  Json::List kept;
  for (const Json& element : *list) {
    if (auto value = NormaliseValue(element, item, whole, problems))
      kept.push_back(std::move(*value));
  }
  if (member.name == "ipFamilies") {  // the service sorts them
    std::stable_sort(kept.begin(), kept.end(),
                     [](const Json& a, const Json& b) { return *a.AsString() < *b.AsString(); });
  }
  if (kept.empty() && member.drop_empty) return std::nullopt;
  return Json{std::move(kept)};
}

/// Keeps the two spellings of a data disk's storage type equal, whichever version was spoken.
void AlignDataDisk(const Json& sent, bool old_spelling, Json& disk) {
  const Json* const now = disk.Find("managedDisk");
  if (now == nullptr) return;  // it was of the wrong type, which is noted
  if (const std::string old = Lower(sent.Text("storageAccountType"));
      old_spelling && !old.empty()) {
    Json managed = *now;
    managed.Set("storageAccountType", Json{old});
    disk.Set("managedDisk", std::move(managed));
  } else {
    disk.Set("storageAccountType", Json{now->Text("storageAccountType")});
  }
}

/// Source: Batch REST, UserAccount.windowsUserConfiguration; of Linux members it says that they are
/// ignored on Windows.
ApiError OnlyOnWindows(const std::string& name) {
  return {"InvalidPropertyValue",
          {{"PropertyName", name}, {"Reason", "The property is for Windows pools only"}}};
}

/// Secrets are not kept, so that this has to look at what was sent. Source: Batch REST,
/// AzureBlobFileSystemConfiguration: exactly one must be specified.
void CheckBlobCredentials(const Json& sent, BodyProblems& problems) {
  int given = 0;
  for (const char* const name : {"accountKey", "sasKey", "identityReference"}) {
    if (sent.Find(name) != nullptr) ++given;
  }
  if (given == 1) return;
  Note(problems.value,
       ApiError{
           "InvalidPropertyValue",
           {{"PropertyName", "azureBlobFileSystemConfiguration"},
            {"Reason", "Exactly one of accountKey, sasKey and identityReference must be given"}}});
}

}  // namespace

bool LeftOut(const JsonMember& given, const NormaliseContext& context, BodyProblems& problems) {
  if (!given.value.IsNull()) return false;
  if (context.switches.reject_null_members) {
    Note(problems.value,
         InvalidValue(given.name, "null", "A property that is given needs a value"));
  }
  return true;
}

std::optional<std::int64_t> IntegerOf(const Json& value) {
  if (const auto* integer = value.AsInteger()) return *integer;
  if (const auto* text = value.AsString()) return Number(*text);
  return std::nullopt;
}

bool Accepts(const Member* member, std::string_view name, const NormaliseContext& context,
             BodyProblems& problems) {
  // Annotations: the documentation's examples and clients that send back what they got have them.
  if (name.rfind("odata.", 0) == 0) return false;
  if (member == nullptr || member->type == MemberType::kRead) {
    if (context.switches.reject_unknown_members) {
      Note(problems.shape, InvalidBody(fmt::format("The property '{}' is not known", name)));
    }
    return false;
  }
  if (member->In(context.api_version)) return true;
  const bool removed = !member->until.empty() && context.api_version > member->until;
  const Switches& switches = context.switches;
  if (removed ? switches.reject_removed_members : switches.reject_unknown_members) {
    Note(problems.shape,
         ApiError{"UnsupportedProperty",
                  {{"PropertyName", std::string(name)},
                   {"Reason", fmt::format("The property is not part of api-version {}",
                                          context.api_version)}}});
  }
  return false;
}

std::optional<Json> NormaliseValue(const Json& sent, const Member& member,
                                   const NormaliseContext& context, BodyProblems& problems) {
  switch (member.type) {
    case MemberType::kString:
      return NormaliseText(sent, member, context, problems);
    case MemberType::kEnum:
      return NormaliseEnum(sent, member, context, problems);
    case MemberType::kDuration:
      return NormaliseDuration(sent, member, context, problems);
    case MemberType::kInteger: {
      const auto value = IntegerOf(sent);
      if (!value || *value > INT32_MAX || *value < INT32_MIN) {
        return WrongType(member, "an integer", problems);
      }
      CheckRange(member, *value, std::to_string(*value), "value", problems);
      return Json{*value};
    }
    case MemberType::kBool:
      if (sent.AsBool() == nullptr) return WrongType(member, "true or false", problems);
      return sent;
    case MemberType::kObject:
      if (sent.AsObject() == nullptr) return WrongType(member, "an object", problems);
      if (sent.AsObject()->empty() && member.drop_empty) return std::nullopt;
      return NormaliseObject(sent, member, context, problems);
    case MemberType::kList:
      return NormaliseList(sent, member, context, problems);
    case MemberType::kAny:
      return sent;
    case MemberType::kRead:
      break;
  }
  return std::nullopt;
}

Json NormaliseObject(const Json& sent, const Member& member, const NormaliseContext& context,
                     BodyProblems& problems) {
  for (const JsonMember& given : *sent.AsObject()) {
    if (LeftOut(given, context, problems)) continue;
    Accepts(member.Child(given.name), given.name, context, problems);
  }
  Json::Object kept;
  for (const Member& child : member.children) {
    if (child.type == MemberType::kRead) continue;
    const Json* value = sent.Find(child.name);
    BodyProblems ignored;
    if (value != nullptr && !Accepts(&child, child.name, context, ignored)) value = nullptr;
    const bool needed = child.required && !context.partial && child.In(context.api_version);
    if (value == nullptr && needed) {
      Note(problems.shape, MissingProperty(child.name));
    }
    if (value == nullptr && child.fill) value = &*child.fill;
    if (value == nullptr) continue;
    // What is filled in may belong to another version: the kept form serves them all.
    std::optional<Json> normal = NormaliseValue(*value, child, context, problems);
    const bool wrong_system =
        (child.windows_only && !context.windows) || (child.linux_only && context.windows);
    if (wrong_system && child.windows_only && sent.Find(child.name) != nullptr) {
      Note(problems.value, OnlyOnWindows(child.name));
    }
    if (!normal || child.secret || wrong_system) continue;
    kept.push_back({child.name, std::move(*normal)});
  }
  Json object{std::move(kept)};
  if (member.name == "azureBlobFileSystemConfiguration") CheckBlobCredentials(sent, problems);
  if (member.name == "dataDisks") {
    AlignDataDisk(sent, member.Child("storageAccountType")->In(context.api_version), object);
  }
  return object;
}

void AppendForVersion(std::string& out, const Json& value, const Member& member,
                      std::string_view api_version) {
  if (const Json::List* const list = value.AsList(); list != nullptr && !member.children.empty()) {
    out += '[';
    for (const Json& item : *list) {
      if (&item != list->data()) out += ',';
      AppendForVersion(out, item, member, api_version);
    }
    out += ']';
    return;
  }
  const Json::Object* const object = value.AsObject();
  if (object == nullptr || member.children.empty()) return AppendJson(out, value);
  out += '{';
  bool first = true;
  for (const JsonMember& entry : *object) {
    const Member* const child = member.Child(entry.name);
    if (child == nullptr || !child->In(api_version)) continue;
    if (!first) out += ',';
    first = false;
    AppendQuoted(out, entry.name);
    out += ':';
    AppendForVersion(out, entry.value, *child, api_version);
  }
  out += '}';
}

}  // namespace emulator
