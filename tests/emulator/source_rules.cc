#include "tests/emulator/source_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

struct Ports {
  int first, last;
};

/// Digits alone, not above `most`.
std::optional<int> Number(std::string_view text, int most) {
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  int number = 0;
  const auto error = std::from_chars(text.data(), text.data() + text.size(), number).ec;
  return error == std::errc{} && number <= most ? std::optional{number} : std::nullopt;
}

std::optional<Ports> ParsePorts(std::string_view text) {
  constexpr int kPortMax = 65535;
  if (text == "*") return Ports{0, kPortMax};
  const auto dash = text.find('-');
  const auto first = Number(text.substr(0, dash), kPortMax);
  const auto last =
      dash == std::string_view::npos ? first : Number(text.substr(dash + 1), kPortMax);
  if (!first || !last || *first > *last) return std::nullopt;
  return Ports{*first, *last};
}

Broken CheckPorts(const Json::List& ranges) {
  std::vector<Ports> taken;
  for (const Json& range : ranges) {
    const std::string& text = *range.AsString();
    const auto ports = ParsePorts(text);
    if (!ports) {
      return InvalidValue("sourcePortRanges", text,
                          "The value must be *, a port or a range of ports from 0 to 65535");
    }
    for (const Ports& other : taken) {
      if (ports->first <= other.last && ports->last >= other.first) {
        return InvalidValue("sourcePortRanges", text, "The ranges of a rule must not overlap");
      }
    }
    taken.push_back(*ports);
  }
  return std::nullopt;
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// "VirtualNetwork", "Storage.WestEurope"; which tags there are is not known here.
bool IsTag(std::string_view text) {
  return !text.empty() && IsLetter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '.'; });
}

bool IsSubnet(const std::string& text) {
  const auto slash = text.find('/');
  const std::string address = text.substr(0, slash);
  const bool v6 = address.find(':') != std::string::npos;
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  if (inet_pton(v6 ? AF_INET6 : AF_INET, address.c_str(), parsed.data()) != 1) return false;
  return slash == std::string::npos || Number(text.substr(slash + 1), v6 ? 128 : 32);
}

}  // namespace

std::optional<ApiError> BrokenSourceRule(const Json& rule) {
  const std::string prefix = rule.Text("sourceAddressPrefix");
  if (prefix != "*" && !IsTag(prefix) && !IsSubnet(prefix)) {
    return InvalidValue("sourceAddressPrefix", prefix,
                        "The value must be *, an address, a subnet or a service tag");
  }
  const Json* const ranges = rule.Find("sourcePortRanges");
  return ranges == nullptr ? std::nullopt : CheckPorts(*ranges->AsList());
}

}  // namespace emulator
