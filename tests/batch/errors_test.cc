#include "reconciler/batch/errors.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/core/http_answer.h"
#include "tests/batch/scripted_transport.h"

namespace reconciler::batch {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Headers = std::vector<std::pair<std::string, std::string>>;

const Instant kNow = *ParseHttpDate("Tue, 01 Jul 2025 12:00:00 GMT");

Asked For(bool mutation) {
  return {"account 'demo': resize pool 'p1'", mutation, false, kNow, "", "check the key"};
}
Error Of(const HttpAnswer& answer, bool mutation = true) { return ErrorOf(answer, For(mutation)); }

TEST_CASE("errors: every class of answer has its kind") {
  struct Row {
    int status;
    const char* code;
    ErrorKind write;
    ErrorKind read;
  };
  using enum ErrorKind;
  const Row rows[] = {
      {301, "", kUnknownOutcome, kTransient},
      {400, "InvalidPropertyValue", kTerminal, kTerminal},
      {400, "InvalidAuthenticationInfo", kUnauthorized, kUnauthorized},
      {401, "", kUnauthorized, kUnauthorized},
      {403, "AuthenticationFailed", kUnauthorized, kUnauthorized},
      {403, "InsufficientAccountPermissions", kSlow, kUnauthorized},
      {403, "AuthorizationFailure", kSlow, kUnauthorized},
      {403, "AuthorizationPermissionMismatch", kSlow, kUnauthorized},
      {403, "AccountIsDisabled", kSlow, kSlow},
      {404, "PoolNotFound", kConflict, kSlow},
      {404, "NodeAgentSKUNotFound", kSlow, kSlow},
      {405, "UnsupportedHttpVerb", kSlow, kSlow},
      {408, "", kUnknownOutcome, kTransient},
      {409, "PoolExists", kConflict, kConflict},
      {409, "PoolBeingResized", kConflict, kConflict},
      {409, "PoolBeingDeleted", kConflict, kConflict},
      {409, "OperationNotValidOnPool", kConflict, kConflict},
      {409, "PoolQuotaReached", kSlow, kSlow},
      {409, "InvalidApplicationPackageReferences", kSlow, kSlow},
      {412, "ConditionNotMet", kConflict, kConflict},
      {413, "RequestBodyTooLarge", kTerminal, kTerminal},
      {418, "", kSlow, kSlow},
      {429, "TooManyRequests", kThrottled, kThrottled},
      {429, "", kThrottled, kThrottled},
      {500, "InternalError", kUnknownOutcome, kTransient},
      {500, "OperationTimedOut", kUnknownOutcome, kTransient},
      {502, "", kUnknownOutcome, kTransient},
      {503, "ServerBusy", kThrottled, kThrottled},
      {503, "TooManyEnableAutoScaleRequests", kThrottled, kThrottled},
      {503, "", kUnknownOutcome, kTransient},
      {504, "", kUnknownOutcome, kTransient},
      {505, "", kUnknownOutcome, kTransient},
      {600, "", kUnknownOutcome, kTransient},
      {0, "", kUnknownOutcome, kTransient},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CAPTURE(row.code);
    const HttpAnswer answer = ServiceSays(row.status, row.code);
    CHECK(ErrorKindName(Of(answer, true).kind) == ErrorKindName(row.write));
    CHECK(ErrorKindName(Of(answer, false).kind) == ErrorKindName(row.read));
    CHECK(Of(answer).status == row.status);
    CHECK(Of(answer).code == row.code);
  }
}

TEST_CASE("errors: a time to come back makes a 503 a throttle, but not a 500, 502 or 504") {
  const Headers later = {{"Retry-After", "7"}};
  const HttpAnswer busy = Json(503, "", later);
  CHECK(Of(busy).kind == ErrorKind::kThrottled);
  CHECK(Of(busy).retry_after == seconds(7));
  for (const int status : {500, 502, 504}) {
    CAPTURE(status);
    CHECK(Of(Json(status, "", later)).kind == ErrorKind::kUnknownOutcome);
    CHECK(Of(Json(status, "", later)).retry_after == seconds(7));
  }
}

TEST_CASE("errors: enabling autoscale too often waits 30 s where the service names no time") {
  const std::string code = "TooManyEnableAutoScaleRequests";
  CHECK(Of(ServiceSays(503, code)).retry_after == seconds(30));
  CHECK(Of(ServiceSays(503, code, {{"Retry-After", "12"}})).retry_after == seconds(12));
}

TEST_CASE("errors: no answer") {
  HttpAnswer answer{Delivery::kNotSent, 0, "", "connection refused"};
  CHECK(Of(answer, true).kind == ErrorKind::kNotSent);
  CHECK(Of(answer, false).kind == ErrorKind::kNotSent);
  CHECK(Of(answer).message == "account 'demo': resize pool 'p1': not sent: connection refused");
  answer = {Delivery::kUnknown, 0, "", "operation timed out"};
  CHECK(Of(answer, true).kind == ErrorKind::kUnknownOutcome);
  CHECK(Of(answer, false).kind == ErrorKind::kTransient);
  CHECK(Of(answer).message ==
        "account 'demo': resize pool 'p1': no whole answer: operation timed out; it may have been "
        "applied");
  answer.delivery = Delivery::kTooBig;
  CHECK(Of(answer, true).kind == ErrorKind::kUnknownOutcome);
  CHECK(Of(answer, false).kind == ErrorKind::kTransient);
}

TEST_CASE("errors: under a stop only a mutation that was sent is more than cancelled") {
  Asked asked = For(true);
  asked.stopped = true;
  asked.client_request_id = "abc";
  HttpAnswer answer{Delivery::kNotSent, 0, "", "withdrawn"};
  CHECK(ErrorOf(answer, asked).kind == ErrorKind::kCancelled);
  answer.delivery = Delivery::kUnknown;
  CHECK(ErrorOf(answer, asked).kind == ErrorKind::kUnknownOutcome);
  CHECK(ErrorOf(answer, asked).message.ends_with(" (client request abc)"));
  asked.mutation = false;
  CHECK(ErrorOf(answer, asked).kind == ErrorKind::kCancelled);
}

TEST_CASE("errors: a message says what the service said, once and on one line") {
  const HttpAnswer answer = Json(400, R"({"code": "InvalidPropertyValue",
      "message": {"lang": "en-US", "value": "One value is invalid.\nRequestId:9\nTime:t"},
      "values": [{"key": "PropertyName", "value": "vmSize"},
                 {"key": "PropertyValue", "value": "huge"},
                 {"key": "Reason", "value": "No such size."}]})",
                                 {{"request-id", "9"}});
  const Error error = Of(answer);
  CHECK(error.message ==
        "account 'demo': resize pool 'p1': 400 InvalidPropertyValue: One value is invalid; "
        "PropertyName: vmSize; Reason: No such size (request 9)");
  CHECK(error.request_id == "9");
}

TEST_CASE("errors: the page of a gateway is described, not shown") {
  HttpAnswer answer{Delivery::kAnswered, 502, std::string(512, 'x')};
  answer.headers = {{"Content-Type", "text/html"}};
  CHECK(Of(answer).message ==
        "account 'demo': resize pool 'p1': 502 with text/html, 512 bytes instead of an error of "
        "the service");
  answer.status = 302;
  CHECK(Of(answer).message ==
        "account 'demo': resize pool 'p1': 302, a redirect, which is not followed; check the "
        "endpoint");
}

TEST_CASE("errors: a redirect names the host it points to, and no more of it") {
  HttpAnswer answer{Delivery::kAnswered, 307};
  answer.headers = {{"Location", "https://user:word@login.example.org/path?sig=secret"}};
  CHECK(Of(answer).message ==
        "account 'demo': resize pool 'p1': 307, a redirect to 'login.example.org', which is not "
        "followed; check the endpoint");
  answer.headers = {{"Location", "/elsewhere"}};
  CHECK(Of(answer).message ==
        "account 'demo': resize pool 'p1': 307, a redirect, which is not followed; check the "
        "endpoint");
}

TEST_CASE("errors: a missing permission is not a wrong key") {
  const std::string cure =
      "; the credentials are good, but have no right to do this: give their identity a role with "
      "data access to this account, such as Azure Batch Data Contributor";
  for (const bool mutation : {true, false}) {
    CHECK(Of(ServiceSays(403, "AuthorizationFailure"), mutation).message ==
          "account 'demo': resize pool 'p1': 403 AuthorizationFailure: It is so" + cure);
  }
}

TEST_CASE(
    "errors: refused credentials name the clock if it is off, else what the credential knows") {
  const auto message = [](const std::string& date) {
    return Of(ServiceSays(403, "AuthenticationFailed", {{"Date", date}})).message;
  };
  const std::string says = "account 'demo': resize pool 'p1': 403 AuthenticationFailed: It is so";
  const std::string key = "; check the key";
  CHECK(message("Tue, 01 Jul 2025 12:04:00 GMT") == says + key);
  CHECK(message("nonsense") == says + key);
  CHECK(message("Tue, 01 Jul 2025 11:40:00 GMT") ==
        says + "; this host's clock is 20 min ahead of the service's, set it");
  CHECK(message("Tue, 01 Jul 2025 12:30:00 GMT") ==
        says + "; this host's clock is 30 min behind the service's, set it");
}

TEST_CASE("errors: Retry-After is seconds or a date, bounded, and nonsense is none") {
  const auto read = [](const std::string& text, Headers headers = {}) {
    headers.emplace_back("retry-after", text);
    return ReadRetryAfter(Json(429, "", headers), kNow);
  };
  CHECK(read("0") == milliseconds(0));
  CHECK(read("17") == seconds(17));
  CHECK(read("300") == seconds(300));
  CHECK(read("301") == seconds(300));
  CHECK(read("99999999999999999999999999") == seconds(300));
  CHECK(read("Tue, 01 Jul 2025 12:01:00 GMT") == minutes(1));
  CHECK(read("Tue, 01 Jul 2025 11:00:00 GMT") == milliseconds(0));
  CHECK(read("Wed, 01 Jul 2026 12:00:00 GMT") == seconds(300));
  // On the service's clock, which is an hour ahead of ours.
  CHECK(read("Tue, 01 Jul 2025 13:00:20 GMT", {{"Date", "Tue, 01 Jul 2025 13:00:00 GMT"}}) ==
        seconds(20));
  for (const char* text : {"", "-1", "1.5", "soon", "5 s", "+5"}) {
    CAPTURE(text);
    CHECK(!read(text));
  }
  CHECK(!ReadRetryAfter(Json(429, ""), kNow));
}

TEST_CASE("errors: a mutation has not succeeded on the page of somebody else") {
  CHECK(Succeeded(Json(200, ""), true));
  CHECK(Succeeded(Json(202, "{}"), true));
  CHECK(Succeeded({Delivery::kAnswered, 204}, true));
  HttpAnswer page{Delivery::kAnswered, 200, "<html>log in</html>"};
  page.headers = {{"Content-Type", "text/html"}};
  CHECK(!Succeeded(page, true));
  CHECK(Succeeded(page, false));  // a read finds out when it parses
  CHECK(Of(page).kind == ErrorKind::kUnknownOutcome);
  CHECK(Of(page).message ==
        "account 'demo': resize pool 'p1': 200 with text/html, 19 bytes, which is no answer of the "
        "service");
  CHECK(!Succeeded(Json(304, ""), false));
  CHECK(!Succeeded({Delivery::kUnknown, 200}, false));
}

}  // namespace
}  // namespace reconciler::batch
