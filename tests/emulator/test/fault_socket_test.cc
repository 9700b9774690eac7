// Faults as a client on a bare socket sees them.
#include <doctest/doctest.h>

#include "tests/emulator/faulty_service.h"
#include "tests/emulator/test/socket_client.h"
#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

constexpr char kGet[] = "GET /pools?api-version=2025-06-01 HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr char kLast[] =
    "GET /pools?api-version=2025-06-01 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
constexpr char kPatch[] =
    "PATCH /pools/p?api-version=2025-06-01 HTTP/1.1\r\nHost: h\r\nContent-Length: 200\r\n\r\n";

/// A service with no pools behind a plan and a socket.
class BadWire {
 public:
  explicit BadWire(const std::string& plan, std::size_t connections_max = 0)
      : faulty_(
            service_, std::get<FaultPlan>(ReadFaultPlan("faults: [{" + plan + "}]", "f.yaml")),
            [this] { return now_; }, [this] { return now_; }),
        listener(Options(connections_max),
                 [this](const Request& request) { return faulty_.Handle(request); }) {}

 private:
  Instant now_ = *ParseTime("2025-07-01T12:00:00Z");
  Service service_{TestConfig(), [this] { return now_; }};
  FaultyService faulty_;
  ListenerOptions Options(std::size_t connections_max) {
    ListenerOptions options;
    options.connections_max = connections_max;
    options.upload = [this](const Request& head) { return faulty_.UploadFault(head); };
    return options;
  }

 public:
  RunningListener listener;
};

std::string Seen(const std::string& plan, const std::string& bytes = kLast) {
  BadWire wire(plan);
  return wire.listener.Exchange(bytes);
}

std::size_t CountOf(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("fault socket: an end without an answer, orderly or not") {
  BadWire reset("connection: reset");
  CHECK(reset.listener.Exchange(kGet).empty());
  CHECK(reset.listener.WasReset());
  BadWire closed("connection: closed");
  CHECK(closed.listener.Exchange(kGet).empty());
  CHECK_FALSE(closed.listener.WasReset());
}

TEST_CASE("fault socket: on a connection that has answered before") {
  BadWire wire("connection: closed, calls: 2");
  const std::string answers = wire.listener.Exchange(std::string(kGet) + kGet);
  CHECK(CountOf(answers, "HTTP/1.1 200") == 1);
}

TEST_CASE("fault socket: headers, and then nothing until the client goes") {
  BadWire wire("connection: headersOnly");
  auto socket = wire.listener.Connect();
  wire.listener.Send(socket, kGet);
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) head += wire.listener.ReadSize(socket, 1);
  CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
  socket.shutdown(RunningListener::Socket::shutdown_send);
  CHECK(wire.listener.ReadAll(socket).empty());
}

TEST_CASE("fault socket: a trickle begins with the headers and one piece") {
  BadWire wire("bytesPerSecond: 3");
  auto socket = wire.listener.Connect();
  wire.listener.Send(socket, kGet);
  std::string seen;
  while (seen.find("\r\n\r\n") == std::string::npos) seen += wire.listener.ReadSize(socket, 1);
  CHECK(wire.listener.ReadSize(socket, 3).size() == 3);
}

TEST_CASE("fault socket: a request that is cut in its body is neither answered nor handled") {
  BadWire wire("upload: cut, operation: patchPool");
  auto socket = wire.listener.Connect();
  wire.listener.Send(socket, kPatch + std::string(150, 'x'));
  CHECK(wire.listener.ReadAll(socket).empty());
  CHECK(wire.listener.WasReset());
  CHECK(wire.listener.Exchange(kLast).starts_with("HTTP/1.1 200"));
}

TEST_CASE("fault socket: 100 Continue never comes, and the body is taken all the same") {
  BadWire wire("upload: notContinued");
  const std::string answer = wire.listener.Exchange(
      "PATCH /pools/p?api-version=2025-06-01 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
      "Content-Type: application/json; odata=minimalmetadata\r\n"
      "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
  CHECK(answer.starts_with("HTTP/1.1 404 "));
}

TEST_CASE("fault socket: new connections are reset, those that are there live on") {
  BadWire wire("resetNewFor: 60s, calls: 2");
  auto old = wire.listener.Connect();
  wire.listener.Send(old, kGet);
  CHECK(wire.listener.ReadSize(old, 12) == "HTTP/1.1 200");
  CHECK(wire.listener.Exchange(kGet).empty());
  CHECK(wire.listener.Exchange(kLast).empty());
  CHECK(wire.listener.WasReset());
  auto silent = wire.listener.Connect();  // a reset, though nothing was said
  CHECK(wire.listener.ReadAll(silent).empty());
  CHECK(wire.listener.WasReset());
  wire.listener.Send(old, kLast);
  CHECK(CountOf(wire.listener.ReadAll(old), "HTTP/1.1 200") == 1);
}

TEST_CASE("fault socket: one connection too many is reset") {
  BadWire wire("operation: getJob, status: 500", 2);
  auto first = wire.listener.Connect();
  auto second = wire.listener.Connect();
  wire.listener.Send(first, kGet);
  CHECK(wire.listener.ReadSize(first, 12) == "HTTP/1.1 200");
  wire.listener.Send(second, kGet);
  CHECK(wire.listener.ReadSize(second, 12) == "HTTP/1.1 200");
  CHECK(wire.listener.Exchange(kLast).empty());
  first.close();
  while (wire.listener.Exchange(kLast).empty()) std::this_thread::yield();
}

TEST_CASE("fault socket: bodies whose end is not where it should be") {
  const std::string no_end = Seen("http: noLastChunk");
  CHECK(no_end.find("Transfer-Encoding: chunked") != std::string::npos);
  CHECK(no_end.ends_with("]}\r\n"));
  CHECK(Seen("http: badChunkSize").find("\r\n\r\nnonsense\r\n{") != std::string::npos);
  const std::string longer = Seen("http: longerThanSaid");
  const std::string body = longer.substr(longer.find("\r\n\r\n") + 4);
  CHECK(longer.find("Content-Length: " + std::to_string(body.size() / 2) + "\r\n") !=
        std::string::npos);
  CHECK(CountOf(Seen("http: secondAnswer"), "HTTP/1.1 200 OK") == 2);
}

TEST_CASE("fault socket: an old version, a flood of 100, an odd status line") {
  const std::string old = Seen("http: version10", kGet);
  CHECK(old.starts_with("HTTP/1.0 200 OK\r\n"));
  CHECK(old.find("Content-Length") == std::string::npos);
  CHECK(old.ends_with("]}"));
  CHECK(CountOf(Seen("http: manyContinues"), "HTTP/1.1 100 Continue\r\n\r\n") == 1'000);
  CHECK(Seen("status: 999").starts_with("HTTP/1.1 999 "));
  CHECK(Seen("http: noReason").starts_with("HTTP/1.1 200 \r\n"));
  CHECK(Seen("http: longReason").find("\r\n") > 65'536);
  const std::string echo = Seen(
      "http: echoesAuthorization",
      "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: SharedKey a:b\r\nConnection: close\r\n\r\n");
  CHECK(echo.starts_with("HTTP/1.1 400 Bad Authorization: SharedKey a:b\r\n"));
  CHECK(CountOf(echo, "SharedKey a:b") == 3);
}

TEST_CASE("fault socket: headers that are too long, too many, folded or twice") {
  CHECK(Seen("http: hugeHeader").find("X-Huge: " + std::string(100'000, 'x')) != std::string::npos);
  CHECK(CountOf(Seen("http: manyHeaders"), "\r\nX-Many-") == 1'000);
  CHECK(Seen("http: foldedHeader").find("X-Folded: a\r\n b\r\n") != std::string::npos);
  CHECK(CountOf(Seen("http: twoDates"), "\r\nDate: ") == 2);
}

TEST_CASE("fault socket: an end that is not announced, and one that does not come") {
  const std::string unsaid = Seen("http: closesUnsaid", kGet);
  CHECK(unsaid.find("Connection: close") == std::string::npos);
  CHECK(unsaid.ends_with("0\r\n\r\n"));
  const std::string unkept = Seen("http: closeUnkept, calls: 1", std::string(kGet) + kLast);
  CHECK(CountOf(unkept, "HTTP/1.1 200") == 2);
  BadWire slow("http: closesSlowly");
  auto socket = slow.listener.Connect();
  slow.listener.Send(socket, kGet);
  std::string seen;
  while (!seen.ends_with("0\r\n\r\n")) seen += slow.listener.ReadSize(socket, 1);
  CHECK(seen.find("Connection: close\r\n") != std::string::npos);
  CHECK(socket.available() == 0);
}

}  // namespace
}  // namespace emulator
