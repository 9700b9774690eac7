#include "tests/emulator/list_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "tests/emulator/skip_token.h"

namespace emulator {

namespace {

std::optional<ApiError> ReadPageSize(const std::string& text, std::size_t& size) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
    return InvalidQuery("maxresults", text, "MaxResults must be a number");
  }
  if (value < 1) return InvalidQuery("maxresults", text, "MaxResults cannot be less than 1");
  if (value > 1000) {
    return ApiError{"OutOfRangeQueryParameterValue",
                    {{"QueryParameterName", "maxresults"},
                     {"QueryParameterValue", text},
                     {"MinimumAllowed", "1"},
                     {"MaximumAllowed", "1000"}}};
  }
  size = static_cast<std::size_t>(value);
  return std::nullopt;
}

SkipScope ScopeOf(const Context& context) {
  return {context.config.seed, context.account.config().name, context.target};
}

}  // namespace

std::variant<ListOptions, ApiError> ReadListOptions(const Context& context,
                                                    const std::vector<FilterProperty>& filterable) {
  ListOptions options;
  if (const std::string* const text = context.target.Find("maxresults")) {
    if (auto error = ReadPageSize(*text, options.page_size)) return std::move(*error);
  }
  if (const std::string* const token = context.target.Find("$skiptoken")) {
    options.after = ReadSkipToken(ScopeOf(context), *token);
    if (!options.after) {
      return InvalidQuery("$skiptoken", *token, "The token is not one of this list and query");
    }
  }
  if (const std::string* const text = context.target.Find("$filter")) {
    auto filter = Filter::Parse(*text, filterable);
    if (auto* const error = std::get_if<std::string>(&filter)) {
      return InvalidQuery("$filter", *text, *error);
    }
    options.filter = std::get<Filter>(std::move(filter));
  }
  return options;
}

std::string NextLinkMember(const Context& context, std::string_view last_key) {
  // Clients sort, rebuild and sign this link: names in lower case, none twice, none without value.
  std::string link = fmt::format("{}{}?$skiptoken={}", context.endpoint, context.target.path,
                                 MakeSkipToken(ScopeOf(context), last_key));
  std::set<std::string> done{"$skiptoken"};
  for (const QueryParameter& parameter : context.target.query) {
    const std::string name = Lower(parameter.name);
    if (parameter.value.empty() || !done.insert(name).second) continue;
    link += fmt::format("&{}={}", name, PercentEncode(parameter.value));
  }
  std::string out = R"(,"odata.nextLink":)";
  AppendQuoted(out, link);
  return out;
}

std::variant<Selection, ApiError> ReadSelect(const Context& context,
                                             const std::vector<std::string_view>& known) {
  if (const std::string* const expand = context.target.Find("$expand")) {
    for (const std::string_view name : Split(*expand, ',')) {
      if (!Trim(name).empty() && Trim(name) != "stats") {
        return InvalidQuery("$expand", *expand, "Only stats can be expanded");
      }
    }
  }
  const std::string* const text = context.target.Find("$select");
  if (text == nullptr || Trim(*text).empty()) return Selection{};
  std::vector<std::string> names;
  for (const std::string_view part : Split(*text, ',')) {
    const std::string_view name = Trim(part);
    if (std::find(known.begin(), known.end(), name) != known.end()) {
      names.emplace_back(name);
    } else if (context.config.switches.reject_unknown_select) {
      return InvalidQuery("$select", *text, fmt::format("The property '{}' is not known", name));
    }
  }
  return Selection{std::move(names)};
}

}  // namespace emulator
