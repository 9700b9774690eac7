// What an answer of the service says, made safe to print: answers are hostile input.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/core/ports.h"

namespace reconciler::batch {

/// Text from the network on one line: control characters become blanks, bytes that are not UTF-8
/// become '?', what is longer than `bytes_max` ends in "...".
std::string Printable(std::string_view text, std::size_t bytes_max = 1'000);

/// The first header of that name, without case; empty if absent.
std::string_view HeaderOf(const HttpAnswer& answer, std::string_view name);

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
