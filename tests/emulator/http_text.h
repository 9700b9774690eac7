// Small helpers over request lines, headers and text without case.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace emulator {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// "Not Found"; "Unknown" of statuses that nobody answers here by themselves.
std::string_view ReasonPhrase(int status);

std::string Lower(std::string_view text);
bool EqualsIgnoringCase(std::string_view a, std::string_view b);
/// The first header of that name, matched without case; null when absent.
const std::string* FindHeader(const Headers& headers, std::string_view name);

struct QueryParameter {
  std::string name;   // decoded, as spelled
  std::string value;  // decoded
};

/// A request target taken apart. `path` stays as encoded on the wire.
struct Target {
  std::string path;
  std::vector<QueryParameter> query;
  /// The value of the first parameter of that name (matched without case); null when absent.
  const std::string* Find(std::string_view name) const;
};

/// Takes `/path?query` and the absolute form `http://host/path?query`.
Target ParseTarget(std::string_view target);
/// Undoes percent encoding and, in queries, `+` for a blank. Bad escapes stay as they are.
std::string PercentDecode(std::string_view text, bool plus_is_blank);
std::string PercentEncode(std::string_view text);
std::vector<std::string_view> Split(std::string_view text, char separator);
std::string_view Trim(std::string_view text);

std::string Base64UrlEncode(std::string_view bytes);
std::optional<std::string> Base64UrlDecode(std::string_view text);

}  // namespace emulator
