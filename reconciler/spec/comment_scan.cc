#include "reconciler/spec/comment_scan.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace reconciler::spec {
namespace {

bool IsBlankChar(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view Trimmed(std::string_view line) {
  while (!line.empty() && IsBlankChar(line.back())) line.remove_suffix(1);
  return line;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  void Run() {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      const std::string_view line = Trimmed(rest_.substr(0, end));
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++number_;
      if (!IsInBlock(line)) ScanLine(line);
    }
  }

  ScannedLines lines;

 private:
  /// Lines of a block text are indented more than what it belongs to.
  bool IsInBlock(std::string_view line) {
    if (!block_) return false;
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == std::string_view::npos || static_cast<int>(indent) > *block_) return true;
    block_.reset();
    return false;
  }

  void ScanLine(std::string_view line) {
    if (line.empty() && quote_ == 0) lines.blank.push_back(number_);
    bool at_start = true;  // of a value or key, where a quote opens
    for (std::size_t at = 0; at < line.size(); ++at) {
      const char c = line[at];
      if (quote_ != 0) {
        SkipInQuotes(line, at);
        at_start = false;
        continue;
      }
      if (c == '#' && (at == 0 || IsBlankChar(line[at - 1]))) {
        const bool own_line = line.find_first_not_of(" \t") == at;
        lines.comments.push_back({number_, at, std::string(line.substr(at)), own_line});
        line = Trimmed(line.substr(0, at));
        break;
      }
      if (at_start && (c == '"' || c == '\'')) {
        quote_ = c;
        continue;
      }
      if (IsBlankChar(c)) continue;
      const bool opens = c == ',' || c == '[' || c == '{' || c == ':' || c == '-' || c == '?';
      const bool in_flow = c == ',' || c == '[' || c == '{';
      at_start = opens && (in_flow || at + 1 >= line.size() || IsBlankChar(line[at + 1]));
    }
    if (quote_ == 0) LookForBlock(line);
  }

  /// `at` ends on the last byte that was looked at.
  void SkipInQuotes(std::string_view line, std::size_t& at) {
    if (quote_ == '"' && line[at] == '\\') {
      ++at;
    } else if (line[at] == quote_) {
      const bool doubled = quote_ == '\'' && at + 1 < line.size() && line[at + 1] == '\'';
      if (doubled) {
        ++at;
      } else {
        quote_ = 0;
      }
    }
  }

  /// "key: |", "- >-": the text begins on the next line.
  void LookForBlock(std::string_view line) {
    std::size_t end = line.size();
    while (end > 0 &&
           std::string_view("+-0123456789").find(line[end - 1]) != std::string_view::npos) {
      --end;
    }
    if (end < 3 || (line[end - 1] != '|' && line[end - 1] != '>') || line[end - 2] != ' ') return;
    const char before = line[line.find_last_not_of(' ', end - 2)];
    if (before != ':' && before != '-') return;
    std::size_t indent = line.find_first_not_of(' ');
    // The key behind dashes is what the text belongs to; without a key the last dash.
    while (line.substr(indent).starts_with("- ") && before == ':') {
      indent = line.find_first_not_of(' ', indent + 1);
    }
    block_ = static_cast<int>(indent);
  }

  std::string_view rest_;
  int number_ = 0;
  char quote_ = 0;
  std::optional<int> block_;  // the indentation of what the block text belongs to
};

}  // namespace

ScannedLines ScanLines(std::string_view text) {
  Scanner scanner(text);
  scanner.Run();
  return std::move(scanner.lines);
}

}  // namespace reconciler::spec
