#include "daemon/endpoint.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "reconciler/core/text.h"

namespace reconciler::daemon {
namespace {

constexpr std::array<std::string_view, 3> kBatchDomains = {
    ".batch.azure.com", ".batch.usgovcloudapi.net", ".batch.chinacloudapi.cn"};

Error Wrong(std::string message) { return Error{ErrorKind::kInvalidSpec, std::move(message)}; }

struct HostParts {
  std::string_view host;  // without brackets
  std::string_view port;  // empty: none written
  bool bracketed = false;
};

std::optional<HostParts> SplitHost(std::string_view text) {
  HostParts parts;
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    parts.host = text.substr(1, end - 1);
    parts.bracketed = true;
    text.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(text.find(':'), text.size());
    parts.host = text.substr(0, end);
    text.remove_prefix(end);
  }
  if (text.empty()) return parts;
  if (text.front() != ':' || text.size() == 1) return std::nullopt;
  parts.port = text.substr(1);
  return parts;
}

bool IsHostName(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  for (const std::string_view label : SplitText(host, '.')) {
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') {
      return false;
    }
    if (label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") !=
        std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool IsIpv6(std::string_view host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, std::string(host).c_str(), &address) == 1;
}

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0 || port > 65535) {
    return std::nullopt;
  }
  return static_cast<std::uint16_t>(port);
}

}  // namespace

std::optional<HostPort> SplitHostPort(std::string_view text) {
  const auto parts = SplitHost(text);
  if (!parts || !(parts->bracketed ? IsIpv6(parts->host) : IsHostName(parts->host))) {
    return std::nullopt;
  }
  HostPort found{std::string(parts->host), 0, !parts->port.empty()};
  found.port = ParsePort(parts->port).value_or(0);
  return found;
}

bool IsLoopback(std::string_view host) {
  const std::string name(host);
  if (EqualFolded(name, "localhost")) return true;
  in_addr v4{};
  if (::inet_pton(AF_INET, name.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, name.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool IsBatchDomain(std::string_view host) {
  const std::string name = FoldCase(host);
  return std::any_of(kBatchDomains.begin(), kBatchDomains.end(), [&](std::string_view domain) {
    return name.size() > domain.size() &&
           std::string_view(name).substr(name.size() - domain.size()) == domain;
  });
}

Result<Endpoint> ParseEndpoint(std::string_view text, bool allow_custom) {
  const std::string shown = "'" + std::string(text) + "'";
  const std::string folded = FoldCase(text);
  std::string_view rest = folded;
  Endpoint endpoint;
  if (rest.substr(0, 8) == "https://") {
    rest.remove_prefix(8);
  } else if (rest.substr(0, 7) == "http://") {
    endpoint.scheme = "http";
    endpoint.port = 80;
    rest.remove_prefix(7);
  } else {
    return Wrong(shown + " is no address, expected https://<account>.<region>.batch.azure.com");
  }
  if (!rest.empty() && rest.back() == '/') rest.remove_suffix(1);
  auto found = SplitHostPort(rest);
  if (!found) {
    return Wrong(shown + " has no valid host, expected https://host or https://host:port");
  }
  endpoint.host = std::move(found->host);
  if (found->has_port_text) {
    if (found->port == 0) return Wrong(shown + " has no valid port, expected 1 to 65535");
    endpoint.port = found->port;
  }
  if (endpoint.scheme == "http" && !IsLoopback(endpoint.host)) {
    return Wrong(shown + " is plain http, which is allowed on loopback only: write https");
  }
  if (!IsBatchDomain(endpoint.host) && !allow_custom) {
    return Wrong(shown +
                 " is outside the domains of Azure Batch: write `allowCustomEndpoint: true` if "
                 "requests may be signed for it");
  }
  return endpoint;
}

}  // namespace reconciler::daemon
