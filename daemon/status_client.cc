// The asker's side of the status socket.
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "daemon/status_socket.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/json.h"

namespace reconciler::daemon {
namespace {

using std::chrono::milliseconds;

constexpr JsonLimits kLimits{.depth_max = 16, .size_bytes_max = 512U << 20U};

Error Failed(ErrorKind kind, const std::string& path, const std::string& why) {
  return Error{kind, fmt::format("the daemon's status at {}: {}", path, why)};
}

/// It took the connection, or the kernel did in its name, and says nothing.
Error Silent(const FileDescriptor& socket, const std::string& path, milliseconds patience) {
  ucred peer{};
  socklen_t size = sizeof peer;
  std::string process;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid > 0) {
    process = fmt::format(" (process {})", peer.pid);
  }
  return Error{
      ErrorKind::kTransient,
      fmt::format("the daemon{} does not answer at {} within {}: it hangs or is stopped", process,
                  path, HumanDuration(std::chrono::ceil<std::chrono::seconds>(patience)))};
}

Result<std::string> ReadToEnd(const FileDescriptor& socket, const std::string& path,
                              milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  std::string text;
  std::string buffer(1U << 16U, '\0');
  while (true) {
    const ssize_t bytes = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (bytes == 0) return text;
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      return Silent(socket, path, patience);
    if (bytes < 0) return Failed(ErrorKind::kTransient, path, ErrnoText(errno));
    text.append(buffer, 0, static_cast<std::size_t>(bytes));
    if (std::chrono::steady_clock::now() > give_up) {
      return Silent(socket, path, patience);
    }
  }
}

}  // namespace

Result<std::optional<StatusReport>> AskDaemon(const std::string& path, milliseconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::optional<StatusReport>();
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return Failed(ErrorKind::kTransient, path, ErrnoText(errno));
  const auto whole = std::chrono::floor<std::chrono::seconds>(patience);
  const timeval limit{whole.count(), std::chrono::microseconds(patience - whole).count()};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EACCES || errno == EPERM) {
      return Failed(ErrorKind::kUnauthorized, path, "permission denied");
    }
    return std::optional<StatusReport>();
  }
  const auto text = ReadToEnd(socket, path, patience);
  if (!text) return text.error();
  const auto document = ParseJson(*text, kLimits);
  if (!document) return Failed(ErrorKind::kTerminal, path, document.error().message);
  if (document->BoolOr("refused", false)) {
    return Failed(ErrorKind::kUnauthorized, path, "permission denied");
  }
  auto report = StatusReportFromJson(*document);
  if (!report) return Failed(ErrorKind::kTerminal, path, report.error().message);
  if (!report->FromDaemon()) return Failed(ErrorKind::kTerminal, path, "is no daemon's");
  return std::optional<StatusReport>(std::move(*report));
}

}  // namespace reconciler::daemon
