// The daemon's side of the status socket.
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "daemon/status_socket.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kPeersMax = 32;
constexpr std::chrono::seconds kPatience{5};
constexpr const char* kSocketName = "status.sock";

bool SetAddress(const std::string& path, sockaddr_un& address) {
  address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return true;
}

Error Failed(const std::string& path, const std::string& why) {
  return Error{ErrorKind::kTerminal, fmt::format("status socket {}: {}", path, why)};
}

bool IsServed(const sockaddr_un& address) {
  const FileDescriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  return probe.valid() &&
         ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// A socket that a dead process left is removed; anything else stays.
Status MakeRoom(const std::string& path, const sockaddr_un& address) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return Ok{};
  if (!S_ISSOCK(info.st_mode)) {
    return Failed(path, fmt::format("is {}", FileTypeWords(info.st_mode)));
  }
  if (IsServed(address)) return Failed(path, "another process serves it");
  if (::unlink(path.c_str()) != 0) return Failed(path, ErrnoText(errno));
  return Ok{};
}

Result<std::optional<unsigned>> FindGroup(const std::string& path, const std::string& name) {
  if (name.empty()) return std::optional<unsigned>();
  group entry{};
  group* found = nullptr;
  std::vector<char> buffer(1 << 16);
  const int error = ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) {
    return Failed(
        path, fmt::format("group '{}' {}", name, error == 0 ? "does not exist" : ErrnoText(error)));
  }
  return std::optional<unsigned>(found->gr_gid);
}

}  // namespace

struct StatusServer::Peer {
  FileDescriptor socket;
  std::string text;
  std::size_t sent = 0;
  std::chrono::steady_clock::time_point give_up;

  /// False: done with it, for better or worse.
  bool Send() {
    while (sent < text.size()) {
      const ssize_t bytes =
          ::send(socket.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (bytes < 0 && errno == EINTR) continue;
      if (bytes < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
      sent += static_cast<std::size_t>(bytes);
    }
    return false;
  }
};

std::string DefaultStatusSocket(const std::string& state_folder) {
  const char* folder = std::getenv("RUNTIME_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  if (folder == nullptr || *folder == '\0') return state_folder + "/" + kSocketName;
  const std::string first(folder, std::strcspn(folder, ":"));
  return first + "/" + kSocketName;
}

std::vector<std::string> StatusSocketCandidates(const std::string& state_folder) {
  return {std::string("/run/poolkeeper/") + kSocketName, state_folder + "/" + kSocketName};
}

Result<std::unique_ptr<StatusServer>> StatusServer::Start(std::string path,
                                                          const std::string& group,
                                                          std::function<std::string()> document) {
  auto readers = FindGroup(path, group);
  if (!readers) return readers.error();
  sockaddr_un address{};
  if (!SetAddress(path, address)) {
    return Failed(path, fmt::format("its path is longer than {} bytes; name a shorter one with "
                                    "`status: {{socket: ...}}` of the configuration",
                                    sizeof address.sun_path - 1));
  }
  if (const Status room = MakeRoom(path, address); !room) return room.error();
  FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener.valid()) return Failed(path, ErrnoText(errno));
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Failed(path, ErrnoText(errno));
  }
  // Who may read is decided by the peer's user and groups; the mode only keeps others from
  // knocking.
  const mode_t mode = *readers ? 0666 : 0600;
  if (::chmod(path.c_str(), mode) != 0 || ::listen(listener.get(), 16) != 0) {
    return Failed(path, ErrnoText(errno));
  }
  return std::unique_ptr<StatusServer>(
      new StatusServer(std::move(path), std::move(listener), *readers, std::move(document)));
}

StatusServer::StatusServer(std::string path, FileDescriptor listener, std::optional<unsigned> group,
                           std::function<std::string()> document)
    : path_(std::move(path)),
      listener_(std::move(listener)),
      quit_(::eventfd(0, EFD_CLOEXEC)),
      group_(group),
      document_(std::move(document)),
      thread_([this](const std::stop_token& stop) { Serve(stop); }) {}

StatusServer::~StatusServer() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  if (::write(quit_.get(), &one, sizeof one) < 0) return;  // an eventfd of our own takes it
  thread_.join();
  ::unlink(path_.c_str());
}

bool StatusServer::MayRead(int peer) const {
  ucred user{};
  socklen_t size = sizeof user;
  if (::getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &user, &size) != 0) return false;
  if (user.uid == 0 || user.uid == ::geteuid()) return true;
  if (!group_) return false;
  if (user.gid == *group_) return true;
  std::vector<gid_t> groups(1024);
  size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  if (::getsockopt(peer, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) return false;
  groups.resize(size / sizeof(gid_t));
  return std::find(groups.begin(), groups.end(), *group_) != groups.end();
}

void StatusServer::Accept(std::vector<Peer>& peers) {
  while (peers.size() < kPeersMax) {
    FileDescriptor socket(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.valid()) return;
    Peer peer{std::move(socket), {}, 0, std::chrono::steady_clock::now() + kPatience};
    peer.text = MayRead(peer.socket.get()) ? document_() : R"({"refused": true})";
    if (peer.Send()) peers.push_back(std::move(peer));
  }
}

void StatusServer::Serve(const std::stop_token& stop) {
  std::vector<Peer> peers;
  while (!stop.stop_requested()) {
    const short knock = peers.size() < kPeersMax ? POLLIN : 0;
    std::vector<pollfd> polled = {{quit_.get(), POLLIN, 0}, {listener_.get(), knock, 0}};
    for (const Peer& peer : peers) polled.push_back({peer.socket.get(), POLLOUT, 0});
    ::poll(polled.data(), polled.size(), peers.empty() ? -1 : 1000);
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(peers, [&](Peer& peer) { return now >= peer.give_up || !peer.Send(); });
    if (polled[1].revents != 0) Accept(peers);
  }
}

}  // namespace reconciler::daemon
