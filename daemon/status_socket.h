// The unix socket by which a daemon says how its pools are. Read-only: nothing is ever read from
// who connects.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/posix.h"
#include "daemon/status_report.h"
#include "reconciler/core/result.h"

namespace reconciler::daemon {

/// Where the socket is unless the configuration says `status.socket`: in $RUNTIME_DIRECTORY (set by
/// systemd), else in the state folder.
std::string DefaultStatusSocket(const std::string& state_folder);
/// Where a client looks for it without `status.socket`: where the unit puts it, then in the state
/// folder.
std::vector<std::string> StatusSocketCandidates(const std::string& state_folder);

/// Hands each peer that may read it one document and closes. The peer's user is root or the
/// daemon's own, or it is in `group`; others are told so. A peer that does not read holds up
/// nobody.
class StatusServer {
 public:
  /// `path` takes the place of a socket that nobody serves any more. `group`: its members may read;
  /// empty: none. `document` runs in the server's thread. Errors: kTerminal, with the path.
  static Result<std::unique_ptr<StatusServer>> Start(std::string path, const std::string& group,
                                                     std::function<std::string()> document);
  /// Stops serving and removes the socket.
  ~StatusServer();

 private:
  struct Peer;
  StatusServer(std::string path, FileDescriptor listener, std::optional<unsigned> group,
               std::function<std::string()> document);
  void Serve(const std::stop_token& stop);
  void Accept(std::vector<Peer>& peers);
  bool MayRead(int peer) const;

  const std::string path_;
  FileDescriptor listener_;
  FileDescriptor quit_;  // readable: the thread ends
  const std::optional<unsigned> group_;
  std::function<std::string()> document_;
  std::jthread thread_;
};

/// What the daemon at `path` says; nullopt: nobody serves there. Gives up
/// after `patience`. Errors: kTransient, it does not answer; kUnauthorized, it does not let us
/// read; kTerminal, what it says is no status.
Result<std::optional<StatusReport>> AskDaemon(
    const std::string& path, std::chrono::milliseconds patience = std::chrono::seconds(5));

}  // namespace reconciler::daemon
