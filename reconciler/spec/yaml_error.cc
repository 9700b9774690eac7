#include "reconciler/spec/yaml_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reconciler::spec {
namespace {

struct Advice {
  std::string_view parser_text;  // how the parser's message begins
  std::string_view advice;
};

constexpr std::array<Advice, 17> kAdvice = {{
    {"illegal map value",
     "a ':' does not fit here; check the indentation and the line before, and quote a value that "
     "holds ': '"},
    {"the referenced anchor", "aliases (*name) are not read here; write the value out"},
    {"illegal map key", "a key does not fit here; check the indentation"},
    {"illegal block entry", "a '- ' does not fit here; check the indentation"},
    {"end of map not found",
     "this does not belong to the mapping before it; check the indentation, the ':' and the "
     "quotes"},
    {"end of sequence not found",
     "this does not belong to the list before it; check the indentation, the '- ' and the quotes"},
    {"illegal flow end", "a ']' or '}' without its opening bracket"},
    {"unknown token", "a value cannot begin with this character; quote the value"},
    {"unknown escape character", "no such escape in double quotes; use '...' or double the '\\'"},
    {"bad character found while scanning hex number", "an escape needs hexadecimal digits"},
    {"invalid unicode",
     "an escape names no character; of JSON's two escapes for one ('\\ud83d\\ude00') write the "
     "character itself"},
    {"illegal EOF in scalar", "the file ends inside a quoted text"},
    {"illegal document indicator in scalar", "the document ends inside a quoted text"},
    {"illegal tab", "tab in indentation; indent with spaces"},
    {"unexpected character in block scalar",
     "only '+', '-' or a digit may stand behind '|' or '>'"},
    {"cannot set zero indentation", "the indentation of a block text is 1 to 9"},
    {"illegal character in scalar", "a character that cannot stand in this text; quote it"},
}};

}  // namespace

ParserProblem ExplainParserError(std::string_view text, const Place& at,
                                 const std::optional<Place>& open_flow) {
  const bool in_flow = text.find("flow not found") != std::string_view::npos;
  if (in_flow && open_flow) {
    return {*open_flow, fmt::format("not YAML: this bracket is not closed ({})", text)};
  }
  const auto* found = std::find_if(kAdvice.begin(), kAdvice.end(), [&](const Advice& advice) {
    return text.starts_with(advice.parser_text);
  });
  if (found == kAdvice.end()) return {at, fmt::format("not YAML: {}", text)};
  return {at, fmt::format("not YAML: {} ({})", found->advice, text)};
}

}  // namespace reconciler::spec
