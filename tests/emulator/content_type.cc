#include "tests/emulator/content_type.h"

#include <algorithm>

namespace emulator {

namespace {

bool IsBodyType(std::string_view type) {
  const auto parts = Split(type, ';');
  const auto is_minimal = [](std::string_view part) {
    return EqualsIgnoringCase(Trim(part), "odata=minimalmetadata");
  };
  return EqualsIgnoringCase(Trim(parts.front()), "application/json") &&
         std::any_of(parts.begin() + 1, parts.end(), is_minimal);
}

}  // namespace

std::optional<ApiError> ContentTypeProblem(const Context& context) {
  const std::string& method = context.request.method;
  const bool has_body = method == "POST" || method == "PUT" || method == "PATCH";
  if (!context.config.switches.reject_other_content_types || !has_body ||
      context.request.body.empty()) {
    return std::nullopt;
  }
  const std::string* const type = FindHeader(context.request.headers, "Content-Type");
  if (type == nullptr) return ApiError{"MissingRequiredHeader", {{"HeaderName", "Content-Type"}}};
  if (IsBodyType(*type)) return std::nullopt;
  return ApiError{"InvalidHeaderValue", {{"HeaderName", "Content-Type"}, {"HeaderValue", *type}}};
}

}  // namespace emulator
