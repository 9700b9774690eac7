// What an answer of the service says, made safe to print: answers are hostile input.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/core/http_answer.h"
#include "reconciler/core/ports.h"

namespace reconciler::batch {

/// "text/html, 512 bytes": a body for people, without its content.
std::string DescribeBody(const HttpAnswer& answer);

/// An entity tag as a request may send it back; empty when `text` is none: a header from here
/// goes into the next request.
std::string ReadETag(std::string_view text);

struct ServiceError {
  std::string code;  // empty: the body is no error of the service
  std::string text;  // without the lines RequestId and Time and without a full stop
  std::vector<std::pair<std::string, std::string>> values;  // echoed property values left out
};
ServiceError ReadServiceError(const HttpAnswer& answer);

}  // namespace reconciler::batch
