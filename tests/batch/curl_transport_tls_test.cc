// Whom the transport trusts.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "reconciler/batch/curl_transport.h"
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

TEST_CASE("tls: a certificate of unknown roots gets nothing") {
  const TlsServer server;
  const TlsServer other;
  for (const std::string& roots : {std::string(), other.certificate_file()}) {
    const HttpAnswer answer = Post(server, roots).front();
    CHECK(answer.delivery == Delivery::kNotSent);
    CHECK(answer.detail.find("certificate") != std::string::npos);
  }
  CHECK(server.requests() == 0);
}

TEST_CASE("tls: a certificate of another host gets nothing") {
  TlsServerOptions options;
  options.address = "127.0.0.2";
  const TlsServer server(options);
  const HttpAnswer answer = Post(server, server.certificate_file()).front();
  CHECK(answer.delivery == Delivery::kNotSent);
  CHECK(answer.detail.find("127.0.0.1") != std::string::npos);
  CHECK(server.requests() == 0);
}

TEST_CASE("tls: a server older than TLS 1.2 gets nothing") {
  TlsServerOptions options;
  options.version_max = TLS1_1_VERSION;
  const TlsServer server(options);
  CHECK(Post(server, server.certificate_file()).front().delivery == Delivery::kNotSent);
  CHECK(server.requests() == 0);
}

TEST_CASE("tls: a file of roots that is not there gets nothing and is named") {
  const TlsServer server;
  const HttpAnswer answer = Post(server, "/no/such/roots.pem").front();
  CHECK(answer.delivery == Delivery::kNotSent);
  CHECK(answer.detail.find("/no/such/roots.pem") != std::string::npos);
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
