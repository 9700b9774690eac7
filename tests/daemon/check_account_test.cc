#include "daemon/check_account.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/batch/errors.h"

namespace reconciler::daemon {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using enum CheckSubject;

batch::Probe Answered(int status, const std::string& code, const std::string& more = "") {
  batch::Probe probe;
  probe.took = std::chrono::milliseconds{63};
  probe.clock_ahead = seconds{2};
  probe.answer.delivery = Delivery::kAnswered;
  probe.answer.status = status;
  if (status == 200) return probe;
  probe.answer.headers = {{"Content-Type", code.empty() ? "text/html" : "application/json"},
                          {"request-id", "1234"}};
  probe.answer.body =
      code.empty() ? "<html>"
                   : R"({"code":")" + code + R"(","message":{"value":"It is so."})" + more + "}";
  probe.service = batch::ReadServiceError(probe.answer);
  probe.failure = batch::ErrorOf(probe.answer, {"list pools"});
  return probe;
}

batch::Probe Lost(FailedAt at, const std::string& detail) {
  batch::Probe probe;
  probe.answer.delivery = at == FailedAt::kExchange ? Delivery::kUnknown : Delivery::kNotSent;
  probe.answer.failed_at = at;
  probe.answer.detail = detail;
  probe.failure = batch::ErrorOf(probe.answer, {"list pools"});
  return probe;
}

AccountLook LookWith(batch::Probe probe) {
  AccountLook look;
  look.account = "demo";
  look.endpoint = {"https", "demo.westeurope.batch.azure.com", 443};
  look.api_version = "2024-07-01.20.0";
  look.key_location.file = "/etc/poolkeeper/demo.key";
  look.name = NameLookup{{"20.61.99.16"}, ""};
  look.probe = std::move(probe);
  return look;
}

struct Told {
  std::vector<CheckLine> lines;

  const CheckLine& At(CheckSubject subject) const {
    for (const CheckLine& line : lines) {
      if (line.subject == subject) return line;
    }
    FAIL("no line for ", SubjectName(subject));
    return lines.front();
  }
  std::string Detail(CheckSubject subject) const { return At(subject).detail; }
  std::string Fix(CheckSubject subject) const { return At(subject).fix; }
  ExitCode code() const { return ExitCodeOf(FactsOfChecks(lines)); }
  /// "ok ok failed not not": the outcomes from the key on.
  std::string Outcomes() const {
    std::string text;
    for (const CheckLine& line : lines) {
      text += (text.empty() ? "" : " ") + std::string(OutcomeName(line.outcome));
    }
    return text;
  }
};

/// What holds of any account's lines, whatever was found.
Told Tell(const AccountLook& look) {
  Told told{LinesOf(look)};
  REQUIRE(told.lines.size() == 9);
  for (std::size_t i = 0; i < told.lines.size(); ++i) {
    const CheckLine& line = told.lines[i];
    CAPTURE(SubjectName(line.subject));
    CHECK(line.account == "demo");
    CHECK(line.subject == static_cast<CheckSubject>(static_cast<std::size_t>(kKey) + i));
    const bool asks =
        line.outcome == CheckOutcome::kFailed || line.outcome == CheckOutcome::kWarning;
    CHECK(line.fix.empty() != asks);
    CHECK_FALSE(line.detail.empty());
    CHECK((ExitCodeOf(line.facts) != kExitDone) == (line.outcome == CheckOutcome::kFailed));
  }
  return told;
}
Told Tell(batch::Probe probe) { return Tell(LookWith(std::move(probe))); }

TEST_CASE("check: an account that answers is all ok, and says what was seen") {
  const Told told = Tell(Answered(200, ""));
  CHECK(told.Outcomes() == "ok ok ok ok ok ok ok ok ok");
  CHECK(told.code() == kExitDone);
  CHECK(told.Detail(kKey) == "/etc/poolkeeper/demo.key");
  CHECK(told.Detail(kName) == "demo.westeurope.batch.azure.com is 20.61.99.16");
  CHECK(told.Detail(kService) == "answers in 63 ms");
  CHECK(told.Detail(kClock) == "2 s off the service's");
  CHECK(told.Detail(kApiVersion) == "2024-07-01.20.0");
}

TEST_CASE("check: what comes behind a failure is not tried, and says because of which") {
  struct Row {
    FailedAt at;
    CheckSubject subject;
    const char* outcomes;
    const char* fix;
  };
  const Row rows[] = {
      {FailedAt::kName, kName, "ok failed not tried", "`getent hosts demo.westeurope"},
      {FailedAt::kConnect, kConnection, "ok ok failed not tried", "port 443 of demo.westeurope"},
      {FailedAt::kNowhere, kConnection, "ok ok failed not tried", "port 443 of demo.westeurope"},
      {FailedAt::kProxy, kConnection, "ok ok failed not tried", "http.proxy"},
      {FailedAt::kTls, kTls, "ok ok ok failed not tried", "openssl s_client -connect demo.west"},
      {FailedAt::kExchange, kService, "ok ok ok ok failed not tried", "run the check again"},
  };
  for (const Row& row : rows) {
    const Told told = Tell(Lost(row.at, "the transport's words"));
    CAPTURE(SubjectName(row.subject));
    CHECK(told.Outcomes().rfind(row.outcomes, 0) == 0);
    CHECK(told.Detail(row.subject) == "the transport's words");
    CHECK(told.Fix(row.subject).find(row.fix) != std::string::npos);
    CHECK(told.Detail(kApiVersion) == std::string(SubjectName(row.subject)) + " failed");
    CHECK(told.code() == kExitError);
  }
}

TEST_CASE("check: each fault of TLS has a fix of its own") {
  const std::pair<TlsFault, const char*> rows[] = {
      {TlsFault::kExpired, "have it renewed by who answers there"},
      {TlsFault::kNotYetValid, "`timedatectl set-ntp true`"},
      {TlsFault::kOtherName, "-noout -subject -ext subjectAltName`"},
      {TlsFault::kUnknownAuthority, "-noout -issuer` shows who signed it"},
      {TlsFault::kSelfSigned, "never sign themselves"},
      {TlsFault::kOldVersion, "or speak TLS 1.2"},
      {TlsFault::kNoTls, "write the port of TLS into the endpoint"},
      {TlsFault::kRootsFile, "certificates in PEM"},
      {TlsFault::kOther, "see who answers there: `openssl s_client -connect"},
  };
  for (const auto& [fault, fix] : rows) {
    batch::Probe probe = Lost(FailedAt::kTls, "the transport's words");
    probe.answer.tls_fault = fault;
    const Told told = Tell(std::move(probe));
    CAPTURE(told.Fix(kTls));
    CHECK(told.Fix(kTls).find(fix) != std::string::npos);
  }
}

TEST_CASE("check: a name without addresses ends the look") {
  AccountLook look = LookWith({});
  look.name = NameLookup{{}, "name or service not known"};
  look.probe.reset();
  const Told told = Tell(look);
  CHECK(told.Detail(kName) == "demo.westeurope.batch.azure.com: name or service not known");
  CHECK(told.Detail(kConnection) == "name failed");
  CHECK(told.code() == kExitError);
}

TEST_CASE("check: a key that cannot be read leaves the way to the account to be tried") {
  AccountLook look = LookWith(Answered(401, "AuthenticationFailed"));
  look.key_problem = "/etc/poolkeeper/demo.key has mode 0644";
  const Told told = Tell(look);
  CHECK(told.Outcomes() == "failed ok ok ok ok ok not tried not tried not tried");
  CHECK(told.Fix(kKey) ==
        "put the key of the account, as the portal shows it, into /etc/poolkeeper/demo.key, owned "
        "by root or by the user of the service, with mode 600, and ask as one of them");
  CHECK(told.Detail(kAuthentication) == "key failed");
  CHECK(told.code() == kExitInvalid);
  look.key_problem = "cannot open /etc/poolkeeper/demo.key: permission denied";
  CHECK(Tell(look).Fix(kKey) ==
        "run the command as root or as the user of the service; that others cannot read it is "
        "right");
  look.key_location = {"", "demo"};
  look.key_problem = "credential 'demo' cannot be read";
  CHECK(Tell(look).Fix(kKey).find("LoadCredential=demo:FILE") != std::string::npos);
}

TEST_CASE("check: a key that the service does not get is a warning") {
  AccountLook look = LookWith(Answered(200, ""));
  look.key_service = ServiceTrouble{"the service cannot read it", "load it"};
  const Told told = Tell(look);
  CHECK(told.Outcomes() == "warning ok ok ok ok ok ok ok ok");
  CHECK(told.Detail(kKey) == "the service cannot read it");
  CHECK(told.code() == kExitDone);
}

TEST_CASE("check: the clock is ok, worth a word, or the reason for a refusal") {
  const auto with = [](seconds ahead, int status) {
    batch::Probe probe = Answered(status, status == 200 ? "" : "AuthenticationFailed");
    probe.clock_ahead = ahead;
    return Tell(std::move(probe));
  };
  CHECK(with(seconds{-60}, 200).At(kClock).outcome == CheckOutcome::kOk);
  const Told late = with(seconds{-61}, 200);
  CHECK(late.At(kClock).outcome == CheckOutcome::kWarning);
  CHECK(late.Detail(kClock) ==
        "1 min 1 s behind the service's; the service refuses requests from 15 min on");
  CHECK(late.code() == kExitDone);

  const Told refused = with(minutes{15}, 403);
  CHECK(refused.At(kClock).outcome == CheckOutcome::kFailed);
  CHECK(refused.Detail(kClock) ==
        "15 min ahead of the service's, the service refuses requests from 15 min on");
  CHECK(refused.Detail(kAuthentication) == "clock failed");
  CHECK(refused.code() == kExitAuth);
  // Below that it is the key, whatever the clock.
  const Told key = with(minutes{14}, 403);
  CHECK(key.At(kClock).outcome == CheckOutcome::kWarning);
  CHECK(key.At(kAuthentication).outcome == CheckOutcome::kFailed);
}

TEST_CASE("check: a refused key, a missing right and a version are told apart") {
  const Told key = Tell(Answered(403, "AuthenticationFailed"));
  CHECK(key.Outcomes() == "ok ok ok ok ok ok failed not tried not tried");
  CHECK(key.Detail(kAuthentication) == "403 AuthenticationFailed: It is so (request 1234)");
  CHECK(key.Fix(kAuthentication).find("into /etc/poolkeeper/demo.key") != std::string::npos);
  CHECK(key.code() == kExitAuth);

  for (const char* code : {"AuthorizationFailure", "AuthorizationPermissionMismatch",
                           "InsufficientAccountPermissions", "AccountIsDisabled"}) {
    const Told right = Tell(Answered(403, code));
    CHECK(right.Outcomes() == "ok ok ok ok ok ok ok failed not tried");
    CHECK(right.code() == (std::string(code) == "AccountIsDisabled" ? kExitRefused : kExitAuth));
  }
  CHECK(Tell(Answered(403, "AccountIsDisabled")).Fix(kPermission).find("enabled") !=
        std::string::npos);

  const Told version = Tell(Answered(400, "UnsupportedRequestVersion"));
  CHECK(version.Outcomes() == "ok ok ok ok ok ok ok not tried failed");
  CHECK(version.Detail(kPermission) == "api-version failed");
  CHECK(version.Detail(kApiVersion) ==
        "2024-07-01.20.0: 400 UnsupportedRequestVersion: It is so (request 1234)");
  CHECK(version.Fix(kApiVersion) ==
        "write another batchApiVersion for the account: 2022-10-01.16.0, 2023-05-01.17.0, "
        "2023-11-01.18.0, 2024-02-01.19.0, 2025-06-01");
  CHECK(version.code() == kExitRefused);
  CHECK(Tell(Answered(400, "InvalidQueryParameterValue",
                      R"(,"values":[{"key":"QueryParameterName","value":"api-version"}])"))
            .At(kApiVersion)
            .outcome == CheckOutcome::kFailed);
}

TEST_CASE("check: who is not the service, or has no time, is told from a refusal") {
  const Told page = Tell(Answered(403, ""));
  CHECK(page.Outcomes().rfind("ok ok ok ok failed not tried", 0) == 0);
  CHECK(page.Detail(kService) ==
        "403 with text/html, 6 bytes instead of an error of the service (request 1234)");
  CHECK(page.Fix(kService).find("https://demo.westeurope.batch.azure.com:443") !=
        std::string::npos);
  const Told busy = Tell(Answered(503, "ServerBusy"));
  CHECK(busy.Fix(kService).find("again in a minute") != std::string::npos);
  CHECK(busy.code() == kExitError);
}

TEST_CASE("check: plain http has no TLS, and a proxy looks the name up") {
  AccountLook look = LookWith(Answered(200, ""));
  look.endpoint = {"http", "127.0.0.1", 9400};
  CHECK(Tell(look).Detail(kTls) == "none: plain http to this host");
  look = LookWith(Answered(200, ""));
  look.name.reset();
  look.proxy = "http://proxy.corp:3128";
  CHECK(Tell(look).Detail(kName) == "demo.westeurope.batch.azure.com is looked up by the proxy");
  CHECK(Tell(look).Detail(kConnection) == "through the proxy http://proxy.corp:3128");
}

}  // namespace
}  // namespace reconciler::daemon
