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
  /// Set by the listener: stops listening for a time.
  std::function<void(std::chrono::milliseconds)> refuse{};
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
  /// Serves until SIGINT, SIGTERM or Stop().
  void Run();
  /// May be called from another thread.
  void Stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The bytes of an answer. `keep_alive` adds `Connection: close` when false; the body of a chunked
/// answer is sent as one chunk, the answer to a HEAD has none.
std::string WireText(const Response& response, bool head, bool keep_alive);

}  // namespace emulator
