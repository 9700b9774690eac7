#include "tests/bench/report.h"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>

namespace bench {

bool times_count = true;

bool Bound(const std::string& what, double value, double limit, const std::string& unit) {
  const bool kept = value <= limit;
  fmt::print("  {:<46} {:>9.2f} {:<4} at most {:g}{}\n", what, value, unit, limit,
             kept ? "" : "   PASSED THE LIMIT");
  const bool is_time = unit == "ms" || unit == "us" || unit == "x";
  return kept || (is_time && !times_count);
}

void Figure(const std::string& what, double value, const std::string& unit) {
  fmt::print("  {:<46} {:>9.2f} {}\n", what, value, unit);
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool InProcess(const std::function<bool()>& run) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    int code = 1;
    try {
      mallopt(M_ARENA_MAX, 2);
      // A page of a list and what it comes to are needed again each cycle: not handed back and
      // fetched anew.
      mallopt(M_MMAP_THRESHOLD, 4 << 20);
      mallopt(M_TRIM_THRESHOLD, 4 << 20);
      code = run() ? 0 : 1;
    } catch (const std::exception& failure) {
      fmt::print("  failed: {}\n", failure.what());
    }
    std::fflush(stdout);
    _exit(code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace bench
