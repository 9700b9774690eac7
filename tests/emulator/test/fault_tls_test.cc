// TLS that no client should take.
#include <doctest/doctest.h>

#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "tests/emulator/certificate.h"
#include "tests/emulator/test/socket_client.h"

namespace emulator {
namespace {

namespace ssl = boost::asio::ssl;

Response Hello(const Request&) { return {200, "OK", {{"Content-Length", "0"}}, ""}; }

ListenerOptions With(const ServerContext& tls, bool stalls = false) {
  ListenerOptions options;
  options.tls = tls.get();
  options.tls_stalls = stalls;
  return options;
}

/// A careful client's connection.
class Careful {
 public:
  Careful(RunningListener& server, const CertificateAuthority& authority,
          const std::string& name = "localhost")
      : context_(ssl::context::tls_client), stream_(server.Connect(), Trusting(authority)) {
    stream_.set_verify_mode(ssl::verify_peer);
    stream_.set_verify_callback(ssl::host_name_verification(name));
    stream_.handshake(ssl::stream_base::client, error_);
  }
  /// Why it does not talk to the server; empty: it does.
  std::string Refusal() const { return error_ ? error_.message() : ""; }
  /// Number of the certificate.
  std::string Number() {
    X509* const shown = SSL_get1_peer_certificate(stream_.native_handle());
    REQUIRE(shown != nullptr);
    std::uint64_t number = 0;
    ASN1_INTEGER_get_uint64(&number, X509_get_serialNumber(shown));
    X509_free(shown);
    return std::to_string(number);
  }
  bool Ask(const std::string& path) {
    boost::asio::write(stream_,
                       boost::asio::buffer("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"));
    std::string answer;
    boost::asio::read_until(stream_, boost::asio::dynamic_buffer(answer), "\r\n\r\n");
    return answer.starts_with("HTTP/1.1 200 ");
  }

 private:
  ssl::context& Trusting(const CertificateAuthority& authority) {
    const std::string pem = authority.Pem();
    context_.add_certificate_authority(boost::asio::buffer(pem));
    return context_;
  }
  ssl::context context_;
  ssl::stream<RunningListener::Socket> stream_;
  boost::system::error_code error_;
};

std::string Refusal(const std::string& fault) {
  const CertificateAuthority authority;
  RunningListener server(With(authority.Issue(fault)), Hello);
  return Careful(server, authority).Refusal();
}

TEST_CASE("tls: the certificate is good for each account below localhost") {
  const CertificateAuthority authority({"demo", "other"});
  RunningListener server(With(authority.Issue()), Hello);
  for (const char* const name : {"localhost", "demo.localhost", "other.localhost"}) {
    CAPTURE(name);
    CHECK(Careful(server, authority, name).Refusal() == "");
  }
  CHECK(Careful(server, authority, "nobody.localhost").Refusal() != "");
}

TEST_CASE("tls fault: a good server is believed, the others are not") {
  CHECK(Refusal("") == "");
  for (const char* const fault : {"expired", "wrongName", "selfSigned", "unknownAuthority"}) {
    CAPTURE(fault);
    CHECK(Refusal(fault).find("certificate verify failed") != std::string::npos);
  }
  CHECK(Refusal("tls11") != "");
  CHECK(Refusal("ends").find("alert internal error") != std::string::npos);
}

TEST_CASE("tls fault: a handshake that gets nowhere") {
  RunningListener server(With(CertificateAuthority{}.Issue(), true), Hello);
  auto socket = server.Connect();
  server.Send(socket, "hello");
  socket.shutdown(RunningListener::Socket::shutdown_send);
  CHECK(server.ReadAll(socket).empty());
  CHECK_FALSE(server.WasReset());
}

TEST_CASE(
    "tls fault: the certificate changes between connections, not under those that are there") {
  const CertificateAuthority authority;
  RunningListener* running = nullptr;
  RunningListener server(With(authority.Issue()), [&](const Request& request) {
    const std::string fault = request.target.substr(1);
    if (fault != "same") running->listener().Present(authority.Issue(fault).get(), false);
    return Hello(request);
  });
  running = &server;
  Careful first(server, authority);
  REQUIRE(first.Refusal() == "");
  CHECK(first.Number() == Careful(server, authority).Number());
  REQUIRE(first.Ask("/unknownAuthority"));
  CHECK(Careful(server, authority).Refusal().find("certificate verify failed") !=
        std::string::npos);
  REQUIRE(first.Ask("/same"));
  REQUIRE(first.Ask("/"));
  Careful renewed(server, authority);
  CHECK(renewed.Refusal() == "");
  CHECK(renewed.Number() != first.Number());
}

}  // namespace
}  // namespace emulator
