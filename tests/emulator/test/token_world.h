// A service that checks its callers, and the means to ask it for tokens.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/emulator/test/world.h"

namespace emulator {

using Form = std::vector<std::pair<std::string, std::string>>;

inline constexpr char kBatchScope[] = "https://batch.core.windows.net//.default";

/// The form of a client secret's flow; `changes` replace fields, an empty value removes one.
inline Form SecretForm(const Form& changes = {}) {
  Form form{{"grant_type", "client_credentials"},
            {"client_id", kWellKnownClient},
            {"client_secret", kWellKnownSecret},
            {"scope", kBatchScope}};
  form.insert(form.end(), changes.begin(), changes.end());
  return form;
}

class TokenWorld {
 public:
  explicit TokenWorld(ServiceConfig config = {})
      : service(std::move(config), [this] { return now; }) {}

  /// The last value of a name counts; an empty one is not sent.
  Response Post(const Form& form, const std::string& path = TokenPath()) {
    std::string body;
    for (std::size_t i = 0; i < form.size(); ++i) {
      bool last = !form[i].second.empty();
      for (std::size_t j = i + 1; j < form.size(); ++j) last &= form[j].first != form[i].first;
      if (last) body += form[i].first + '=' + PercentEncode(form[i].second) + '&';
    }
    return service.Handle({"POST",
                           path,
                           {{"Host", "127.0.0.1:1"},
                            {"Content-Type", "application/x-www-form-urlencoded"},
                            {"Content-Length", std::to_string(body.size())}},
                           body});
  }
  std::string Token(const Form& form) {
    return ParseJson(Post(form).body).value_or(Json{}).Text("access_token");
  }
  Response Call(const std::string& token, const std::string& method = "GET",
                const std::string& path = "/pools", const std::string& body = "",
                const std::string& host = "127.0.0.1:1") {
    return service.Handle({method,
                           path + "?api-version=2025-06-01",
                           {{"Host", host},
                            {"Authorization", "Bearer " + token},
                            {"Content-Type", "application/json; odata=minimalmetadata"}},
                           body});
  }
  static std::string TokenPath() {
    return std::string("/") + kWellKnownTenant + "/oauth2/v2.0/token";
  }

  Instant now = *ParseTime("2025-07-01T12:00:00.1234567Z");
  Service service;
};

/// `401 invalid_client 7000215` of a refusal.
inline std::string RefusalOf(const Response& response) {
  const Json body = ParseJson(response.body).value_or(Json{});
  const Json* const codes = body.Find("error_codes");
  return std::to_string(response.status) + ' ' + body.Text("error") + ' ' +
         (codes == nullptr ? "none" : std::to_string(*codes->AsList()->front().AsInteger()));
}

}  // namespace emulator
