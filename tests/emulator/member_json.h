// Objects rendered by a member table, and pages of them.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/list_options.h"
#include "tests/emulator/member_table.h"

namespace emulator {

/// Of the members that this api-version has.
std::vector<std::string_view> NamesOf(const Member& table, std::string_view api_version);

/// Writes the value of a member that is no setting; false: it is absent.
using MemberWriter = std::function<bool(std::string& out, std::string_view name)>;

/// Appends the selected members in table order, comma-separated, without braces.
void AppendMembers(std::string& out, const Member& table, const Json& settings,
                   std::string_view api_version, const Selection& names, const MemberWriter& write);

/// Appends a quoted text, time or number; true, for writers to return.
bool WriteText(std::string& out, std::string_view text);
bool WriteTime(std::string& out, Instant time);
/// `etag`, `url` and the times that jobs, tasks and schedules share; nothing: another member.
std::optional<bool> WriteVersion(std::string& out, std::string_view name, const Versioned& thing,
                                 Instant created);

/// The body of a GET of one object.
std::string ElementOf(const Context& context, std::string_view collection,
                      const std::string& members);

/// The body of a list over a map whose keys are the order of the list. `lookup` gives properties to
/// the filter; `append` writes an item without braces.
template <class Items, class Lookup, class Append>
std::string PageOf(const Context& context, const ListOptions& options, std::string_view collection,
                   const Items& items, Lookup lookup, Append append) {
  std::string body = fmt::format(R"({{"odata.metadata":"{}/$metadata#{}","value":[)",
                                 context.endpoint, collection);
  std::size_t count = 0;
  std::string last, link;
  auto at = options.after ? items.upper_bound(*options.after) : items.begin();
  for (; at != items.end(); ++at) {
    const auto& item = at->second;
    if (!options.filter.Matches([&](std::string_view name) { return lookup(item, name); }))
      continue;
    if (count == options.page_size) {
      link = NextLinkMember(context, last);
      break;
    }
    body += count++ == 0 ? "{" : ",{";
    append(body, item);
    body += '}';
    last = at->first;
  }
  return body + ']' + link + '}';
}

}  // namespace emulator
