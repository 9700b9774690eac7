#include "tests/bench/http_load.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include "tests/emulator/authentication.h"

namespace bench {
namespace {

int Connect(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

/// Whether the answer is there, told from its end: one is under way at a time.
bool Whole(std::string_view answer) {
  const auto head_end = answer.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return false;
  constexpr std::string_view kLength = "Content-Length: ", kLastChunk = "\r\n0\r\n\r\n";
  const auto length_at = answer.substr(0, head_end).find(kLength);
  if (length_at == std::string_view::npos) {
    return answer.substr(answer.size() - kLastChunk.size()) == kLastChunk;
  }
  std::size_t length = 0;
  std::from_chars(answer.data() + length_at + kLength.size(), answer.data() + head_end, length);
  return answer.size() == head_end + 4 + length;
}

class Caller {
 public:
  explicit Caller(std::uint16_t port) : socket_(Connect(port)) {}
  ~Caller() { close(socket_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  int socket() const { return socket_; }
  void Begin(std::string_view request) {
    answer_.clear();
    while (!request.empty()) {
      const auto sent = send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
      if (sent <= 0) throw std::runtime_error("cannot send");
      request.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  /// Reads what is there; the size of the answer once it is whole, else 0.
  std::size_t Read() {
    const auto size = recv(socket_, buffer_.data(), buffer_.size(), 0);
    if (size <= 0) throw std::runtime_error("the connection ended");
    answer_.append(buffer_.data(), static_cast<std::size_t>(size));
    if (!Whole(answer_)) return 0;
    if (answer_.compare(0, 10, "HTTP/1.1 2") != 0) {
      throw std::runtime_error(answer_.substr(0, 1'000));
    }
    return answer_.size();
  }

 private:
  int socket_;
  std::string answer_;
  std::array<char, 1 << 16> buffer_{};
};

}  // namespace

Load SendAll(std::uint16_t port, const std::vector<std::string>& requests,
             std::size_t connections) {
  std::vector<std::unique_ptr<Caller>> callers;
  std::vector<pollfd> polls;
  for (std::size_t i = 0; i < std::min(connections, requests.size()); ++i) {
    callers.push_back(std::make_unique<Caller>(port));
    polls.push_back({callers.back()->socket(), POLLIN, 0});
  }
  Load load;
  const auto begun = std::chrono::steady_clock::now();
  std::size_t next = 0, answered = 0;
  for (auto& caller : callers) caller->Begin(requests[next++]);
  while (answered < requests.size()) {
    if (poll(polls.data(), polls.size(), 30'000) <= 0) throw std::runtime_error("no answer");
    for (std::size_t i = 0; i < polls.size(); ++i) {
      if (polls[i].revents == 0) continue;
      const std::size_t size = callers[i]->Read();
      if (size == 0) continue;
      load.bytes += size;
      ++answered;
      polls[i].events = next < requests.size() ? POLLIN : 0;
      if (next < requests.size()) callers[i]->Begin(requests[next++]);
    }
  }
  load.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return load;
}

std::string SignedRequest(const std::string& account, const std::string& method,
                          const std::string& target, const std::string& body) {
  const auto now =
      std::chrono::time_point_cast<emulator::Instant::duration>(std::chrono::system_clock::now());
  emulator::Request request{method, target, {{"ocp-date", emulator::FormatHttpDate(now)}}, body};
  if (!body.empty()) {
    request.headers.emplace_back("Content-Type", "application/json; odata=minimalmetadata");
    request.headers.emplace_back("Content-Length", std::to_string(body.size()));
  }
  const std::string text = emulator::StringToSign(request, account, true);
  request.headers.emplace_back(
      "Authorization",
      fmt::format("SharedKey {}:{}", account, *emulator::Sign(text, emulator::kWellKnownKey)));
  std::string out = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, target);
  for (const auto& [name, value] : request.headers) out += fmt::format("{}: {}\r\n", name, value);
  return out + "\r\n" + body;
}

}  // namespace bench
