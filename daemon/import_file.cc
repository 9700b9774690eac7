#include "daemon/import_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "daemon/posix.h"
#include "reconciler/core/json.h"

namespace reconciler::daemon {
namespace {

constexpr std::size_t kBytesMax = 64UL << 20U;

Result<std::string> BytesOf(const std::string& path) {
  if (path == "-") return ReadAll(STDIN_FILENO, kBytesMax, "standard input");
  struct stat info {};
  auto file = OpenRegular(path, true, info);
  if (!file) return std::move(file).error();
  return ReadAll(file->get(), kBytesMax, path);
}

/// As PowerShell 5 writes what is sent into a file with `>`.
bool IsUtf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

/// Where the text within quotes that begins at `at` ends: behind its quote.
std::size_t EndOfQuotes(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

}  // namespace

std::string WithoutComments(std::string text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    std::size_t end = at + 1;
    if (rest.front() == '"') {
      end = EndOfQuotes(text, at);
    } else if (rest.starts_with("//") || rest.starts_with("/*")) {
      const bool is_line = rest[1] == '/';
      const std::size_t found = is_line ? text.find('\n', at) : text.find("*/", at + 2);
      end = found == std::string::npos ? text.size() : found + (is_line ? 0 : 2);
      std::replace_if(
          text.begin() + static_cast<std::ptrdiff_t>(at),
          text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) { return c != '\n'; }, ' ');
    }
    at = end;
  }
  return text;
}

Result<std::vector<plan::ForeignPool>> ReadForeignFile(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : path;
  auto text = BytesOf(path);
  if (!text) return std::move(text).error();
  if (IsUtf16(*text)) {
    return Error{ErrorKind::kInvalidSpec,
                 name +
                     ": is UTF-16, as PowerShell's > writes it; write it as UTF-8, with "
                     "Out-File -Encoding utf8"};
  }
  auto document = ParseJson(WithoutComments(std::move(*text)));
  if (!document) {
    return Error{ErrorKind::kInvalidSpec,
                 fmt::format("{}: no JSON: {}; compile Bicep with `az bicep build`", name,
                             document.error().message)};
  }
  auto pools = plan::ReadForeignPools(*document);
  if (!pools) return Error{ErrorKind::kInvalidSpec, name + ": " + pools.error().message};
  return pools;
}

}  // namespace reconciler::daemon
