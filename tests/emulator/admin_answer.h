// Answers of the admin calls.
#pragma once

#include <string>
#include <string_view>

#include "tests/emulator/json.h"
#include "tests/emulator/service.h"

namespace emulator {

Response AdminAnswer(int status, std::string_view reason, const Json& body);
Response AdminOk(const Json& body);
/// 200 with a text that is JSON.
Response AdminText(std::string json);
Response AdminRefusal(int status, std::string_view reason, std::string message);
Response AdminBadRequest(std::string message);
/// 405; `methods`: what the path takes.
Response AdminWrongMethod(std::string_view path, std::string_view methods);

}  // namespace emulator
