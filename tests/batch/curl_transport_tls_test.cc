// Whom the transport trusts.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "reconciler/batch/curl_transport.h"
#include "tests/batch/raw_server.h"
#include "tests/batch/test_clocks.h"
#include "tests/batch/tls_server.h"

namespace reconciler::batch {
namespace {

std::vector<HttpAnswer> Post(const TlsServer& server, const std::string& ca_file,
                             std::size_t times = 1) {
  RealClock clock;
  TransportOptions options;
  options.ca_file = ca_file;
  const auto transport = std::move(CurlTransport::Create(options, clock)).value();
  return transport->SendAll({"https", "127.0.0.1", server.port()},
                            std::vector<HttpRequest>(times, HttpRequest{"POST", "/", "{}"}), {1},
                            {});
}

TEST_CASE("tls: a certificate of the configured roots is trusted") {
  const TlsServer server;
  const HttpAnswer answer = Post(server, server.certificate_file()).front();
  CHECK(answer.delivery == Delivery::kAnswered);
  CHECK(answer.body == "secure");
}

/// Nothing was sent, and why.
std::string RefusalOf(const TlsServer& server, const std::string& ca_file, TlsFault fault) {
  const HttpAnswer answer = Post(server, ca_file).front();
  CHECK(answer.tls_fault == fault);
  CHECK(answer.delivery == Delivery::kNotSent);
  CHECK(answer.failed_at == FailedAt::kTls);
  CHECK(server.requests() == 0);
  return answer.detail;
}

TEST_CASE("tls: a certificate of a root in the file is trusted") {
  TlsServerOptions options;
  options.by_authority = true;
  const TlsServer server(options);
  CHECK(Post(server, server.certificate_file()).front().body == "secure");
}

TEST_CASE("tls: a certificate of unknown roots gets nothing") {
  TlsServerOptions options;
  options.by_authority = true;
  const TlsServer server(options);
  const TlsServer other(options);
  const std::string cure =
      "; if a proxy inspects TLS here, its authority belongs into the file of http.caFile, else "
      "somebody stands between";
  CHECK(RefusalOf(server, "", TlsFault::kUnknownAuthority) ==
        "the certificate of '127.0.0.1' is signed by none of the authorities that this host knows" +
            cure);
  CHECK(RefusalOf(server, other.certificate_file(), TlsFault::kUnknownAuthority) ==
        "the certificate of '127.0.0.1' is signed by none of the authorities in " +
            other.certificate_file() + cure);
}

TEST_CASE("tls: a certificate that signed itself gets nothing") {
  const TlsServer server;
  const TlsServer other;
  CHECK(RefusalOf(server, other.certificate_file(), TlsFault::kSelfSigned) ==
        "the certificate of '127.0.0.1' is signed by itself, by none of the authorities in " +
            other.certificate_file() +
            "; if a proxy inspects TLS here, its authority belongs into the file of http.caFile, "
            "else somebody stands between");
}

TEST_CASE("tls: a certificate of another host gets nothing") {
  TlsServerOptions options;
  options.address = "127.0.0.2";
  const TlsServer server(options);
  const std::string refusal = RefusalOf(server, server.certificate_file(), TlsFault::kOtherName);
  CAPTURE(refusal);
  CHECK(refusal.rfind("the certificate is made out to another name than '127.0.0.1' (", 0) == 0);
  CHECK(refusal.find("); check the endpoint, and who answers at this address") !=
        std::string::npos);
}

TEST_CASE("tls: a certificate out of its time gets nothing, and the clock is named") {
  TlsServerOptions expired;
  expired.valid_until_seconds = -60;
  const TlsServer old(expired);
  CHECK(RefusalOf(old, old.certificate_file(), TlsFault::kExpired) ==
        "the certificate of '127.0.0.1' has expired; check this host's clock, then who answers "
        "there");
  TlsServerOptions early;
  early.valid_from_seconds = 600;
  const TlsServer young(early);
  CHECK(RefusalOf(young, young.certificate_file(), TlsFault::kNotYetValid) ==
        "the certificate of '127.0.0.1' is not valid yet; this host's clock is probably behind");
}

TEST_CASE("tls: a server older than TLS 1.2 gets nothing") {
  TlsServerOptions options;
  options.version_max = TLS1_1_VERSION;
  const TlsServer server(options);
  CHECK(RefusalOf(server, server.certificate_file(), TlsFault::kOldVersion) ==
        "'127.0.0.1' speaks a version of TLS older than 1.2 only; check who answers at this "
        "address");
}

TEST_CASE("tls: a server without TLS gets nothing") {
  RawServer server(
      [](const SeenRequest&) {
        return RawReply{PlainAnswer(200, "plain"), true};
      },
      "HTTP/1.1 400 Bad Request\r\n\r\n");
  RealClock clock;
  const auto transport = std::move(CurlTransport::Create({}, clock)).value();
  const HttpAnswer answer =
      transport->SendAll({"https", "127.0.0.1", server.port()}, {HttpRequest{"POST", "/"}}, {1}, {})
          .front();
  CHECK(answer.failed_at == FailedAt::kTls);
  CHECK(answer.tls_fault == TlsFault::kNoTls);
  CHECK(answer.detail == "'127.0.0.1' does not speak TLS at this port; check the endpoint");
}

TEST_CASE("tls: a file of roots that is not there gets nothing and is named") {
  const TlsServer server;
  CHECK(RefusalOf(server, "/no/such/roots.pem", TlsFault::kRootsFile) ==
        "/no/such/roots.pem holds no certificates that can be read; check http.caFile");
}

TEST_CASE("tls: a redirect is an answer, and its target gets nothing") {
  RawServer target([](const SeenRequest&) { return RawReply{PlainAnswer(200, "caught")}; });
  TlsServerOptions options;
  options.answer = "HTTP/1.1 307 Temporary Redirect\r\nConnection: close\r\nContent-Length: 0\r\n" +
                   std::string("Location: http://127.0.0.1:") + std::to_string(target.port()) +
                   "/pools?sig=x\r\n\r\n";
  const TlsServer server(options);
  const HttpAnswer answer = Post(server, server.certificate_file()).front();
  CHECK(answer.status == 307);
  CHECK(server.requests() == 1);
  CHECK(target.Connections() == 0);
}

TEST_CASE("tls: later connections to a host resume its session") {
  const TlsServer server;  // closes after each answer
  for (const HttpAnswer& answer : Post(server, server.certificate_file(), 4)) {
    CHECK(answer.delivery == Delivery::kAnswered);
  }
  CHECK(server.resumed() == 3);
}

}  // namespace
}  // namespace reconciler::batch
