#include "tests/batch/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace reconciler::batch {
namespace {

/// Bytes of the body that the head announces.
std::size_t BodySize(const std::string& head) {
  const std::string name = "Content-Length: ";
  const std::size_t at = head.find(name);
  return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + name.size(), nullptr, 10);
}

}  // namespace

std::string PlainAnswer(int status, const std::string& body, const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " OK\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

RawServer::RawServer(Handler handler, std::string greeting)
    : handler_(std::move(handler)), greeting_(std::move(greeting)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = static_cast<sockaddr*>(static_cast<void*>(&address));
  if (bind(listener_, generic, size) != 0 || listen(listener_, 4096) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("the test server got no port");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Main(); });
}

RawServer::~RawServer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
  thread_.join();
  for (const auto& [fd, peer] : peers_) close(fd);
  close(listener_);
  close(wake_);
}

std::vector<SeenRequest> RawServer::Seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::size_t RawServer::CountSeen(const std::string& method) const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const SeenRequest& request : seen_) count += request.method == method ? 1U : 0U;
  return count;
}

int RawServer::Connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void RawServer::AwaitSeen(std::size_t count) const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return seen_.size() >= count; });
}

void RawServer::Main() {
  while (true) {
    std::vector<pollfd> fds = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    for (const auto& [fd, peer] : peers_) {
      const bool writes = !peer.pending.empty() || !peer.forever.empty() || peer.close_after;
      fds.push_back({fd, static_cast<short>(POLLIN | (writes ? POLLOUT : 0)), 0});
    }
    poll(fds.data(), fds.size(), -1);
    {
      const std::lock_guard lock(mutex_);
      if (ending_) return;
    }
    for (std::size_t i = 2; i < fds.size(); ++i) {
      const pollfd& ready = fds[i];
      Peer& peer = peers_[ready.fd];
      bool alive = true;
      if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0) alive = Read(ready.fd, peer);
      if (alive && (ready.revents & POLLOUT) != 0) alive = Write(ready.fd, peer);
      if (alive) continue;
      close(ready.fd);
      peers_.erase(ready.fd);
    }
    ReleaseHeld();
    if ((fds[0].revents & POLLIN) != 0) Accept();
  }
}

void RawServer::Accept() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const std::lock_guard lock(mutex_);
    Peer& peer = peers_[fd];
    peer.number = ++connections_;
    peer.pending = greeting_;
  }
}

bool RawServer::Read(int fd, Peer& peer) {
  std::array<char, 16384> buffer{};
  const ssize_t bytes = recv(fd, buffer.data(), buffer.size(), 0);
  if (bytes <= 0) return false;
  peer.received.append(buffer.data(), static_cast<std::size_t>(bytes));
  TakeRequests(peer);
  return true;
}

void RawServer::TakeRequests(Peer& peer) {
  while (true) {
    const std::size_t end = peer.received.find("\r\n\r\n");
    if (end == std::string::npos) return;
    SeenRequest request;
    request.head = peer.received.substr(0, end + 4);
    const std::size_t body = BodySize(request.head);
    if (peer.received.size() < end + 4 + body) return;
    request.body = peer.received.substr(end + 4, body);
    peer.received.erase(0, end + 4 + body);
    const std::size_t space = request.head.find(' ');
    request.method = request.head.substr(0, space);
    request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
    request.connection = peer.number;
    request.on_connection = ++peer.requests;
    peer.held = handler_(request);
    peer.holding = true;
    const std::lock_guard lock(mutex_);
    seen_.push_back(std::move(request));
    changed_.notify_all();
  }
}

void RawServer::ReleaseHeld() {
  std::size_t seen = 0;
  {
    const std::lock_guard lock(mutex_);
    seen = seen_.size();
  }
  for (auto& [fd, peer] : peers_) {
    if (!peer.holding || seen < peer.held.hold_until_seen) continue;
    peer.holding = false;
    peer.pending += peer.held.bytes;
    peer.close_after = peer.held.close;
    peer.forever = peer.held.then_forever;
  }
}

bool RawServer::Write(int fd, Peer& peer) {
  if (peer.pending.empty()) peer.pending = peer.forever;
  if (!peer.pending.empty()) {
    const ssize_t bytes = send(fd, peer.pending.data(), peer.pending.size(), MSG_NOSIGNAL);
    if (bytes < 0) return false;
    peer.pending.erase(0, static_cast<std::size_t>(bytes));
  }
  return !(peer.pending.empty() && peer.close_after && peer.forever.empty());
}

}  // namespace reconciler::batch
