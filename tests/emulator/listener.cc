#include "tests/emulator/listener.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <optional>
#include <utility>

#include "tests/emulator/connection.h"

namespace emulator {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

}  // namespace

struct Listener::State {
  State(ListenerOptions given, Handler given_handler)
      : options(std::move(given)),
        handler(std::move(given_handler)),
        acceptor(context),
        signals(context),
        silence(context),
        pause(context) {
    options.refuse = [this](std::chrono::milliseconds time) { RefuseFor(time); };
    options.reset_new = [this](std::chrono::milliseconds time) {
      resets_until = std::chrono::steady_clock::now() + time;
    };
    if (options.tls != nullptr) Present(options.tls, options.tls_stalls);
  }
  /// Connections that are there keep theirs.
  void Present(SSL_CTX* presented, bool stalls) {
    SSL_CTX_up_ref(presented);  // the context of asio frees what it is given
    tls.emplace(presented);
    options.tls_stalls = stalls;
  }

  void Accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error) return;
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      Serve(std::move(socket));
      Accept();
    });
  }
  /// Errors: a text that says why not.
  std::string Listen(std::uint16_t port) {
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fmt::format("cannot listen on 127.0.0.1:{}: {}", port, error.message());
    Accept();
    return {};
  }
  /// Connections that are there live on. Twice at once: the first time counts.
  void RefuseFor(std::chrono::milliseconds time) {
    if (!acceptor.is_open()) return;
    const std::uint16_t port = acceptor.local_endpoint().port();
    error_code ignored;
    acceptor.close(ignored);
    silence.expires_after(time);
    silence.async_wait([this, port](error_code error) {
      if (!error) Listen(port);
    });
  }
  bool Unwanted() const {
    const bool too_many = options.connections_max != 0 &&
                          static_cast<std::size_t>(alive.use_count()) > options.connections_max;
    return too_many || std::chrono::steady_clock::now() < resets_until;
  }
  void ScheduleTask() {
    pause.expires_after(interval);
    pause.async_wait([this](error_code error) {
      if (error) return;
      task();
      ScheduleTask();
    });
  }
  void Serve(tcp::socket socket) {
    if (Unwanted()) {
      error_code ignored;
      socket.set_option(asio::socket_base::linger(true, 0), ignored);
      socket.close(ignored);  // its destructor would take the option back and end in good order
      return;
    }
    const ConnectionFacts facts{options, handler, ++connections, alive};
    if (!tls) {
      std::make_shared<Connection<PlainStream>>(std::move(socket), facts)->Start();
      return;
    }
    TlsStream stream(std::move(socket), *tls);
    std::make_shared<Connection<TlsStream>>(std::move(stream), facts)->Start();
  }

  ListenerOptions options;
  Handler handler;
  std::optional<asio::ssl::context> tls;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  asio::signal_set signals;
  std::uint64_t connections = 0;                               // so far
  std::shared_ptr<const int> alive = std::make_shared<int>();  // held by each connection
  std::chrono::steady_clock::time_point resets_until{};
  asio::steady_timer silence;  // ends when connections are taken again
  asio::steady_timer pause;    // between two runs of `task`
  std::chrono::milliseconds interval{0};
  std::function<void()> task;
};

Listener::Listener(ListenerOptions options, Handler handler)
    : state_(std::make_unique<State>(options, std::move(handler))) {}
Listener::~Listener() = default;

std::string Listener::Open() { return state_->Listen(state_->options.port); }

std::uint16_t Listener::port() const { return state_->acceptor.local_endpoint().port(); }

void Listener::Present(SSL_CTX* tls, bool stalls) { state_->Present(tls, stalls); }

void Listener::Every(std::chrono::milliseconds interval, std::function<void()> task) {
  state_->interval = interval;
  state_->task = std::move(task);
  state_->ScheduleTask();
}

void Listener::Run() {
  state_->signals.add(SIGINT);
  state_->signals.add(SIGTERM);
  state_->signals.async_wait([this](error_code error, int) {
    if (!error) state_->context.stop();
  });
  state_->context.run();
}

void Listener::Stop() { state_->context.stop(); }

}  // namespace emulator
