// TLS that no client should take.
#include <doctest/doctest.h>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>

#include "tests/emulator/certificate.h"
#include "tests/emulator/test/socket_client.h"

namespace emulator {
namespace {

namespace ssl = boost::asio::ssl;

Response Hello(const Request&) { return {200, "OK", {{"Content-Length", "0"}}, ""}; }

ListenerOptions With(const ServerCertificate& certificate, bool stalls = false) {
  ListenerOptions options;
  options.tls = certificate.context.get();
  options.tls_stalls = stalls;
  return options;
}

/// Why a careful client would not talk to the server; empty: it would.
std::string Refusal(const std::string& fault) {
  const ServerCertificate certificate = MakeServerCertificate(fault);
  RunningListener server(With(certificate), Hello);
  ssl::context context(ssl::context::tls_client);
  const std::string& pem = certificate.authority_pem;
  context.add_certificate_authority(boost::asio::buffer(pem));
  ssl::stream<RunningListener::Socket> stream(server.Connect(), context);
  stream.set_verify_mode(ssl::verify_peer);
  stream.set_verify_callback(ssl::host_name_verification("localhost"));
  boost::system::error_code error;
  stream.handshake(ssl::stream_base::client, error);
  return error ? error.message() : "";
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
  const ServerCertificate certificate = MakeServerCertificate();
  RunningListener server(With(certificate, true), Hello);
  auto socket = server.Connect();
  server.Send(socket, "hello");
  socket.shutdown(RunningListener::Socket::shutdown_send);
  CHECK(server.ReadAll(socket).empty());
  CHECK_FALSE(server.WasReset());
}

}  // namespace
}  // namespace emulator
