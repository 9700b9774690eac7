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
        silence(context) {
    options.refuse = [this](std::chrono::milliseconds time) { RefuseFor(time); };
    if (options.tls == nullptr) return;
    SSL_CTX_up_ref(options.tls);  // the context of asio frees what it is given
    tls.emplace(options.tls);
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
  void Serve(tcp::socket socket) {
    if (!tls) {
      std::make_shared<Connection<PlainStream>>(std::move(socket), options, handler)->Start();
      return;
    }
    TlsStream stream(std::move(socket), *tls);
    std::make_shared<Connection<TlsStream>>(std::move(stream), options, handler)->Start();
  }

  ListenerOptions options;
  Handler handler;
  std::optional<asio::ssl::context> tls;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  asio::signal_set signals;
  asio::steady_timer silence;  // ends when connections are taken again
};

Listener::Listener(ListenerOptions options, Handler handler)
    : state_(std::make_unique<State>(options, std::move(handler))) {}
Listener::~Listener() = default;

std::string Listener::Open() { return state_->Listen(state_->options.port); }

std::uint16_t Listener::port() const { return state_->acceptor.local_endpoint().port(); }

void Listener::Run() {
  state_->signals.add(SIGINT);
  state_->signals.add(SIGTERM);
  state_->signals.async_wait([this](error_code error, int) {
    if (!error) state_->context.stop();
  });
  state_->context.run();
}

void Listener::Stop() { state_->context.stop(); }

std::string WireText(const Response& response, bool head, bool keep_alive) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, response.reason);
  bool chunked = false;
  for (const auto& [name, value] : response.headers) {
    chunked = chunked || name == "Transfer-Encoding";
    out += fmt::format("{}: {}\r\n", name, value);
  }
  if (!keep_alive) out += "Connection: close\r\n";
  out += "\r\n";
  if (head || response.status == 304 || response.status == 204) return out;
  if (!chunked) return out + response.body;
  if (!response.body.empty()) {
    out += fmt::format("{:x}\r\n", response.body.size());
    out += response.body;
    out += "\r\n";
  }
  return out + "0\r\n\r\n";
}

}  // namespace emulator
