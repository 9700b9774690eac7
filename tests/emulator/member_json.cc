#include "tests/emulator/member_json.h"

#include <algorithm>

namespace emulator {

std::vector<std::string_view> NamesOf(const Member& table, std::string_view api_version) {
  std::vector<std::string_view> names;
  for (const Member& member : table.children) {
    if (member.In(api_version)) names.push_back(member.name);
  }
  return names;
}

void AppendMembers(std::string& out, const Member& table, const Json& settings,
                   std::string_view api_version, const Selection& names,
                   const MemberWriter& write) {
  bool first = true;
  for (const Member& member : table.children) {
    if (names && std::find(names->begin(), names->end(), member.name) == names->end()) continue;
    if (!member.In(api_version)) continue;
    const std::size_t before = out.size();
    out += fmt::format("{}\"{}\":", first ? "" : ",", member.name);
    const Json* const setting = settings.Find(member.name);
    if (setting != nullptr) AppendForVersion(out, *setting, member, api_version);
    if (setting != nullptr || write(out, member.name)) {
      first = false;
    } else {
      out.resize(before);
    }
  }
}

bool WriteText(std::string& out, std::string_view text) {
  AppendQuoted(out, text);
  return true;
}

bool WriteTime(std::string& out, Instant time) { return WriteText(out, FormatTime(time)); }

std::optional<bool> WriteVersion(std::string& out, std::string_view name, const Versioned& thing,
                                 Instant created) {
  if (name == "eTag") return WriteText(out, thing.etag);
  if (name == "lastModified") return WriteTime(out, thing.last_modified);
  if (name == "creationTime") return WriteTime(out, created);
  return std::nullopt;
}

std::string ElementOf(const Context& context, std::string_view collection,
                      const std::string& members) {
  std::string body =
      fmt::format(R"({{"odata.metadata":"{}/$metadata#{}/@Element")", context.endpoint, collection);
  if (!members.empty()) body += ',' + members;
  return body + '}';
}

}  // namespace emulator
