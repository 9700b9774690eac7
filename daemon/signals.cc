#include "daemon/signals.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace reconciler::daemon {
namespace {

sigset_t Taken() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

Signals::Signals() {
  const sigset_t set = Taken();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = FileDescriptor(::signalfd(-1, &set, SFD_CLOEXEC));
  quit_ = FileDescriptor(::eventfd(0, EFD_CLOEXEC));
  listener_ = std::thread([this] { Listen(); });
}

Signals::~Signals() {
  ::eventfd_write(quit_.get(), 1);
  listener_.join();
  const sigset_t set = Taken();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void Signals::OnHangup(std::function<void()> on_hangup) {
  const std::lock_guard lock(mutex_);
  on_hangup_ = std::move(on_hangup);
}

void Signals::Listen() {
  while (true) {
    pollfd watched[] = {{signals_.get(), POLLIN, 0}, {quit_.get(), POLLIN, 0}};
    if (::poll(watched, 2, -1) < 0 && errno != EINTR) return;
    if ((watched[1].revents & POLLIN) != 0) return;
    if ((watched[0].revents & POLLIN) == 0) continue;
    signalfd_siginfo info{};
    if (::read(signals_.get(), &info, sizeof info) == sizeof info) {
      Take(static_cast<int>(info.ssi_signo));
    }
  }
}

void Signals::Take(int signal) {
  if (signal == SIGHUP) {
    const std::lock_guard lock(mutex_);
    if (on_hangup_) return on_hangup_();
  }
  if (received_ != 0) ::_exit(128 + signal);
  received_ = signal;
  source_.request_stop();
}

}  // namespace reconciler::daemon
