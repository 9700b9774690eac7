#include "reconciler/plan/text_pieces.h"

#include <fmt/format.h>

namespace reconciler::plan {
namespace {

std::string Escape(unsigned char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return fmt::format("\\u{:04x}", byte);
  }
}

}  // namespace

std::vector<std::string> PiecesOf(std::string_view text) {
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7f) {
      pieces.push_back(Escape(byte));
      ++at;
      continue;
    }
    std::size_t length = 1;
    if (byte == '\\' && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0x80) {
      length = text[at + 1] == 'u' ? 6 : 2;
    } else {
      while (at + length < text.size() &&
             (static_cast<unsigned char>(text[at + length]) & 0xC0) == 0x80) {
        ++length;
      }
    }
    pieces.emplace_back(text.substr(at, length));
    at += length;
  }
  return pieces;
}

std::string JoinPieces(const std::vector<std::string>& pieces, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) text += pieces[i];
  return text;
}

}  // namespace reconciler::plan
