// Errors as the service answers them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emulator {

/// One entry of `values`; the value may be left out.
struct ErrorDetail {
  std::string key;
  std::optional<std::string> value;
};

struct ApiError {
  std::string code;
  std::vector<ErrorDetail> details;
};

/// HTTP status of a code and its sentence. Source: Batch REST, error codes; sentences of the pool
/// codes and of InvalidPropertyValue, MissingRequiredProperty, InvalidQueryParameterValue from
/// recorded traffic.
int StatusOf(std::string_view code);
std::string_view SentenceOf(std::string_view code);

/// 400 InvalidPropertyValue with name, value and reason.
ApiError InvalidValue(std::string name, std::string value, std::string reason);
/// 400 MissingRequiredProperty with the name.
ApiError MissingProperty(std::string name);
/// 400 InvalidRequestBody with a reason.
ApiError InvalidBody(std::string reason);
/// 400 InvalidQueryParameterValue with name, value and reason.
ApiError InvalidQuery(std::string name, std::string value, std::string reason);

/// The JSON body; `message` ends with the request id and the time.
std::string ErrorBody(const ApiError& error, std::string_view endpoint, std::string_view request_id,
                      std::string_view time);

}  // namespace emulator
