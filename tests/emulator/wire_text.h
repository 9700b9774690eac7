// The bytes of an answer on its connection.
#pragma once

#include <string>

#include "tests/emulator/service.h"

namespace emulator {

/// `keep_alive` adds `Connection: close` when false; the body of a chunked answer is sent as one
/// chunk, the answer to a HEAD has none. An answer with bytes of its own gives those.
std::string WireText(const Response& response, bool head, bool keep_alive);

}  // namespace emulator
