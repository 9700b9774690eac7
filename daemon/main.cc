// The entry of the program: what holds for the whole process, and the only catch-all.
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "daemon/cli.h"
#include "daemon/exit_code.h"
#include "reconciler/batch/wiped_memory.h"

namespace {

void PrepareProcess() {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that hangs up is an error of that write, no more
  ::umask(077);
  // Keys must not end up in a core dump.
  ::prctl(PR_SET_DUMPABLE, 0);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  reconciler::batch::WipeMemoryOfOpenSsl();
  mallopt(M_ARENA_MAX, 2);  // one arena per account thread would keep what a cycle frees
  // A page of a list and what it comes to are needed again each cycle: not handed back and fetched
  // anew.
  mallopt(M_MMAP_THRESHOLD, 4 << 20);
  mallopt(M_TRIM_THRESHOLD, 4 << 20);
  // Session keys are written nowhere, and a proxy is never taken from the environment.
  for (const char* name : {"SSLKEYLOGFILE", "http_proxy", "HTTP_PROXY", "https_proxy",
                           "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
    ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe): no thread runs yet
  }
}

}  // namespace

int main(int argc, char** argv) {
  PrepareProcess();
  try {
    return reconciler::daemon::RunProgram(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "error: internal error: " << error.what() << '\n';
  } catch (...) {
    std::cerr << "error: internal error\n";
  }
  return reconciler::daemon::kExitError;
}
