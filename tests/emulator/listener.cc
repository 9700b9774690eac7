#include "tests/emulator/listener.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <csignal>
#include <optional>

namespace emulator {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t kBodyBytesMax = 16U << 20U;
constexpr std::uint32_t kHeaderBytesMax = 64U << 10U;

/// One connection: reads a request, answers it, reads the next.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, const ListenerOptions& options, const Listener::Handler& handler)
      : socket_(std::move(socket)),
        timer_(socket_.get_executor()),
        options_(options),
        handler_(handler) {}

  void Read() {
    parser_.emplace();
    parser_->body_limit(kBodyBytesMax);
    parser_->header_limit(kHeaderBytesMax);
    http::async_read_header(socket_, buffer_, *parser_,
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (!error) return self->Continue();
                              self->Refuse(error);
                            });
  }

 private:
  void Continue() {
    if (boost::beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      out_ = "HTTP/1.1 100 Continue\r\n\r\n";
      asio::async_write(socket_, asio::buffer(out_),
                        [self = shared_from_this()](error_code error, std::size_t) {
                          if (!error) self->ReadBody();
                        });
    } else {
      ReadBody();
    }
  }
  void ReadBody() {
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (!error) return self->Answer();
                       self->Refuse(error);
                     });
  }
  /// A request that is no HTTP, or is too long; a connection that just ends gets no answer.
  void Refuse(error_code error) {
    const bool too_long = error == http::error::body_limit;
    if (error.category() != http::make_error_code(http::error::end_of_stream).category() ||
        error == http::error::end_of_stream || error == http::error::partial_message) {
      return;
    }
    Response refusal{too_long ? 413 : 400,
                     too_long ? "Request Entity Too Large" : "Bad Request",
                     {{"Content-Length", "0"}},
                     {}};
    out_ = WireText(refusal, false, false);
    Write(false);
  }
  void Answer() {
    Request request;
    auto& message = parser_->get();
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) {
      request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    request.body = std::move(message.body());
    const bool keep_alive = message.keep_alive();
    out_ = WireText(handler_(request), request.method == "HEAD", keep_alive);
    if (options_.latency.count() == 0) return Write(keep_alive);
    timer_.expires_after(options_.latency);
    timer_.async_wait([self = shared_from_this(), keep_alive](error_code error) {
      if (!error) self->Write(keep_alive);
    });
  }
  void Write(bool keep_alive) {
    asio::async_write(socket_, asio::buffer(out_),
                      [self = shared_from_this(), keep_alive](error_code error, std::size_t) {
                        if (error) return;
                        if (keep_alive) return self->Read();
                        error_code ignored;
                        self->socket_.shutdown(tcp::socket::shutdown_send, ignored);
                      });
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  const ListenerOptions& options_;
  const Listener::Handler& handler_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string out_;
};

}  // namespace

struct Listener::State {
  State(ListenerOptions given, Handler given_handler)
      : options(given), handler(std::move(given_handler)), acceptor(context), signals(context) {}

  void Accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error) return;
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Connection>(std::move(socket), options, handler)->Read();
      Accept();
    });
  }

  ListenerOptions options;
  Handler handler;
  asio::io_context context{1};
  tcp::acceptor acceptor;
  asio::signal_set signals;
};

Listener::Listener(ListenerOptions options, Handler handler)
    : state_(std::make_unique<State>(options, std::move(handler))) {}
Listener::~Listener() = default;

std::string Listener::Open() {
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), state_->options.port);
  error_code error;
  state_->acceptor.open(endpoint.protocol(), error);
  if (!error) state_->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) state_->acceptor.bind(endpoint, error);
  if (!error) state_->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return fmt::format("cannot listen on 127.0.0.1:{}: {}", state_->options.port, error.message());
  }
  state_->Accept();
  return {};
}

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
