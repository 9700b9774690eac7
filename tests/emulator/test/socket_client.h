// A listener on a thread, and what a client on a bare socket sees of it.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <thread>
#include <utility>

#include "tests/emulator/listener.h"

namespace emulator {

/// Serves until it goes.
class RunningListener {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  RunningListener(ListenerOptions options, Listener::Handler handler)
      : listener_(std::move(options), std::move(handler)) {
    REQUIRE(listener_.Open().empty());
    port_ = listener_.port();
    thread_ = std::thread([this] { listener_.Run(); });
  }
  ~RunningListener() {
    listener_.Stop();
    thread_.join();
  }
  RunningListener(const RunningListener&) = delete;
  RunningListener& operator=(const RunningListener&) = delete;

  /// For the handler, which runs on the listener's thread.
  Listener& listener() { return listener_; }
  Socket Connect() {
    Socket socket(context_);
    socket.connect({boost::asio::ip::address_v4::loopback(), port_}, ended_);
    reset_early_ = WasReset();
    return socket;
  }
  /// What comes until the other side ends it.
  std::string ReadAll(Socket& socket) {
    std::string answer;
    boost::system::error_code error;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
    ended_ = std::exchange(reset_early_, false) ? boost::asio::error::connection_reset : error;
    return answer;
  }
  std::string ReadSize(Socket& socket, std::size_t size) {
    std::string answer(size, ' ');
    boost::asio::read(socket, boost::asio::buffer(answer), ended_);
    return answer;
  }
  /// Sends bytes on one connection and reads until the server closes it.
  std::string Exchange(const std::string& bytes) {
    Socket socket = Connect();
    Send(socket, bytes);
    return ReadAll(socket);
  }
  /// A reset that is there already is reported by this call alone: reading on finds a plain end.
  void Send(Socket& socket, const std::string& bytes) {
    boost::system::error_code error;
    boost::asio::write(socket, boost::asio::buffer(bytes), error);
    if (error == boost::asio::error::connection_reset) reset_early_ = true;
  }
  /// How the last exchange ended: end of file, or a reset.
  boost::system::error_code ended() const { return ended_; }
  bool WasReset() const { return ended_ == boost::asio::error::connection_reset; }

 private:
  boost::asio::io_context context_;
  Listener listener_;
  std::uint16_t port_ = 0;
  boost::system::error_code ended_;
  bool reset_early_ = false;  // before anything was read
  std::thread thread_;
};

}  // namespace emulator
