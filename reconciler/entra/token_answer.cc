#include "reconciler/entra/token_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "reconciler/core/http_answer.h"
#include "reconciler/core/json.h"
#include "reconciler/core/text.h"

namespace reconciler::entra {
namespace {

using std::chrono::seconds;

constexpr seconds kRenewBefore{300};
constexpr seconds kLifetimeMax{48 * 3600};
constexpr std::size_t kTokenBytesMax = 64U << 10U;
constexpr std::size_t kTextBytesMax = 300;
constexpr JsonLimits kLimits{.depth_max = 8, .size_bytes_max = 256U << 10U};

/// What a person can do about it, by the number in the description.
struct Advice {
  std::string_view code;
  std::string_view text;
};
constexpr Advice kAdvice[] = {
    {"AADSTS7000222", "make a new one and put it where the configuration says"},
    {"AADSTS700016", "no application has this client id in this tenant"},
    {"AADSTS90002", "no tenant has this name"},
    {"AADSTS700027", "the certificate is not registered for this application, or the clock is off"},
    {"AADSTS700024", "the assertion is out of its time: check the clock of this machine"},
    {"AADSTS70021", "no federated credential of the application matches issuer and subject"},
    {"AADSTS700213", "no federated credential of the application matches the subject"},
};

/// On one line, and without blanks and a full stop at the end.
std::string OneLine(std::string_view text) {
  std::string line = Printable(text, kTextBytesMax);
  while (line.ends_with(' ') || (line.ends_with('.') && !line.ends_with(".."))) line.pop_back();
  return line;
}

/// The service appends "Trace ID: ... Correlation ID: ... Timestamp: ..." to each sentence.
std::string Sentence(std::string_view description) {
  return OneLine(description.substr(0, description.find("Trace ID:")));
}

std::string_view AdviceFor(std::string_view description) {
  for (const Advice& advice : kAdvice) {
    const std::size_t at = description.find(advice.code);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = description.substr(at + advice.code.size());
    if (rest.empty() || rest.front() < '0' || rest.front() > '9') return advice.text;
  }
  return {};
}

/// Numbers also come as text.
std::optional<seconds> SecondsOf(const Value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->IsInt()) return seconds(value->AsInt());
  if (!value->IsString()) return std::nullopt;
  const std::string& text = value->AsString();
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return seconds(number);
}

/// It goes into a header: nothing else than visible ASCII may be in it.
bool IsTokenText(std::string_view text) {
  return !text.empty() && text.size() <= kTokenBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](char letter) { return letter > 0x20 && letter < 0x7f; });
}

Error Unanswered(const HttpAnswer& answer, const Identity& identity) {
  const bool unsent = answer.delivery == Delivery::kNotSent;
  Error error{unsent ? ErrorKind::kNotSent : ErrorKind::kTransient,
              fmt::format("{}: {}: {}", Describe(identity), unsent ? "not sent" : "no whole answer",
                          OneLine(answer.detail))};
  error.failed_at = answer.failed_at;
  return error;
}

ErrorKind KindOf(int status) {
  if (status == 429) return ErrorKind::kThrottled;
  if (status >= 500 || status == 408 || status == 410) return ErrorKind::kTransient;
  return ErrorKind::kUnauthorized;
}

Error Refusal(const HttpAnswer& answer, const Identity& identity, Instant wall) {
  Error error{KindOf(answer.status), {}};
  error.status = answer.status;
  error.retry_after = ReadRetryAfter(answer, wall);
  std::string text = fmt::format("{}: {}", Describe(identity), answer.status);
  const auto body = ParseJson(answer.body, kLimits);
  const std::string_view code = body && body->IsObject() ? body->StringOr("error") : "";
  if (code.empty()) {
    error.message = text + " without an error of Entra ID";
    return error;
  }
  error.code = OneLine(code);
  const std::string_view description = body->StringOr("error_description");
  text += " " + error.code;
  if (!description.empty()) text += ": " + Sentence(description);
  if (const auto advice = AdviceFor(description); !advice.empty())
    text += fmt::format("; {}", advice);
  const std::string correlation = OneLine(body->StringOr("correlation_id"));
  if (!correlation.empty()) text += " (correlation id " + correlation + ")";
  error.message = std::move(text);
  return error;
}

}  // namespace

Result<Token> ReadToken(const HttpAnswer& answer, const Identity& identity, Instant wall) {
  if (answer.delivery != Delivery::kAnswered) return Unanswered(answer, identity);
  if (answer.status != 200) return Refusal(answer, identity, wall);
  const auto no_token = [&](std::string_view why) {
    return Error{ErrorKind::kTransient,
                 fmt::format("{}: the answer holds no token: {}", Describe(identity), why)};
  };
  const auto body = ParseJson(answer.body, kLimits);
  if (!body || !body->IsObject()) return no_token("it is no JSON object");
  const std::string_view text = body->StringOr("access_token");
  if (!IsTokenText(text)) return no_token("access_token is missing or no token");
  if (!EqualFolded(body->StringOr("token_type"), "Bearer"))
    return no_token("it is not of type Bearer");
  const auto lifetime = SecondsOf(body->Find("expires_in"));
  if (!lifetime || *lifetime <= seconds(0)) return no_token("expires_in is missing or no time");
  Token token;
  token.text = Secret(text);
  token.lifetime = std::min(*lifetime, kLifetimeMax);
  token.renew_after = std::max(token.lifetime - kRenewBefore, token.lifetime / 2);
  if (const auto refresh = SecondsOf(body->Find("refresh_in")); refresh && *refresh > seconds(0)) {
    token.renew_after = std::min(token.renew_after, *refresh);
  }
  return token;
}

bool IsWorthAnotherTry(const HttpAnswer& answer, const Identity& identity) {
  if (answer.delivery == Delivery::kNotSent) return false;
  if (answer.delivery != Delivery::kAnswered || answer.status >= 500) return true;
  return identity.flow == Flow::kManagedIdentity &&
         (answer.status == 404 || answer.status == 410 || answer.status == 429);
}

}  // namespace reconciler::entra
