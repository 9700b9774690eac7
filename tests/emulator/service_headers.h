// Headers that every answer of the service has.
#pragma once

#include "tests/emulator/http_text.h"

namespace emulator {

/// Beside those of the answer itself. Source: recorded traffic.
inline void AddServiceHeaders(Headers& headers) {
  headers.emplace_back("DataServiceVersion", "3.0");
  headers.emplace_back("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace emulator
