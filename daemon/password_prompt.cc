#include "daemon/password_prompt.h"

#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ostream>

#include "daemon/posix.h"

namespace reconciler::daemon {
namespace {

Error Wrong(std::string message) { return Error{ErrorKind::kInvalidSpec, std::move(message)}; }

/// The terminal does not show what is typed as long as this lives.
class QuietTerminal {
 public:
  explicit QuietTerminal(int terminal) : terminal_(terminal) {
    valid_ = ::tcgetattr(terminal, &before_) == 0;
    if (!valid_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= static_cast<tcflag_t>(ECHONL | ICANON);
    valid_ = ::tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (valid_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  bool valid() const { return valid_; }

 private:
  int terminal_;
  termios before_{};
  bool valid_ = false;
};

struct WipedLine {
  ~WipedLine() { ::explicit_bzero(bytes.data(), bytes.size()); }
  std::array<char, 512> bytes{};
  std::size_t size = 0;
};

Result<Secret> ReadHidden(int input, std::stop_token stop) {
  const FileDescriptor stopped(::eventfd(0, EFD_CLOEXEC));
  const std::stop_callback on_stop(stop, [&] { ::eventfd_write(stopped.get(), 1); });
  WipedLine line;
  while (line.size < line.bytes.size()) {
    pollfd watched[] = {{input, POLLIN, 0}, {stopped.get(), POLLIN, 0}};
    if (::poll(watched, 2, -1) < 0 && errno != EINTR) break;
    if (stop.stop_requested()) return Error{ErrorKind::kCancelled, "interrupted"};
    if (watched[0].revents == 0) continue;
    char c = 0;
    if (::read(input, &c, 1) != 1 || c == '\n') break;
    line.bytes[line.size++] = c;
  }
  return Secret(std::string_view(line.bytes.data(), line.size));
}

}  // namespace

Result<Secret> AskForPassword(const Console& console, const std::string& whose,
                              std::stop_token stop) {
  if (!console.input_terminal) {
    return Wrong("--password-prompt needs a terminal; from a script use --password-file FILE");
  }
  const QuietTerminal quiet(console.input);
  if (!quiet.valid()) return Wrong("the terminal cannot be kept from showing the password");
  console.err << "Password for " << whose << ": " << std::flush;
  auto first = ReadHidden(console.input, stop);
  if (!first) return first;
  if (first->empty()) return Wrong("no password was typed");
  console.err << "Once more: " << std::flush;
  const auto second = ReadHidden(console.input, stop);
  if (!second) return second.error();
  if (first->RevealText() != second->RevealText()) {
    return Wrong("the two passwords are not the same; nothing was changed");
  }
  return first;
}

}  // namespace reconciler::daemon
