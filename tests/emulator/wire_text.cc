#include "tests/emulator/wire_text.h"

#include <fmt/format.h>

namespace emulator {

std::string WireText(const Response& response, bool head, bool keep_alive) {
  if (!response.raw.empty()) return response.raw;
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", response.status, response.reason);
  bool chunked = false;
  for (const auto& [name, value] : response.headers) {
    chunked = chunked || name == "Transfer-Encoding";
    out += fmt::format("{}: {}\r\n", name, value);
  }
  if (!keep_alive) out += "Connection: close\r\n";
  out += "\r\n";
  if (head || response.status == 304 || response.status == 204) return out;
  if (!chunked) return out + response.body;
  if (!response.body.empty()) {
    out += fmt::format("{:x}\r\n", response.body.size());
    out += response.body;
    out += "\r\n";
  }
  return out + "0\r\n\r\n";
}

}  // namespace emulator
