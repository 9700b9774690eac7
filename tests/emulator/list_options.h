// The common query parameters of lists, and the link to the next page.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tests/emulator/odata_filter.h"
#include "tests/emulator/request_context.h"

namespace emulator {

struct ListOptions {
  std::size_t page_size = 1000;
  /// The key after which the page starts; nothing: the first page.
  std::optional<std::string> after;
  Filter filter;
};

std::variant<ListOptions, ApiError> ReadListOptions(const Context& context,
                                                    const std::vector<FilterProperty>& filterable);

/// `,"odata.nextLink":"..."`: the same query, from the item after `last_key`.
std::string NextLinkMember(const Context& context, std::string_view last_key);

/// Which members `$select` asks for: names in request order; nothing: all.
using Selection = std::optional<std::vector<std::string>>;
std::variant<Selection, ApiError> ReadSelect(const Context& context,
                                             const std::vector<std::string_view>& known);

}  // namespace emulator
