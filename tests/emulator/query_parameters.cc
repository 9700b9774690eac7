#include "tests/emulator/query_parameters.h"

#include <algorithm>
#include <charconv>

namespace emulator {

namespace {

constexpr std::string_view kForceSince = "2024-07-01.20.0";

bool Takes(const OperationRow& row, std::string_view name, std::string_view api_version) {
  if (name == "api-version" || name == "timeout") return true;
  if (name == "force" && api_version < kForceSince) return false;
  const auto names = Split(row.query, ' ');
  return !name.empty() && std::find(names.begin(), names.end(), name) != names.end();
}

/// Seconds; the service replaces what is more than 30.
bool IsTimeout(std::string_view text) {
  std::int32_t seconds = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, seconds);
  return read.ec == std::errc{} && read.ptr == end;
}

}  // namespace

std::optional<ApiError> QueryProblem(const Context& context, const OperationRow& row) {
  for (const QueryParameter& sent : context.target.query) {
    const std::string name = Lower(sent.name);
    if (!Takes(row, name, context.api_version)) {
      return ApiError{"UnsupportedQueryParameter",
                      {{"QueryParameterName", sent.name}, {"QueryParameterValue", sent.value}}};
    }
    if (name == "timeout" && !IsTimeout(sent.value)) {
      return InvalidQuery(sent.name, sent.value, "The timeout must be a number of seconds");
    }
  }
  return std::nullopt;
}

}  // namespace emulator
