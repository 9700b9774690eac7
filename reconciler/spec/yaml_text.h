// Values as YAML text, as a person would write it and as the reader here takes it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"

namespace reconciler::spec {

/// Lines by the path of what they stand above or below: "spec.userAccounts[0].password". One that
/// begins with '#' is a comment as it is, "" is an empty line.
using Comments = std::map<std::string, std::vector<std::string>, std::less<>>;
/// Comments behind the first line of what has the path, from their '#' on.
using Trailing = std::map<std::string, std::string, std::less<>>;
using Paths = std::set<std::string, std::less<>>;

struct YamlRemarks {
  Comments above;
  Comments below;  // behind all that belongs to what has the path
  Trailing behind;
  Paths empty{};  // nulls of which nothing is written: "key:"
};

inline constexpr std::size_t kYamlLineMax = 100;

/// A document in block style; mappings and lists that fit in `line_max` columns go on one line.
/// Members come in the order of the table, what it does not know last. `root`: the row of the whole
/// document. Reading the text gives the value again, but for text with control characters, which no
/// spec can hold.
std::string WriteYaml(const Value& document, const PropertyNode& root,
                      const YamlRemarks& remarks = {}, std::size_t line_max = kYamlLineMax);

/// The same on one line, members in their own order.
std::string FlowYaml(const Value& value);

/// One scalar as it stands in YAML: plain where that is safe, else in double quotes. `flow`: within
/// brackets.
std::string YamlScalar(const Value& value, bool flow);

}  // namespace reconciler::spec
