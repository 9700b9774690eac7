#include "tests/emulator/admin_answer.h"

#include <fmt/format.h>

#include <utility>

namespace emulator {

namespace {

Response TextAnswer(int status, std::string_view reason, std::string json) {
  Response response{status, std::string(reason), {{"Content-Type", "application/json"}}, {}};
  response.body = std::move(json) + '\n';
  response.headers.emplace_back("Content-Length", std::to_string(response.body.size()));
  return response;
}

}  // namespace

Response AdminAnswer(int status, std::string_view reason, const Json& body) {
  return TextAnswer(status, reason, JsonText(body));
}

Response AdminText(std::string json) { return TextAnswer(200, "OK", std::move(json)); }

Response AdminOk(const Json& body) { return AdminAnswer(200, "OK", body); }

Response AdminRefusal(int status, std::string_view reason, std::string message) {
  return AdminAnswer(status, reason, Json(Json::Object{{"error", Json(std::move(message))}}));
}

Response AdminBadRequest(std::string message) {
  return AdminRefusal(400, "Bad Request", std::move(message));
}

Response AdminWrongMethod(std::string_view path, std::string_view methods) {
  return AdminRefusal(405, "Method Not Allowed", fmt::format("{} takes {}", path, methods));
}

}  // namespace emulator
