#include "reconciler/batch/curl_transport_poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

namespace reconciler::batch {
namespace {

using std::chrono::milliseconds;

timespec ToTimespec(milliseconds delay) {
  constexpr std::int64_t kPerSecond = 1'000;
  timespec spec{};
  spec.tv_sec = delay.count() / kPerSecond;
  spec.tv_nsec = delay.count() % kPerSecond * 1'000'000;
  // All zero would disarm: the shortest time instead.
  if (spec.tv_sec == 0 && spec.tv_nsec == 0) spec.tv_nsec = 1;
  return spec;
}

bool Add(int epoll, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Poller::Poller()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      timeout_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)),
      ticks_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  ok_ = epoll_.get() >= 0 && Add(epoll_.get(), wake_.get(), EPOLLIN) &&
        Add(epoll_.get(), timeout_.get(), EPOLLIN) && Add(epoll_.get(), ticks_.get(), EPOLLIN);
}

bool Poller::ok() const { return ok_; }

void Poller::Wake() {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then the thread is awake already.
  [[maybe_unused]] const ssize_t written = write(wake_.get(), &one, sizeof one);
}

void Poller::SetTimeout(std::optional<milliseconds> delay) {
  itimerspec spec{};
  if (delay) spec.it_value = ToTimespec(*delay);
  timerfd_settime(timeout_.get(), 0, &spec, nullptr);
}

void Poller::SetTicks(std::optional<milliseconds> period) {
  itimerspec spec{};
  if (period) spec.it_value = spec.it_interval = ToTimespec(*period);
  timerfd_settime(ticks_.get(), 0, &spec, nullptr);
}

bool Poller::Watch(int fd, bool read, bool write) {
  epoll_event event{};
  event.events = (read ? EPOLLIN : 0U) | (write ? EPOLLOUT : 0U);
  event.data.fd = fd;
  watched_.insert(fd);
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0) return true;
  return errno == EEXIST && epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0;
}

bool Poller::Drain(int fd) const {
  std::uint64_t count = 0;
  return read(fd, &count, sizeof count) == sizeof count;
}

void Poller::Wait(Round& round) {
  round.count = 0;
  round.timeout = round.tick = false;
  std::array<epoll_event, kReadyMax> events{};
  const int count = epoll_wait(epoll_.get(), events.data(), kReadyMax, -1);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == wake_.get()) {
      Drain(wake_.get());
    } else if (event.data.fd == timeout_.get()) {
      round.timeout = Drain(timeout_.get()) || round.timeout;
    } else if (event.data.fd == ticks_.get()) {
      round.tick = Drain(ticks_.get()) || round.tick;
    } else if (watched_.count(event.data.fd) == 0) {
      // An idle connection that the peer closed: it would show up for ever.
      epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, event.data.fd, nullptr);
    } else {
      round.sockets[round.count++] =
          Ready{event.data.fd, (event.events & (EPOLLIN | EPOLLHUP)) != 0,
                (event.events & EPOLLOUT) != 0, (event.events & EPOLLERR) != 0};
    }
  }
}

}  // namespace reconciler::batch
