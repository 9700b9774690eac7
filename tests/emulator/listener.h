// HTTP/1.1 on a loopback socket around the service.
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tests/emulator/service.h"

namespace emulator {

struct ListenerOptions {
  /// 0: any free port.
  std::uint16_t port = 0;
  /// Every answer waits this long; requests of several connections wait side by side.
  std::chrono::milliseconds latency{0};
  /// Speaks TLS with this; nullptr: plain HTTP. Outlives the listener.
  SSL_CTX* tls = nullptr;
  /// The handshake never gets anywhere.
  bool tls_stalls = false;
  /// More connections than these are reset as they come; 0: no limit.
  std::size_t connections_max = 0;
  /// "cut": the connection is reset half-way through the body of this request; "notContinued": a
  /// client that waits for 100 Continue waits in vain; "": neither.
  std::function<std::string(const Request& head)> upload{};
  /// Set by the listener: stops listening for a time; resets new connections for a time.
  std::function<void(std::chrono::milliseconds)> refuse{}, reset_new{};
};

/// Serves on 127.0.0.1 with one thread, which is why the service needs no lock.
class Listener {
 public:
  using Handler = std::function<Response(const Request&)>;

  Listener(ListenerOptions options, Handler handler);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Binds the port. Errors: a text that says why not.
  std::string Open();
  std::uint16_t port() const;
  /// From now on new connections speak TLS with this, which it keeps, or stall in the handshake. To
  /// be called by the handler; the listener must have begun with TLS.
  void Present(SSL_CTX* tls, bool stalls);
  /// Calls `task` again and again while it serves, between requests.
  void Every(std::chrono::milliseconds interval, std::function<void()> task);
  /// Serves until SIGINT, SIGTERM or Stop().
  void Run();
  /// May be called from another thread.
  void Stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace emulator
