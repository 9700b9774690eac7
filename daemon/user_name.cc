#include "daemon/user_name.h"

#include <fmt/format.h>

#include <string_view>

#include "daemon/terminal.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kLongest = 32;  // of useradd(8)
constexpr std::string_view kFirst =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

}  // namespace

std::string CheckUserName(std::string& name) {
  const std::string others = std::string(kFirst) + ".-";
  const bool good = !name.empty() && name.size() <= kLongest &&
                    kFirst.find(name[0]) != std::string_view::npos &&
                    name.find_first_not_of(others) == std::string::npos;
  if (good) return {};
  const std::string shown = name.size() <= 2 * kLongest ? name : name.substr(0, kLongest) + "...";
  return fmt::format(
      "'{}' cannot be the name of a user: expected 1 to {} of a-z, A-Z, 0-9, '_', '.' and '-', the "
      "first one a letter, a digit or '_'",
      Harmless(shown), kLongest);
}

}  // namespace reconciler::daemon
