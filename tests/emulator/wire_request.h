// A request as it comes over a connection.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <utility>

#include "tests/emulator/service.h"

namespace emulator {

/// Refuses what is longer than any request has reason to be.
class RequestParser : public boost::beast::http::request_parser<boost::beast::http::string_body> {
 public:
  RequestParser() {
    body_limit(16U << 20U);
    header_limit(64U << 10U);
  }

  /// Without the body, which need not be there yet.
  Request Head() const {
    const auto& message = get();
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) {
      request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    return request;
  }
  /// To be called once, when the request is whole.
  Request Take() {
    Request request = Head();
    request.body = std::move(get().body());
    return request;
  }
};

}  // namespace emulator
