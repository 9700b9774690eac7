// A list answer of the service, taken apart without building a tree of the page.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "reconciler/core/json.h"
#include "reconciler/core/result.h"

namespace reconciler {

/// What stands around the items of a list answer.
struct JsonListTail {
  std::string next_link;  // "odata.nextLink", empty on the last page
  std::size_t items = 0;
};

/// Reads {"value":[...],"odata.nextLink":...} and hands the text of each item to `visit`, a view
/// into `body`. Items are only delimited here, not checked: who uses one parses it with ParseJson,
/// and who has parsed the same text before need not do so again. A `visit` that returns an error
/// ends the walk with it. Errors: kTransient for text that is not such a list (a gateway's page, a
/// cut body), with the byte.
Result<JsonListTail> SplitJsonList(std::string_view body,
                                   const std::function<Status(std::string_view item)>& visit,
                                   const JsonLimits& limits = {});

}  // namespace reconciler
