#include "tests/daemon/notify_socket.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace reconciler::daemon {

// Tests set variables while they have no other thread.
Variable::Variable(const char* name, const std::string& value) : name_(name) {
  ::setenv(name, value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
}
Variable::~Variable() { ::unsetenv(name_); }  // NOLINT(concurrency-mt-unsafe)

NotifySocket::NotifySocket(const std::string& name)
    : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(name.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0);
}

std::optional<std::string> NotifySocket::Next() {
  std::string buffer(4096, '\0');
  const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (size < 0) return std::nullopt;
  buffer.resize(static_cast<std::size_t>(size));
  return buffer;
}

std::vector<std::string> NotifySocket::Take() {
  std::vector<std::string> messages;
  while (auto message = Next()) messages.push_back(std::move(*message));
  return messages;
}

bool NotifySocket::WaitFor(const std::string& text) {
  constexpr int kPatienceMs = 20'000;  // for a machine under load
  while (true) {
    if (const auto message = Next()) {
      read_.push_back(*message);
      if (message->find(text) != std::string::npos) return true;
      continue;
    }
    pollfd watched{socket_.get(), POLLIN, 0};
    if (::poll(&watched, 1, kPatienceMs) != 1) return false;
  }
}

}  // namespace reconciler::daemon
