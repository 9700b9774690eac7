// A service with a clock that stands still until it is told to move; requests go in unsigned.
#pragma once

#include <optional>
#include <string>

#include "tests/emulator/content_type.h"
#include "tests/emulator/json.h"
#include "tests/emulator/service.h"
#include "tests/emulator/test/other_side.h"

namespace emulator {

/// Settings of tests: no signatures, the switches of this run, links start with http://batch.local.
inline ServiceConfig TestConfig() {
  ServiceConfig config;
  config.verify_signatures = false;
  config.switches = SwitchesOfRun();
  config.endpoint = "http://batch.local";
  return config;
}

/// As TestConfig, for cases about one side of a switch: each stands at its default.
inline ServiceConfig DefaultSide() {
  ServiceConfig config = TestConfig();
  config.switches = {};
  return config;
}

/// With the type of a body, unless there is none or it has one.
inline Headers Typed(Headers headers, const std::string& body) {
  if (!body.empty() && FindHeader(headers, "Content-Type") == nullptr) {
    headers.emplace_back("Content-Type", kBodyType);
  }
  return headers;
}

class World {
 public:
  explicit World(ServiceConfig config = TestConfig())
      : service(std::move(config), [this] { return now; }) {}

  /// `target` without api-version, which is added, as is the type of a body. A body of "" is none.
  Response Call(const std::string& method, const std::string& target, const std::string& body = "",
                Headers headers = {}, const std::string& api_version = "2025-06-01") {
    const char mark = target.find('?') == std::string::npos ? '?' : '&';
    return service.Handle({method, target + mark + "api-version=" + api_version,
                           Typed(std::move(headers), body), body});
  }
  Json Get(const std::string& target, const std::string& api_version = "2025-06-01") {
    return ParseJson(Call("GET", target, "", {}, api_version).body).value_or(Json{});
  }
  void Pass(Duration time) { now += time; }

  Instant now = *ParseTime("2025-07-01T12:00:00.1234567Z");
  Service service;
};

/// The error code of an answer, or an empty text.
inline std::string CodeOf(const Response& response) {
  const auto body = ParseJson(response.body);
  return body ? body->Text("code") : std::string{};
}

/// The value of an error detail, or an empty text.
inline std::string DetailOf(const Response& response, std::string_view key) {
  const auto body = ParseJson(response.body);
  const Json* const values = body ? body->Find("values") : nullptr;
  if (values == nullptr) return {};
  for (const Json& value : *values->AsList()) {
    if (value.Text("key") == key) return value.Text("value");
  }
  return {};
}

inline std::string HeaderOf(const Response& response, std::string_view name) {
  const std::string* const value = FindHeader(response.headers, name);
  return value == nullptr ? std::string{} : *value;
}

inline std::int64_t IntegerAt(const Json& object, std::string_view name) {
  const Json* const value = object.Find(name);
  return value == nullptr || value->AsInteger() == nullptr ? -1 : *value->AsInteger();
}

/// A create body of a Linux pool; `more` are further members, each after a comma.
inline std::string LinuxPool(const std::string& id, const std::string& more = "") {
  return R"({"id":")" + id + R"(","vmSize":"STANDARD_D2_V3","virtualMachineConfiguration":{)" +
         R"("imageReference":{"publisher":"canonical","offer":"ubuntuserver","sku":"18.04-lts"},)" +
         R"("nodeAgentSKUId":"batch.node.ubuntu 18.04"})" + more + "}";
}

inline constexpr char kLinuxMachine[] =
    R"("virtualMachineConfiguration":{"imageReference":{"publisher":"canonical",)"
    R"("offer":"ubuntuserver","sku":"18.04-lts"},"nodeAgentSKUId":"batch.node.ubuntu 18.04"})";

}  // namespace emulator
