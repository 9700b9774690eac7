#include "daemon/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "daemon/utf8.h"

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

bool BeginsLetter(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

Screen LookAtScreen(int descriptor, bool no_color) {
  Screen screen;
  screen.terminal = ::isatty(descriptor) == 1;
  if (!screen.terminal) return screen;
  winsize size{};
  screen.width = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
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
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
    } else if (BeginsLetter(text[i])) {
      ++width;
    }
  }
  return width;
}

std::string CutToWidth(std::string_view text, int width) {
  if (width <= 0 || DisplayWidth(text) <= width) return std::string(text);
  const int keep = width > 3 ? width - 3 : 0;
  int shown = 0;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (BeginsLetter(text[i]) && shown++ == keep) break;
  }
  return std::string(text.substr(0, i)) +
         std::string("...").substr(0, static_cast<std::size_t>(width > 3 ? 3 : width));
}

std::vector<std::string> WrapToWidth(std::string_view text, int width) {
  if (width <= 0 || DisplayWidth(text) <= width) return {std::string(text)};
  std::vector<std::string> lines;
  while (DisplayWidth(text) > width) {
    std::size_t end = 0;  // behind the last letter that fits
    for (int shown = 0; shown < width; ++shown) {
      do ++end;
      while (end < text.size() && !BeginsLetter(text[end]));
    }
    const std::size_t blank = text.substr(0, end + 1).rfind(' ');
    const std::size_t cut = blank == std::string_view::npos || blank == 0 ? end : blank;
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
  if (!text.empty()) lines.emplace_back(text);
  return lines;
}

std::string Harmless(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t size = Utf8Size(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (size == 0 || byte < 0x20 || byte == 0x7F) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      shown += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
      text.remove_prefix(1);
      continue;
    }
    shown += text.substr(0, size);
    text.remove_prefix(size);
  }
  return shown;
}

}  // namespace reconciler::daemon
