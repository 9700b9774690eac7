#include "daemon/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "reconciler/core/utf8.h"

namespace reconciler::daemon {
namespace {

bool NotEmpty(const char* text) { return text != nullptr && *text != '\0'; }

std::string_view CodeOf(Color color) {
  switch (color) {
    case Color::kNone:
      return "";
    case Color::kGreen:
      return "\x1b[32m";
    case Color::kYellow:
      return "\x1b[33m";
    case Color::kRed:
      return "\x1b[31m";
    case Color::kBlue:
      return "\x1b[36m";
    case Color::kFaint:
      return "\x1b[2m";
    case Color::kBold:
      return "\x1b[1m";
  }
  return "";
}

/// What stands at the front of a text: a letter, or a colour, which takes no column.
struct Glyph {
  std::size_t bytes = 0;
  int columns = 0;
};
Glyph FirstGlyph(std::string_view text) {
  if (text.front() == '\x1b') return {std::min(text.find('m'), text.size() - 1) + 1, 0};
  const Utf8Char letter = DecodeUtf8(text);
  return letter.bytes == 0 ? Glyph{1, 1} : Glyph{letter.bytes, ColumnsOf(letter.code)};
}

/// Bytes of the longest beginning of `text` that takes at most `width` columns.
std::size_t BytesThatFit(std::string_view text, int width) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const Glyph glyph = FirstGlyph(text.substr(bytes));
    width -= glyph.columns;
    if (width < 0) break;
    bytes += glyph.bytes;
  }
  return bytes;
}

}  // namespace

Screen LookAtScreen(int descriptor, bool no_color) {
  Screen screen;
  screen.terminal = ::isatty(descriptor) == 1;
  if (!screen.terminal) return screen;
  winsize size{};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0;
  screen.width = known && size.ws_col > 0 ? size.ws_col : 80;
  screen.height = known ? size.ws_row : 0;
  // NOLINTBEGIN(concurrency-mt-unsafe): nothing in this program changes the environment by then.
  const char* term = std::getenv("TERM");
  const bool dumb = term != nullptr && std::string_view(term) == "dumb";
  screen.color = !no_color && !dumb && !NotEmpty(std::getenv("NO_COLOR"));
  // NOLINTEND(concurrency-mt-unsafe)
  return screen;
}

std::string Paint(const Screen& screen, Color color, std::string_view text) {
  if (!screen.color || color == Color::kNone || text.empty()) return std::string(text);
  return std::string(CodeOf(color)) + std::string(text) + "\x1b[0m";
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Glyph glyph = FirstGlyph(text);
    width += glyph.columns;
    text.remove_prefix(glyph.bytes);
  }
  return width;
}

std::string CutToWidth(std::string_view text, int width) {
  if (width <= 0 || DisplayWidth(text) <= width) return std::string(text);
  const int dots = std::min(width, 3);
  return std::string(text.substr(0, BytesThatFit(text, width - dots))) +
         std::string(static_cast<std::size_t>(dots), '.');
}

std::vector<std::string> WrapToWidth(std::string_view text, int width) {
  if (width <= 0 || DisplayWidth(text) <= width) return {std::string(text)};
  std::vector<std::string> lines;
  while (DisplayWidth(text) > width) {
    // A letter that is wider than the screen stands on a line of its own.
    const std::size_t end = std::max(BytesThatFit(text, width), FirstGlyph(text).bytes);
    const std::size_t blank = text.substr(0, end + 1).rfind(' ');
    const std::size_t cut = blank == std::string_view::npos || blank == 0 ? end : blank;
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
  if (!text.empty()) lines.emplace_back(text);
  return lines;
}

std::string HangingText(std::string_view front, std::string_view text, const Screen& screen) {
  constexpr int kColumnsMin = 10;
  const int indent = DisplayWidth(front);
  const int width = screen.width > 0 ? std::max(kColumnsMin, screen.width - indent) : 0;
  std::string lines;
  std::string begin(front);
  for (const std::string& line : WrapToWidth(text, width)) {
    lines += CutToWidth(begin + line, screen.width) + "\n";
    begin.assign(static_cast<std::size_t>(indent), ' ');
  }
  return lines;
}

std::string Harmless(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Utf8Char letter = DecodeUtf8(text);
    shown += text.front() == '\t' ? "\\x09" : VisibleCharacter(text, letter);
    text.remove_prefix(std::max<std::size_t>(letter.bytes, 1));
  }
  return shown;
}

}  // namespace reconciler::daemon
