// A call of somebody else, past the keeper's transport: no fault, no time, not in the log.
#pragma once

#include <string>
#include <string_view>

#include "tests/emulator/service.h"

namespace doors {

/// `path` without a query. The service must take its callers at their word (verify_signatures off).
emulator::Response ForeignCall(emulator::Service& service, const std::string& method,
                               const std::string& path, const std::string& body = "",
                               std::string_view api_version = "2025-06-01");

}  // namespace doors
