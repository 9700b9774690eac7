// Answers that no server should give; none of them may hang, grow without end or pass as whole.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "reconciler/batch/curl_transport.h"
#include "tests/batch/raw_server.h"
#include "tests/batch/test_clocks.h"

namespace reconciler::batch {
namespace {

HttpAnswer Ask(const RawReply& reply, HttpRequest request = {"POST", "/"},
               const ExchangeLimits& limits = {}, TransportOptions options = {}) {
  RawServer server([&](const SeenRequest&) { return reply; });
  RealClock clock;
  const auto transport = std::move(CurlTransport::Create(std::move(options), clock)).value();
  return transport->SendAll({"http", "127.0.0.1", server.port()}, {std::move(request)}, limits, {})
      .front();
}

TEST_CASE("bad answer: no byte at all before the connection ends is unknown") {
  CHECK(Ask({"", true}).delivery == Delivery::kUnknown);
}

TEST_CASE("bad answer: a body that is cut short is unknown") {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  CHECK(Ask({head + "Content-Length: 100\r\n\r\nhalf", true}).delivery == Delivery::kUnknown);
  CHECK(Ask({head + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true}).delivery ==
        Delivery::kUnknown);
  CHECK(Ask({head + "Content-Len", true}).delivery == Delivery::kUnknown);
}

TEST_CASE("bad answer: a body longer than announced is read as announced") {
  const HttpAnswer answer = Ask({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 no"});
  CHECK(answer.delivery == Delivery::kAnswered);
  CHECK(answer.body == "ok");
}

TEST_CASE("bad answer: lengths that are none are unknown") {
  for (const std::string length : {"-1", "99999999999999999999999", "x"}) {
    CAPTURE(length);
    const HttpAnswer answer =
        Ask({"HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\nok", true});
    CHECK((answer.delivery == Delivery::kUnknown || answer.delivery == Delivery::kTooBig));
  }
}

TEST_CASE("bad answer: an announced body of 10 GB is refused before it comes") {
  const HttpAnswer answer = Ask({"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\nx"});
  CHECK(answer.delivery == Delivery::kTooBig);
  CHECK(answer.detail == "the body of the answer passes 33554432 bytes");
}

TEST_CASE("bad answer: a body without end stops at the limit") {
  ExchangeLimits limits;
  limits.body_bytes_max = 1u << 20;
  const std::string block(64u << 10, 'x');
  HttpAnswer answer = Ask({"HTTP/1.1 200 OK\r\n\r\n", false, block}, {"GET", "/"}, limits);
  CHECK(answer.delivery == Delivery::kTooBig);
  CHECK(answer.body.empty());
  answer = Ask({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false,
                "10000\r\n" + block + "\r\n"},
               {"GET", "/"}, limits);
  CHECK(answer.delivery == Delivery::kTooBig);
}

TEST_CASE("bad answer: headers without end are unknown") {
  HttpAnswer answer = Ask({"HTTP/1.1 200 OK\r\n", false, "X-Filler: 0123456789\r\n"});
  CHECK(answer.delivery == Delivery::kUnknown);
  CHECK(answer.detail == "the headers of the answer pass 65536 bytes");
  answer = Ask({"HTTP/1.1 200 OK\r\nX-Long: ", false, std::string(1024, 'x')});
  CHECK(answer.delivery == Delivery::kUnknown);
}

TEST_CASE("bad answer: interim answers without end are unknown") {
  const HttpAnswer answer = Ask({"", false, "HTTP/1.1 102 Processing\r\nX-A: b\r\n\r\n"});
  CHECK(answer.delivery == Delivery::kUnknown);
  CHECK(answer.detail == "the headers of the answer pass 65536 bytes");
}

TEST_CASE("bad answer: an interim answer does not mix with the final one") {
  const HttpAnswer answer = Ask(
      {"HTTP/1.1 103 Early Hints\r\nETag: 0x1\r\n\r\n" + PlainAnswer(200, "", "ETag: 0x2\r\n")});
  CHECK(answer.delivery == Delivery::kAnswered);
  REQUIRE(answer.headers.size() == 2);
  CHECK(answer.headers[0].second == "0x2");
}

TEST_CASE("bad answer: what is no HTTP is unknown") {
  for (const std::string bytes :
       {"garbage\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9.9 200 OK\r\n\r\n", "\r\n\r\n"}) {
    CAPTURE(bytes);
    CHECK(Ask({bytes, true}).delivery == Delivery::kUnknown);
  }
}

TEST_CASE("bad answer: a redirect is an answer and is not followed") {
  int seen = 0;
  RawServer elsewhere([&](const SeenRequest&) {
    ++seen;
    return RawReply{PlainAnswer(200, "stolen")};
  });
  const std::string location =
      "Location: http://127.0.0.1:" + std::to_string(elsewhere.port()) + "/\r\n";
  const HttpAnswer answer = Ask({PlainAnswer(307, "", location)});
  CHECK(answer.delivery == Delivery::kAnswered);
  CHECK(answer.status == 307);
  CHECK(seen == 0);
}

TEST_CASE("bad answer: half an answer that stands still is given up") {
  TransportOptions options;
  options.idle_timeout = std::chrono::milliseconds(150);
  const HttpAnswer answer =
      Ask({"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"}, {"POST", "/"}, {}, options);
  CHECK(answer.delivery == Delivery::kUnknown);
  CHECK(answer.detail == "the answer began and then stood still");
}

TEST_CASE("bad answer: none within the time of the request is unknown") {
  HttpRequest request{"POST", "/"};
  request.timeout = std::chrono::milliseconds(100);
  const HttpAnswer answer = Ask({""}, request);
  CHECK(answer.delivery == Delivery::kUnknown);
  CHECK(answer.detail == "no whole answer within 1 s (http.timeout)");
}

}  // namespace
}  // namespace reconciler::batch
