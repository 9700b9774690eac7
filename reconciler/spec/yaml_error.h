// What the YAML parser complains about, in words that say what to do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconciler/spec/source.h"

namespace reconciler::spec {

struct ParserProblem {
  Place place;
  std::string message;
};
/// `text`: the parser's own; `open_flow`: the innermost "[" or "{" that is not closed yet.
ParserProblem ExplainParserError(std::string_view text, const Place& at,
                                 const std::optional<Place>& open_flow);

}  // namespace reconciler::spec
