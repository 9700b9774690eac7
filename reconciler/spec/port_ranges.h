// Ports and addresses as network security group rules spell them.
#pragma once

#include <optional>
#include <string_view>

namespace reconciler::spec {

struct PortRange {
  int first = 0;
  int last = 0;

  bool Meets(const PortRange& other) const { return first <= other.last && other.first <= last; }
};

/// "*", "22" or "1000-2000" within 0 to 65535; nothing for anything else.
std::optional<PortRange> ParsePortRange(std::string_view text);
/// False for what can be neither an IP address, nor a subnet ("10.0.0.0/8"), nor a service tag
/// (a word that begins with a letter), nor "*".
bool IsAddressPrefix(std::string_view text);

}  // namespace reconciler::spec
