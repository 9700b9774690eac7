#include "daemon/spec_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "daemon/file_tree.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kTreeMask = IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE |
                                    IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF |
                                    IN_ONLYDIR;
constexpr std::uint32_t kWayMask =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR;
constexpr int kDepthMax = 64;

bool IsLink(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
}

bool Exists(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

}  // namespace

SpecWatch::SpecWatch(std::string root, WatchTiming timing, Clock& clock)
    : root_(fs::absolute(std::move(root)).lexically_normal().string()),
      timing_(timing),
      clock_(clock),
      events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  while (root_.size() > 1 && root_.back() == '/') root_.pop_back();
  WatchAll();
}

void SpecWatch::Wake() { ::eventfd_write(wake_.get(), 1); }

void SpecWatch::WatchAll() {
  if (!usable()) return;
  watched_.clear();  // watches that stand already get their old number again
  WatchTree(root_, 0);
  WatchWayToRoot();
}

void SpecWatch::WatchFolder(const std::string& folder, const std::string& only) {
  // One number stands for one folder, whatever asked for it: masks add up.
  const std::uint32_t mask = (only.empty() ? kTreeMask : kWayMask) | IN_MASK_ADD;
  const int watch = ::inotify_add_watch(events_.get(), folder.c_str(), mask);
  if (watch >= 0) watched_.emplace(watch, Watched{folder, only});
}

void SpecWatch::WatchTree(const std::string& folder, int depth) {
  WatchFolder(folder, "");
  if (depth >= kDepthMax) return;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    const std::string name = entry->path().filename().string();
    if (name.front() == '.' || entry->is_symlink(ignored)) continue;
    if (entry->is_directory(ignored)) WatchTree(entry->path().string(), depth + 1);
  }
}

/// The folder of each link on the way, of the root itself, and of the first name that is missing.
void SpecWatch::WatchWayToRoot() {
  fs::path above;
  for (const fs::path& name : fs::path(root_)) {
    const fs::path path = above / name;
    const bool is_root = path.string() == root_;
    const bool missing = !Exists(path.string());
    if (!above.empty() && (is_root || missing || IsLink(path.string()))) {
      WatchFolder(above.string(), name.string());
    }
    if (missing) return;
    above = path;
  }
}

bool SpecWatch::Matters(int watch, std::uint32_t mask, std::string_view name) const {
  if ((mask & IN_Q_OVERFLOW) != 0) return true;
  const auto [begin, end] = watched_.equal_range(watch);
  for (auto found = begin; found != end; ++found) {
    const std::string& only = found->second.only;
    if (!only.empty()) {
      if (name == only) return true;
      continue;
    }
    // "..data" is the link that Kubernetes swaps in a mounted volume.
    if (name.empty() || (mask & IN_ISDIR) != 0 || name.substr(0, 2) == "..") {
      if (name.empty() || name.front() != '.' || name.substr(0, 2) == "..") return true;
    }
    if (IsSpecFileName(name)) return true;
  }
  return false;
}

bool SpecWatch::TakeEvents() {
  bool matters = false;
  bool folders_changed = false;
  alignas(inotify_event) std::array<char, 16384> buffer{};
  while (true) {
    const ssize_t count = ::read(events_.get(), buffer.data(), buffer.size());
    if (count <= 0) break;
    for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      const bool counts =
          Matters(event.wd, event.mask, std::string_view(name, ::strnlen(name, event.len)));
      matters = matters || counts;
      constexpr std::uint32_t kMoves = IN_ISDIR | IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF;
      folders_changed = folders_changed || (event.mask & kMoves) != 0 || counts;
      at += sizeof event + event.len;
    }
  }
  if (matters && folders_changed) WatchAll();
  return matters;
}

SpecWatch::Ended SpecWatch::Wait(Tick due, std::stop_token stop) {
  const std::stop_callback on_stop(stop, [this] { Wake(); });
  std::optional<Tick> first;  // of the events that have not been answered
  Tick wait_until = due;
  bool woken = false;
  const auto look = [&] {
    if (!TakeEvents()) return;
    const Tick seen = clock_.Now();
    if (!first) first = seen;
    wait_until = std::min(seen + timing_.quiet, *first + timing_.patience);
  };
  while (true) {
    if (stop.stop_requested()) return Ended::kStopped;
    // Whoever wrote just now writes on, perhaps: neither what is due nor a wake reads under it.
    if (clock_.Now() >= wait_until || woken) look();
    const Tick now = clock_.Now();
    if (woken && !first) return Ended::kWoken;
    if (now >= wait_until) return woken ? Ended::kWoken : first ? Ended::kChanged : Ended::kDue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(wait_until - now).count();
    pollfd watched[] = {{wake_.get(), POLLIN, 0}, {events_.get(), POLLIN, 0}};
    const int timeout = static_cast<int>(std::min<long long>(left, 60'000));
    if (::poll(watched, 2, timeout) < 0 && errno != EINTR) return Ended::kDue;
    if (watched[0].revents != 0) {
      eventfd_t ignored = 0;
      ::eventfd_read(wake_.get(), &ignored);
      woken = !stop.stop_requested();
    }
    if (watched[1].revents != 0) look();
  }
}

}  // namespace reconciler::daemon
