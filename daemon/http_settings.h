// `http` of the configuration: how the accounts are reached.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "reconciler/core/result.h"

namespace reconciler::daemon {

struct HttpSettings {
  std::string proxy;     // "http://proxy.corp:3128"; empty: none
  std::string no_proxy;  // "intern.corp,10.0.0.0/8": reached without it
  std::string ca_file;   // trusted instead of the authorities of the system; empty: those
  std::chrono::seconds connect_timeout{5};
  std::chrono::seconds timeout{40};
};

/// "http://proxy.corp:3128" without a slash at its end. Errors: kInvalidSpec; the message begins
/// behind "http.proxy " and shows neither user nor password.
Result<std::string> ParseProxy(std::string_view text);

/// Whether the file holds at least one certificate in PEM. Errors: kInvalidSpec, names the file.
Status CheckCaFile(const std::string& file);

/// Whether requests to that host go through the proxy. Of an address that may lie in a network of
/// noProxy it is not known, which counts as no.
bool UsesProxy(const HttpSettings& http, std::string_view host);

}  // namespace reconciler::daemon
