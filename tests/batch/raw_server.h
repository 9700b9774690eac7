// A server on loopback that answers with the bytes it is told, however wrong they are.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace reconciler::batch {

struct SeenRequest {
  std::string method;
  std::string target;
  std::string head;  // request line and headers as received
  std::string body;
  int connection = 0;     // from 1, in the order of accepting
  int on_connection = 0;  // from 1: 2 is the first on a reused connection
};

struct RawReply {
  std::string bytes{};              // as written; nothing and no close: the request hangs
  bool close = false;               // after the bytes
  std::string then_forever{};       // written again and again until the client goes away
  std::size_t hold_until_seen = 0;  // not written before so many requests were seen in all
};

/// "HTTP/1.1 <status> OK" with a Content-Length.
std::string PlainAnswer(int status, const std::string& body, const std::string& headers = "");

class RawServer {
 public:
  using Handler = std::function<RawReply(const SeenRequest&)>;
  /// `handler` runs in the server's thread. `greeting` is written to each new connection.
  explicit RawServer(Handler handler, std::string greeting = "");
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::vector<SeenRequest> Seen() const;
  std::size_t CountSeen(const std::string& method) const;
  int Connections() const;
  void AwaitSeen(std::size_t count) const;

 private:
  struct Peer {
    int number = 0;
    int requests = 0;
    std::string received{};
    std::string pending{};
    RawReply held{};
    bool holding = false;
    bool close_after = false;
    std::string forever{};
  };

  void Main();
  void Accept();
  bool Read(int fd, Peer& peer);
  bool Write(int fd, Peer& peer);
  void TakeRequests(Peer& peer);
  void ReleaseHeld();

  Handler handler_;
  std::string greeting_;
  int listener_ = -1;
  int wake_ = -1;
  std::uint16_t port_ = 0;
  std::map<int, Peer> peers_;  // by descriptor; the server's thread alone

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<SeenRequest> seen_;
  int connections_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace reconciler::batch
