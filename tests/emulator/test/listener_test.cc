#include "tests/emulator/listener.h"

#include <doctest/doctest.h>

#include "tests/emulator/test/socket_client.h"
#include "tests/emulator/wire_text.h"

namespace emulator {
namespace {

namespace asio = boost::asio;

/// A listener whose handler shows the request.
class Running : public RunningListener {
 public:
  Running() : RunningListener({}, Show) {}
  bool Listens() {
    (void)Connect();
    return !ended();
  }
  /// Sends bytes and goes away at once.
  void Leave(const std::string& bytes) {
    auto socket = Connect();
    Send(socket, bytes);
  }

 private:
  static Response Show(const Request& request) {
    Response response{
        200, "OK", {{"Transfer-Encoding", "chunked"}}, request.method + " " + request.target};
    for (const auto& [name, value] : request.headers) response.body += "\n" + name + "=" + value;
    response.body += "\n" + request.body;
    if (request.target == "/reset") response.wire = Wire::kReset;
    if (request.target == "/hang") response.wire = Wire::kHang;
    if (request.target == "/truncate") response.wire = Wire::kTruncate;
    if (request.target == "/slow") response.wire = Wire::kSlow;
    if (request.target == "/refuse") response.wire = Wire::kRefuse;
    response.wire_time = std::chrono::milliseconds(request.target == "/refuse" ? 1000 : 10);
    return response;
  }
};

TEST_CASE("requests reach the service as they came and the connection is kept") {
  Running server;
  const std::string answer = server.Exchange(
      "GET /a?x=%20 HTTP/1.1\r\nhost: h\r\nX-Odd: 1\r\n\r\n"
      "PATCH /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
  CHECK(answer ==
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\nGET "
        "/a?x=%20\nhost=h\nX-Odd=1\n\r\n0\r\n\r\n"
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        "34\r\nPATCH /b\nHost=h\nContent-Length=2\nConnection=close\n{}\r\n0\r\n\r\n");
}

TEST_CASE("what is not HTTP is answered with 400") {
  Running server;
  CHECK(server.Exchange("nonsense\r\n\r\n") ==
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a client that waits for 100 Continue gets it") {
  Running server;
  const std::string answer = server.Exchange(
      "POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: "
      "close\r\n\r\nx");
  CHECK(answer.rfind("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", 0) == 0);
}

TEST_CASE("an answer to HEAD has headers only") {
  const Response response{200, "OK", {{"Transfer-Encoding", "chunked"}}, ""};
  CHECK(WireText(response, true, true) == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  CHECK(WireText({204, "No Content", {{"Content-Length", "0"}}, ""}, false, true) ==
        "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("a fault breaks the connection, not the server") {
  Running server;
  const auto get = [](const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  };
  CHECK(server.Exchange(get("/reset")).empty());
  CHECK(server.ended() == asio::error::connection_reset);
  server.Leave(get("/hang"));
  const std::string whole = server.Exchange(get("/good"));
  CHECK(whole.find("0\r\n\r\n") != std::string::npos);
  CHECK(server.ended() == asio::error::eof);
  const std::string cut = server.Exchange(get("/truncate"));
  CHECK(cut.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(cut.find("0\r\n\r\n") == std::string::npos);
  CHECK(server.Exchange(get("/slow")).find("GET /slow") != std::string::npos);
}

TEST_CASE("nobody listens for a time, then somebody does again") {
  Running server;
  (void)server.Exchange("GET /refuse HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(server.ended() == asio::error::connection_reset);
  CHECK_FALSE(server.Listens());
  while (!server.Listens()) std::this_thread::yield();
  CHECK_FALSE(server.Exchange("GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").empty());
}

TEST_CASE("a port that is taken is reported") {
  Listener first({}, nullptr);
  REQUIRE(first.Open().empty());
  Listener second({first.port(), {}}, nullptr);
  CHECK(second.Open().find("cannot listen on 127.0.0.1:") == 0);
}

}  // namespace
}  // namespace emulator
