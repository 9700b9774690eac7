// The address of an account, as the configuration writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/ports.h"
#include "reconciler/core/result.h"

namespace reconciler::daemon {

/// "https://contoso.westeurope.batch.azure.com", "http://127.0.0.1:9400", "https://[::1]:9400".
/// Requests are signed only for hosts of the Batch domains, or for those that the configuration
/// allows by name (`allow_custom`); plain http only on loopback.
/// Errors: kInvalidSpec; the message begins behind "endpoint ".
Result<Endpoint> ParseEndpoint(std::string_view text, bool allow_custom);

struct HostPort {
  std::string host;        // an address of IPv6 without its brackets
  std::uint16_t port = 0;  // 0: none is written, or no valid one
  bool has_port_text = false;
};
/// "proxy.corp:3128", "[::1]:9400"; in lower case. nullopt: no valid host.
std::optional<HostPort> SplitHostPort(std::string_view text);

/// "localhost", 127.0.0.0/8 and ::1, without brackets.
bool IsLoopback(std::string_view host);
/// A host below batch.azure.com, batch.usgovcloudapi.net or batch.chinacloudapi.cn.
bool IsBatchDomain(std::string_view host);

}  // namespace reconciler::daemon
