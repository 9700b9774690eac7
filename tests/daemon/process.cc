#include "tests/daemon/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <utility>

namespace reconciler::daemon {
namespace {

constexpr int kPatienceMs = 20'000;  // for a machine under load; what works takes milliseconds

std::pair<FileDescriptor, FileDescriptor> MakePipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::pair<FileDescriptor, FileDescriptor>();
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

[[noreturn]] void Become(const std::string& program, const std::vector<std::string>& arguments,
                         const std::string& folder, int out, int err) {
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int input = ::open("/dev/null", O_RDONLY);
  if (::chdir(folder.c_str()) != 0) ::_exit(99);
  ::dup2(input, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  ::execv(argv[0], argv.data());
  ::_exit(99);
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::string& folder)
    : Process(POOLKEEPER_BINARY, arguments, folder) {}

Process::Process(const std::string& program, const std::vector<std::string>& arguments,
                 const std::string& folder) {
  auto out = MakePipe();
  auto err = MakePipe();
  pid_ = ::fork();
  if (pid_ == 0) Become(program, arguments, folder, out.second.get(), err.second.get());
  out_pipe_ = std::move(out.first);
  err_pipe_ = std::move(err.first);
}

Process::~Process() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::Signal(int signal) const { ::kill(pid_, signal); }

bool Process::Pump(int timeout_ms) {
  pollfd watched[] = {{out_pipe_.get(), POLLIN, 0}, {err_pipe_.get(), POLLIN, 0}};
  if (::poll(watched, 2, timeout_ms) <= 0) return false;
  bool alive = false;
  std::string* texts[] = {&out_, &err_};
  FileDescriptor* pipes[] = {&out_pipe_, &err_pipe_};
  for (int i = 0; i < 2; ++i) {
    if (watched[i].revents == 0) continue;
    char buffer[4096];
    const ssize_t count = ::read(pipes[i]->get(), buffer, sizeof buffer);
    if (count > 0) {
      texts[i]->append(buffer, static_cast<std::size_t>(count));
      alive = true;
    } else {
      *pipes[i] = FileDescriptor();
    }
  }
  return alive || out_pipe_.valid() || err_pipe_.valid();
}

bool Process::WaitFor(const std::string& stream, const std::string& text) {
  while (stream.find(text) == std::string::npos) {
    if (!Pump(kPatienceMs)) return false;
  }
  return true;
}

int Process::Wait() {
  while (Pump(kPatienceMs)) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Outcome RunProgram(const std::vector<std::string>& arguments, const std::string& folder) {
  Process process(arguments, folder);
  const int code = process.Wait();
  return {code, process.out(), process.err()};
}

HangingServer::HangingServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  void* raw = &address;
  ::bind(listener_.get(), static_cast<sockaddr*>(raw), size);
  ::listen(listener_.get(), 16);
  ::getsockname(listener_.get(), static_cast<sockaddr*>(raw), &size);
  port_ = ntohs(address.sin_port);
}

bool HangingServer::WaitForRequest() {
  pollfd watched{listener_.get(), POLLIN, 0};
  if (::poll(&watched, 1, kPatienceMs) != 1) return false;
  connection_ = FileDescriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  watched.fd = connection_.get();
  return ::poll(&watched, 1, kPatienceMs) == 1;
}

}  // namespace reconciler::daemon
