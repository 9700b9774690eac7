// The descriptors that the I/O thread sleeps on: sockets, a wake-up, two timers.
#pragma once

#include <chrono>
#include <optional>
#include <unordered_set>

namespace reconciler::batch {

/// Owns one file descriptor; -1: none.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

/// epoll with an eventfd and two timerfds. Time runs in the kernel: nothing here reads a clock.
class Poller {
 public:
  Poller();
  /// False when the system refused a descriptor.
  bool ok() const;

  /// From any thread: Wait returns soon.
  void Wake();
  /// Fires once after `delay`; nullopt disarms.
  void SetTimeout(std::optional<std::chrono::milliseconds> delay);
  /// Fires every `period` from now on; nullopt stops it.
  void SetTicks(std::optional<std::chrono::milliseconds> period);
  /// Watches a socket, or changes what is watched for; false when the kernel refuses.
  bool Watch(int fd, bool read, bool write);
  /// libcurl 7.88 says this also of sockets that it has closed, whose number may be another
  /// thread's by now. So the kernel is told only when the socket shows up again.
  void Forget(int fd) { watched_.erase(fd); }

  struct Ready {
    int fd = -1;
    bool readable = false;
    bool writable = false;
    bool failed = false;
  };
  static constexpr int kReadyMax = 64;
  struct Round {
    Ready sockets[kReadyMax];
    int count = 0;
    bool timeout = false;
    bool tick = false;
  };
  /// Sleeps until something happens.
  void Wait(Round& round);

 private:
  bool Drain(int fd) const;

  Descriptor epoll_;
  Descriptor wake_;
  Descriptor timeout_;
  Descriptor ticks_;
  std::unordered_set<int> watched_;
  bool ok_ = false;
};

}  // namespace reconciler::batch
