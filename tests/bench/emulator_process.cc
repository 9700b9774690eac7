#include "tests/bench/emulator_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace bench {
namespace {

pid_t Spawn(const std::string& program, const std::vector<std::string>& arguments) {
  const pid_t child = fork();
  if (child != 0) return child;
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  std::vector<std::string> copy{program};
  copy.insert(copy.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : copy) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(program.c_str(), argv.data());
  _exit(127);
}

}  // namespace

EmulatorProcess::EmulatorProcess(const std::string& program, std::vector<std::string> arguments) {
  const std::string port_file = "/tmp/poolkeeper-bench-port." + std::to_string(getpid());
  std::remove(port_file.c_str());
  arguments.insert(arguments.end(), {"--port", "0", "--port-file", port_file});
  child_ = Spawn(program, arguments);
  for (int tries = 0; tries < 1'000 && port_ == 0; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::ifstream file(port_file);
    file >> port_;
  }
  std::remove(port_file.c_str());
  if (port_ == 0) throw std::runtime_error("the emulator did not start: " + program);
}

EmulatorProcess::~EmulatorProcess() {
  kill(child_, SIGTERM);
  int status = 0;
  waitpid(child_, &status, 0);
}

int EmulatorProcess::ConnectionsSeen() const {
  char remote[16];
  std::snprintf(remote, sizeof remote, "0100007F:%04X", port_);
  std::ifstream table("/proc/self/net/tcp");
  std::string line;
  int seen = 0;
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string number;
    std::string local;
    std::string peer;
    fields >> number >> local >> peer;
    seen += peer == remote ? 1 : 0;
  }
  return seen;
}

double CpuSecondsOf(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string word;
  double ticks = 0;
  for (int field = 1; field <= 15 && stat >> word; ++field) {
    if (field >= 14) ticks += std::stod(word);  // utime, stime
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double EmulatorProcess::ResidentMebibytes() const {
  std::ifstream statm("/proc/" + std::to_string(child_) + "/statm");
  long pages = 0;
  statm >> pages >> pages;
  return static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

}  // namespace bench
