#include "daemon/name_lookup.h"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "daemon/posix.h"

namespace reconciler::daemon {
namespace {

std::string AddressText(const addrinfo& found) {
  std::array<char, 64> text{};
  const int error = ::getnameinfo(found.ai_addr, found.ai_addrlen, text.data(), text.size(),
                                  nullptr, 0, NI_NUMERICHOST);
  return error == 0 ? std::string(text.data()) : "?";
}

std::string ProblemText(int error, int system_error) {
  if (error == EAI_SYSTEM) return ErrnoText(system_error);
  std::string text = ::gai_strerror(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

NameLookup Ask(const std::string& host) {
  NameLookup lookup;
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) {
    lookup.problem = ProblemText(error, errno);
    return lookup;
  }
  for (const addrinfo* found = list; found != nullptr; found = found->ai_next) {
    std::string text = AddressText(*found);
    auto& known = lookup.addresses;
    if (std::find(known.begin(), known.end(), text) == known.end()) known.push_back(text);
  }
  ::freeaddrinfo(list);
  return lookup;
}

/// Shared by who asks and who waits; the one that is left last takes it along.
struct Desk {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::optional<NameLookup> lookup;
};

}  // namespace

NameLookup LookUpName(const std::string& host, std::chrono::milliseconds limit,
                      const std::stop_token& stop) {
  const auto desk = std::make_shared<Desk>();
  std::thread([desk, host] {
    NameLookup lookup = Ask(host);
    const std::lock_guard lock(desk->mutex);
    desk->lookup = std::move(lookup);
    desk->changed.notify_all();
  }).detach();
  std::unique_lock lock(desk->mutex);
  desk->changed.wait_for(lock, stop, limit, [&] { return desk->lookup.has_value(); });
  if (desk->lookup) return *desk->lookup;
  if (stop.stop_requested()) return {{}, "stopped"};
  return {{}, fmt::format("no answer of the name servers within {} ms", limit.count())};
}

}  // namespace reconciler::daemon
