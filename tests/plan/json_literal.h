// JSON text as a Value, for tests.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "reconciler/core/json.h"

namespace reconciler::plan {

inline Value Json(std::string_view text) {
  Result<Value> value = ParseJson(text);
  const std::string problem = value ? "" : value.error().message;
  REQUIRE_MESSAGE(value.has_value(), problem << " in " << std::string(text));
  return std::move(value).value();
}

}  // namespace reconciler::plan
