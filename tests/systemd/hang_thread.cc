// Stops one thread of a process and leaves the others alone, until it is killed itself.
//   hang-thread PID NAME
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const std::string tasks = "/proc/" + std::string(argv[1]) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks)) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (name != argv[2]) continue;
    const pid_t thread = std::stoi(task.path().filename().string());
    if (ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) != 0 ||
        ptrace(PTRACE_INTERRUPT, thread, nullptr, nullptr) != 0) {
      std::perror("ptrace");
      return 1;
    }
    waitpid(thread, nullptr, __WALL);
    std::puts("hangs");
    std::fflush(stdout);
    while (true) pause();
  }
  std::fprintf(stderr, "no thread '%s'\n", argv[2]);
  return 1;
}
