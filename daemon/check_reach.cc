#include "daemon/check_reach.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/check_verdict.h"

namespace reconciler::daemon {
namespace {

using batch::Probe;

constexpr ExitFacts kErrorFacts{.error = true};

std::string NameFix(const std::string& host) {
  return fmt::format(
      "compare the endpoint with the one that the portal shows; if it is right, mend the name "
      "servers of this host, or the private DNS zone of the account's private endpoint: `getent "
      "hosts {}` asks the same",
      host);
}

std::string NameText(const AccountLook& look) {
  const std::string& host = look.endpoint.host;
  if (!look.name) return host + " is looked up by the proxy";
  if (look.name->addresses.front() == host) return host + " is an address";
  return fmt::format("{} is {}", host, fmt::join(look.name->addresses, ", "));
}

void AddName(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kName;
  const std::string& host = look.endpoint.host;
  if (look.name && look.name->addresses.empty()) {
    return lines.Stop(subject, fmt::format("{}: {}", host, look.name->problem), NameFix(host),
                      kErrorFacts);
  }
  if (look.probe && look.probe->answer.failed_at == FailedAt::kName) {
    return lines.Stop(subject, look.probe->answer.detail, NameFix(host), kErrorFacts);
  }
  lines.Ok(subject, NameText(look));
}

std::string ConnectionFix(const Endpoint& endpoint) {
  return fmt::format(
      "let this host connect to port {} of {} (firewall, network security group, route); where a "
      "proxy is the only way out, name it in the configuration: http: {{proxy: ...}}",
      endpoint.port, endpoint.host);
}

/// Nothing was sent, and the transport did not say how far it got.
bool NeverSent(const HttpAnswer& answer) {
  return answer.failed_at == FailedAt::kNowhere && answer.delivery == Delivery::kNotSent;
}

void AddConnection(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kConnection;
  if (!lines.Tries(subject)) return;
  const HttpAnswer& answer = look.probe->answer;
  if (answer.failed_at == FailedAt::kProxy) {
    return lines.Stop(subject, answer.detail,
                      "see http.proxy of the configuration, and have the proxy let this host "
                      "through to the endpoint",
                      kErrorFacts);
  }
  if (answer.failed_at == FailedAt::kConnect || NeverSent(answer)) {
    return lines.Stop(subject, answer.detail, ConnectionFix(look.endpoint), kErrorFacts);
  }
  lines.Ok(subject, look.proxy.empty() ? fmt::format("port {}", look.endpoint.port)
                                       : fmt::format("through the proxy {}", look.proxy));
}

/// `openssl s_client ... | openssl x509 ...`, which shows a part of the certificate.
std::string ShowCertificate(const Endpoint& endpoint, std::string_view part) {
  return fmt::format("`openssl s_client -connect {}:{} </dev/null | openssl x509 -noout {}` shows",
                     endpoint.host, endpoint.port, part);
}

std::string TlsFix(TlsFault fault, const Endpoint& at) {
  switch (fault) {
    case TlsFault::kExpired:
      return fmt::format(
          "set the clock of this host if it is wrong (`date -u`); if it is right, have it renewed "
          "by who answers there: {} until when it is valid, and whose it is",
          ShowCertificate(at, "-dates -subject"));
    case TlsFault::kNotYetValid:
      return fmt::format(
          "set the clock of this host and keep it set: `timedatectl set-ntp true`; {} from when on "
          "it is valid",
          ShowCertificate(at, "-dates"));
    case TlsFault::kOtherName:
      return fmt::format(
          "compare the endpoint with the one that the portal shows, and mend the name servers of "
          "this host, or the private DNS zone, if they lead elsewhere: {} the names that it is for",
          ShowCertificate(at, "-subject -ext subjectAltName"));
    case TlsFault::kUnknownAuthority:
      return fmt::format(
          "where a proxy inspects TLS, name the file with its authority in the configuration: "
          "http: {{caFile: ...}}; else see that this host knows any (`apt install "
          "ca-certificates`): {} who signed it",
          ShowCertificate(at, "-issuer"));
    case TlsFault::kSelfSigned:
      return fmt::format(
          "the service's certificates never sign themselves: mend the endpoint or the name if "
          "another answers; an emulator's certificate is named in the configuration: http: "
          "{{caFile: ...}}; {} whose it is",
          ShowCertificate(at, "-subject"));
    case TlsFault::kOldVersion:
      return "the service speaks TLS 1.2 and 1.3: something stands between, or answers in its "
             "place; have the firewall or the gateway let TLS pass as it is, or speak TLS 1.2";
    case TlsFault::kNoTls:
      return "write the port of TLS into the endpoint, which is 443 at the service, or none; only "
             "an emulator on this host is asked by http://";
    case TlsFault::kRootsFile:
      return "name a file with certificates in PEM that may be read, or leave http.caFile out: the "
             "authorities of this host are trusted then";
    case TlsFault::kOther:
      break;
  }
  return fmt::format(
      "see who answers there: `openssl s_client -connect {}:{}`; where a proxy inspects TLS, name "
      "its authority in the configuration: http: {{caFile: ...}}",
      at.host, at.port);
}

void AddTls(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kTls;
  if (!lines.Tries(subject)) return;
  if (look.endpoint.scheme == "http") return lines.Ok(subject, "none: plain http to this host");
  if (look.probe->answer.failed_at != FailedAt::kTls) {
    return lines.Ok(subject, "the certificate is that of the endpoint");
  }
  const HttpAnswer& answer = look.probe->answer;
  lines.Stop(subject, answer.detail, TlsFix(answer.tls_fault, look.endpoint), kErrorFacts);
}

std::string ServiceFix(const AccountLook& look) {
  const Probe& probe = *look.probe;
  if (probe.answer.delivery != Delivery::kAnswered) {
    return "run the check again; if it stays, see what stands between this host and the service";
  }
  if (probe.failure->kind == ErrorKind::kThrottled || probe.answer.status >= 500) {
    return "the service is busy or disturbed: run the check again in a minute; if it stays, see "
           "the "
           "health of the region";
  }
  return fmt::format(
      "compare the endpoint {}://{}:{} with the one that the portal shows; if it is right, see "
      "what "
      "stands between this host and the service",
      look.endpoint.scheme, look.endpoint.host, look.endpoint.port);
}

void AddService(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kService;
  if (!lines.Tries(subject)) return;
  const Probe& probe = *look.probe;
  switch (VerdictOf(probe)) {
    case Verdict::kNoAnswer:
      return lines.Stop(subject, probe.answer.detail, ServiceFix(look), kErrorFacts);
    case Verdict::kService:
      return lines.Stop(subject, AnswerText(probe), ServiceFix(look), FactsOfError(*probe.failure));
    default:
      return lines.Ok(subject, fmt::format("answers in {} ms", probe.took.count()));
  }
}

}  // namespace

void AddReach(const AccountLook& look, CheckLines& lines) {
  AddName(look, lines);
  AddConnection(look, lines);
  AddTls(look, lines);
  AddService(look, lines);
}

}  // namespace reconciler::daemon
