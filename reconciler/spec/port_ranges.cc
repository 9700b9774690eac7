#include "reconciler/spec/port_ranges.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace reconciler::spec {
namespace {

std::optional<int> ParseNumber(std::string_view text, int most) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failed == std::errc{} && end == text.data() + text.size();
  if (!whole || text.starts_with('-') || number > most) return std::nullopt;
  return number;
}

bool IsAddress(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return inet_pton(family, std::string(text).c_str(), parsed.data()) == 1;
}

bool IsTag(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '.'; };
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

std::optional<PortRange> ParsePortRange(std::string_view text) {
  constexpr int kPortMax = 65535;
  if (text == "*") return PortRange{0, kPortMax};
  const std::size_t dash = text.find('-');
  const auto first = ParseNumber(text.substr(0, dash), kPortMax);
  const auto last =
      dash == std::string_view::npos ? first : ParseNumber(text.substr(dash + 1), kPortMax);
  if (!first || !last || *first > *last) return std::nullopt;
  return PortRange{*first, *last};
}

bool IsAddressPrefix(std::string_view text) {
  if (text == "*" || IsTag(text)) return true;
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const bool is_new = address.find(':') != std::string_view::npos;
  if (!IsAddress(is_new ? AF_INET6 : AF_INET, address)) return false;
  return slash == std::string_view::npos || ParseNumber(text.substr(slash + 1), is_new ? 128 : 32);
}

}  // namespace reconciler::spec
