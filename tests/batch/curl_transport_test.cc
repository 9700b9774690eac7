#include "reconciler/batch/curl_transport.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "tests/batch/raw_server.h"
#include "tests/batch/test_clocks.h"

namespace reconciler::batch {
namespace {

struct Client {
  explicit Client(std::uint16_t port, TransportOptions options = {})
      : endpoint{"http", "127.0.0.1", port},
        transport(std::move(CurlTransport::Create(std::move(options), clock)).value()) {}

  std::vector<HttpAnswer> SendAll(std::vector<HttpRequest> requests,
                                  const ExchangeLimits& limits = {}, std::stop_token stop = {}) {
    return transport->SendAll(endpoint, std::move(requests), limits, std::move(stop));
  }
  HttpAnswer Send(HttpRequest request) { return SendAll({std::move(request)}).front(); }

  RealClock clock;
  Endpoint endpoint;
  std::unique_ptr<CurlTransport> transport;
};

TEST_CASE("transport: a request goes out as it was built") {
  RawServer server(
      [](const SeenRequest&) { return RawReply{PlainAnswer(202, "done", "ETag: 0x8DC1\r\n")}; });
  Client client(server.port());
  HttpRequest request{"PATCH", "/pools/p1?api-version=2025-06-01&$filter=a%20b", "{\"x\":1}"};
  request.headers = {{"Accept", "application/json"},
                     {"Content-Type", "application/json; odata=minimalmetadata"},
                     {"If-Match", "0x8DC0"}};
  const HttpAnswer answer = client.Send(request);
  CHECK(answer.delivery == Delivery::kAnswered);
  CHECK(answer.status == 202);
  CHECK(answer.body == "done");
  REQUIRE(answer.headers.size() == 2);
  CHECK(answer.headers[0] == std::pair<std::string, std::string>("ETag", "0x8DC1"));
  REQUIRE(server.Seen().size() == 1);
  const std::string port = std::to_string(server.port());
  CHECK(server.Seen()[0].head ==
        "PATCH /pools/p1?api-version=2025-06-01&$filter=a%20b HTTP/1.1\r\n"
        "Host: 127.0.0.1:" +
            port +
            "\r\n"
            "User-Agent: poolkeeper\r\n"
            "Accept: application/json\r\n"
            "Content-Type: application/json; odata=minimalmetadata\r\n"
            "If-Match: 0x8DC0\r\n"
            "Content-Length: 7\r\n\r\n");
  CHECK(server.Seen()[0].body == "{\"x\":1}");
}

TEST_CASE("transport: a mutation without a body says so, a read says nothing") {
  RawServer server([](const SeenRequest&) { return RawReply{PlainAnswer(200, "")}; });
  Client client(server.port());
  client.SendAll({{"POST", "/a"}, {"DELETE", "/b"}, {"GET", "/c"}}, {1});
  const auto seen = server.Seen();
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].head.find("Content-Length: 0\r\n") != std::string::npos);
  CHECK(seen[1].head.find("Content-Length: 0\r\n") != std::string::npos);
  CHECK(seen[2].head.find("Content-Length") == std::string::npos);
  for (const SeenRequest& request : seen) {
    CHECK(request.head.find("Content-Type") == std::string::npos);
    CHECK(request.head.find("Expect") == std::string::npos);
    CHECK(request.head.find("Accept-Encoding") == std::string::npos);
  }
}

TEST_CASE("transport: a large body is sent whole, without chunks and without waiting for a 100") {
  RawServer server([](const SeenRequest&) { return RawReply{PlainAnswer(200, "")}; });
  Client client(server.port());
  const std::string body(3u << 20, 'x');
  CHECK(client.Send({"POST", "/a", body}).status == 200);
  CHECK(server.Seen()[0].body == body);
  CHECK(server.Seen()[0].head.find("Expect") == std::string::npos);
}

/// Idle connections; from then on each is closed as soon as it has read another request.
struct DyingConnections {
  explicit DyingConnections(std::size_t count)
      : server([count](const SeenRequest& request) {
          if (request.on_connection > 1) return RawReply{"", true};
          if (request.target == "/warm")
            return RawReply{PlainAnswer(200, "warm"), false, "", count};
          return RawReply{PlainAnswer(200, "fresh")};
        }),
        client(server.port()) {
    const std::vector<HttpRequest> warm(count, HttpRequest{"GET", "/warm"});
    for (const HttpAnswer& answer : client.SendAll(warm)) REQUIRE(answer.status == 200);
    REQUIRE(static_cast<std::size_t>(server.Connections()) == count);
  }
  RawServer server;
  Client client;
};

TEST_CASE("transport: a mutation is sent once when reused connections die") {
  for (const std::string method : {"POST", "PATCH", "PUT", "DELETE"}) {
    for (const std::string body : {"", "{}"}) {
      CAPTURE(method);
      CAPTURE(body);
      DyingConnections dying(8);
      const HttpAnswer answer = dying.client.Send({method, "/write", body});
      CHECK(answer.delivery == Delivery::kUnknown);
      CHECK(answer.detail == "the connection ended before an answer came");
      CHECK(dying.server.CountSeen(method) == 1);
    }
  }
}

TEST_CASE("transport: a read is sent again when a reused connection dies") {
  DyingConnections dying(3);  // libcurl itself tries five more times
  const HttpAnswer answer = dying.client.Send({"GET", "/read"});
  CHECK(answer.delivery == Delivery::kAnswered);
  CHECK(answer.body == "fresh");
  CHECK(dying.server.CountSeen("GET") > 4);
}

TEST_CASE("transport: a refused connection is not sent, for reads and for mutations") {
  std::uint16_t port = 0;
  {
    const RawServer gone([](const SeenRequest&) { return RawReply{}; });
    port = gone.port();
  }
  Client client(port);
  for (const HttpAnswer& answer : client.SendAll({{"GET", "/"}, {"POST", "/"}})) {
    CHECK(answer.delivery == Delivery::kNotSent);
    CHECK(answer.detail.find("connect") != std::string::npos);
  }
}

TEST_CASE("transport: a host without TLS gets nothing, and not a try for each of many requests") {
  RawServer server([](const SeenRequest&) { return RawReply{}; }, "220 this is no TLS\r\n");
  Client client(server.port());
  client.endpoint.scheme = "https";
  const auto answers = client.SendAll(std::vector<HttpRequest>(500, HttpRequest{"POST", "/"}));
  REQUIRE(answers.size() == 500);
  for (const HttpAnswer& answer : answers) REQUIRE(answer.delivery == Delivery::kNotSent);
  CHECK(answers.back().detail == answers.front().detail);
  // One at a time, since none of them got a connection; the fourth is not tried.
  CHECK(server.Connections() == 3);
}

TEST_CASE("transport: a name with an address that refuses is reached by its other address") {
  // The server listens on 127.0.0.1 alone; the name is ::1 as well.
  RawServer server([](const SeenRequest&) { return RawReply{PlainAnswer(200, "")}; });
  Client client(server.port());
  client.endpoint.host = "localhost";
  for (const HttpAnswer& answer : client.SendAll(std::vector<HttpRequest>(20, {"GET", "/"}))) {
    CHECK(answer.delivery == Delivery::kAnswered);
  }
}

TEST_CASE("transport: an unknown host name is not sent") {
  Client client(1);
  client.endpoint = {"https", "no-such-host.invalid", 443};
  const HttpAnswer answer = client.Send({"POST", "/"});
  CHECK(answer.delivery == Delivery::kNotSent);
  CHECK(answer.detail.find("no-such-host.invalid") != std::string::npos);
}

TEST_CASE("transport: plain http leaves this host never") {
  Client client(1);
  client.endpoint = {"http", "batch.example.com", 80};
  HttpAnswer answer = client.Send({"GET", "/"});
  CHECK(answer.delivery == Delivery::kNotSent);
  CHECK(answer.detail == "plain http goes to this host itself only, not to 'batch.example.com'");
  client.endpoint = {"ftp", "127.0.0.1", 21};
  answer = client.Send({"GET", "/"});
  CHECK(answer.delivery == Delivery::kNotSent);
  CHECK(answer.detail == "scheme 'ftp' is not spoken, only https");
}

TEST_CASE("transport: what would break out of a header or the request line is not sent") {
  RawServer server([](const SeenRequest&) { return RawReply{PlainAnswer(200, "")}; });
  Client client(server.port());
  HttpRequest header{"POST", "/"};
  header.headers = {{"If-Match", "0x1\r\nEvil: 1"}};
  CHECK(client.Send(header).delivery == Delivery::kNotSent);
  CHECK(client.Send({"GET", "/a b"}).delivery == Delivery::kNotSent);
  CHECK(client.Send({"GET", "/a\r\nEvil: 1"}).delivery == Delivery::kNotSent);
  CHECK(client.Send({"GET", "http://elsewhere/"}).delivery == Delivery::kNotSent);
  CHECK(client.Send({"G ET", "/"}).delivery == Delivery::kNotSent);
  CHECK(server.Seen().empty());
}

TEST_CASE("transport: answers stand in the order of the requests") {
  // The first three are answered only after the fourth was seen.
  RawServer server([](const SeenRequest& request) {
    return RawReply{PlainAnswer(200, request.target), false, "", 4};
  });
  Client client(server.port());
  const auto answers = client.SendAll({{"GET", "/1"}, {"GET", "/2"}, {"GET", "/3"}, {"GET", "/4"}});
  REQUIRE(answers.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) CHECK(answers[i].body == "/" + std::to_string(i + 1));
}

TEST_CASE("transport: no requests, no answers") {
  Client client(1);
  CHECK(client.SendAll({}).empty());
}

}  // namespace
}  // namespace reconciler::batch
