// One connection of the listener: reads a request, answers it, reads the next.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/read.hpp>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "tests/emulator/listener.h"
#include "tests/emulator/wire_request.h"
#include "tests/emulator/wire_text.h"

namespace emulator {

using PlainStream = boost::asio::ip::tcp::socket;
using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

/// What a connection is given; `options` and `handler` outlive it.
struct ConnectionFacts {
  const ListenerOptions& options;
  const Listener::Handler& handler;
  std::uint64_t number;
  std::shared_ptr<const int> alive;  // held as long as the connection lives
};

/// `Stream`: PlainStream or TlsStream.
template <class Stream>
class Connection : public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(Stream stream, ConnectionFacts facts)
      : stream_(std::move(stream)),
        timer_(stream_.get_executor()),
        facts_(std::move(facts)),
        options_(facts_.options),
        handler_(facts_.handler) {}

  void Start() {
    if constexpr (std::is_same_v<Stream, PlainStream>) {
      Read();
    } else if (options_.tls_stalls) {
      StallHandshake();
    } else {
      stream_.async_handshake(boost::asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](error_code error) {
                                if (!error) self->Read();
                              });
    }
  }

 private:
  using error_code = boost::system::error_code;

  void Read() {
    parser_.emplace();
    boost::beast::http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](error_code error, std::size_t) {
          if (!error) return self->Continue();
          self->Refuse(error);
        });
  }
  void Continue() {
    const std::string upload = options_.upload ? options_.upload(parser_->Head()) : "";
    if (upload == "cut") return ReadHalf();
    if (upload == "notContinued" ||
        !boost::beast::iequals(parser_->get()[boost::beast::http::field::expect], "100-continue")) {
      return ReadBody();
    }
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    boost::asio::async_write(stream_, boost::asio::buffer(out_),
                             [self = this->shared_from_this()](error_code error, std::size_t) {
                               if (!error) self->ReadBody();
                             });
  }
  void ReadBody() {
    boost::beast::http::async_read(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](error_code error, std::size_t) {
          if (!error) return self->Answer();
          self->Refuse(error);
        });
  }
  /// Half of the body is read, and then the connection breaks.
  void ReadHalf() {
    const std::uint64_t whole = parser_->content_length().value_or(0);
    if (parser_->content_length_remaining().value_or(0) * 2 <= whole) return Reset();
    boost::beast::http::async_read_some(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](error_code error, std::size_t) {
          if (!error) self->ReadHalf();
        });
  }
  /// A request that is no HTTP, or is too long; a connection that just ends gets no answer.
  void Refuse(error_code error) {
    using Problem = boost::beast::http::error;
    if (error.category() != make_error_code(Problem::end_of_stream).category() ||
        error == Problem::end_of_stream || error == Problem::partial_message) {
      return;
    }
    const bool too_long = error == Problem::body_limit;
    Response refusal{too_long ? 413 : 400,
                     too_long ? "Request Entity Too Large" : "Bad Request",
                     {{"Content-Length", "0"}},
                     {}};
    out_ = WireText(refusal, false, false);
    Write(false);
  }
  void Answer() {
    const bool keep_alive = parser_->get().keep_alive();
    Request request = parser_->Take();
    request.connection = facts_.number;
    const Response response = handler_(request);
    out_ = WireText(response, request.method == "HEAD", keep_alive);
    if (response.wire != Wire::kWhole) return Spoil(response);
    if (options_.latency.count() == 0) return Write(keep_alive);
    After(options_.latency, [this, keep_alive] { Write(keep_alive); });
  }
  template <class Next>
  void After(std::chrono::milliseconds time, Next next) {
    timer_.expires_after(time);
    timer_.async_wait([self = this->shared_from_this(), next](error_code error) {
      if (!error) next();
    });
  }
  /// The connection does with the answer what a fault plan wants, and is not used again.
  void Spoil(const Response& response) {
    switch (response.wire) {
      case Wire::kWhole:
        return;
      case Wire::kRefuse:
        if (options_.refuse) options_.refuse(response.wire_time);
        return Reset();
      case Wire::kResetNew:
        if (options_.reset_new) options_.reset_new(response.wire_time);
        return Reset();
      case Wire::kReset:
        return Reset();
      case Wire::kClosed:
        return Close();
      case Wire::kHeadersOnly:
        out_.resize(HeadersSize());
        return WriteThen([this] { Hang(); });
      case Wire::kHang:
        return Hang();
      case Wire::kTruncate:
        out_.resize(out_.size() - (response.body.size() + 1) / 2);
        return Write(false);
      case Wire::kSlow:
        piece_ = out_.size() / kPieces + 1;
        return WritePieces(0, response.wire_time / kPieces);
      case Wire::kTrickle:
        piece_ = response.wire_bytes;
        return WriteSome(HeadersSize(), [this] { WritePieces(HeadersSize(), kTrickle); });
      case Wire::kClosesUnsaid:
        return WriteThen([this] { Close(); });
      case Wire::kClosesSlowly:
        return WriteThen([this, time = response.wire_time] { After(time, [this] { Close(); }); });
    }
  }
  /// The peer sees a reset, not an orderly end.
  void Reset() {
    error_code ignored;
    auto& socket = boost::beast::get_lowest_layer(stream_);
    socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
  }
  /// What the peer says is read, and never answered.
  void StallHandshake() {
    boost::beast::get_lowest_layer(stream_).async_read_some(
        boost::asio::buffer(hold_),
        [self = this->shared_from_this()](error_code error, std::size_t) {
          if (!error) self->StallHandshake();
        });
  }
  /// Until the peer gives up.
  void Hang() {
    stream_.async_read_some(boost::asio::buffer(hold_),
                            [self = this->shared_from_this()](error_code error, std::size_t) {
                              if (!error) self->Hang();
                            });
  }
  void WritePieces(std::size_t from, std::chrono::milliseconds pause) {
    const std::size_t size = std::min(piece_, out_.size() - from);
    boost::asio::async_write(
        stream_, boost::asio::buffer(out_.data() + from, size),
        [self = this->shared_from_this(), from, size, pause](error_code error, std::size_t) {
          if (error) return;
          if (from + size == self->out_.size()) return self->Close();
          self->After(pause, [connection = self.get(), from, size, pause] {
            connection->WritePieces(from + size, pause);
          });
        });
  }
  void Write(bool keep_alive) {
    WriteThen([this, keep_alive] {
      if (keep_alive) return Read();
      Close();
    });
  }
  std::size_t HeadersSize() const { return out_.find("\r\n\r\n") + 4; }
  template <class Next>
  void WriteThen(Next next) {
    WriteSome(out_.size(), next);
  }
  template <class Next>
  void WriteSome(std::size_t size, Next next) {
    boost::asio::async_write(
        stream_, boost::asio::buffer(out_.data(), size),
        [self = this->shared_from_this(), next](error_code error, std::size_t) {
          if (!error) next();
        });
  }
  void Close() {
    if constexpr (std::is_same_v<Stream, PlainStream>) {
      error_code ignored;
      stream_.shutdown(PlainStream::shutdown_send, ignored);
    } else {
      // Held until the peer has said goodbye, too.
      stream_.async_shutdown([self = this->shared_from_this()](error_code) {});
    }
  }

  Stream stream_;
  boost::asio::steady_timer timer_;
  const ConnectionFacts facts_;
  const ListenerOptions& options_;
  const Listener::Handler& handler_;
  boost::beast::flat_buffer buffer_;
  std::optional<RequestParser> parser_;
  std::string out_;
  static constexpr std::size_t kPieces = 10;
  static constexpr std::chrono::milliseconds kTrickle{1000};
  std::size_t piece_ = 0;  // bytes of one of them
  std::array<char, 64> hold_{};
};

}  // namespace emulator
