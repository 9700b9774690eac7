#include "daemon/markdown.h"

namespace reconciler::daemon {

std::string MarkdownCell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell;
}

}  // namespace reconciler::daemon
