#include "reconciler/spec/byte_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "reconciler/core/utf8.h"
#include "reconciler/spec/limits.h"

namespace reconciler::spec {
namespace {

/// More would only bury the first.
constexpr int kFindingsMax = 20;

std::string_view WhyForbidden(char32_t code) {
  if (code == 0) return "NUL character";
  if (code == 0x7F || code < 0x20 || (code >= 0x80 && code < 0xA0)) return "control character";
  if ((code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069)) {
    return "character that turns the direction of text";
  }
  if (code == 0x2028 || code == 0x2029) return "line separator other than a line feed";
  if (code == 0xFEFF) return "byte order mark inside the file";
  if (code == 0xFFFE || code == 0xFFFF) return "character that is none";
  return {};
}

/// Follows lines: whether a tab at the start of one is indentation or text of a block scalar.
class IndentationCheck {
 public:
  /// The offset of a tab that stands in the indentation of `line`.
  std::optional<std::size_t> FindTab(std::string_view line) {
    const std::size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t text = std::min(line.find_first_not_of(" \t"), line.size());
    if (text == line.size()) return std::nullopt;  // blank
    if (block_indent_ && spaces > *block_indent_) return std::nullopt;
    block_indent_.reset();
    if (line[text] == '#') return std::nullopt;
    if (spaces < text) return spaces;
    if (OpensBlockScalar(line.substr(text))) block_indent_ = spaces;
    return std::nullopt;
  }

 private:
  /// A line that ends with "|" or ">" and perhaps indicators opens a block scalar.
  static bool OpensBlockScalar(std::string_view line) {
    if (const std::size_t comment = line.find(" #"); comment != std::string_view::npos) {
      line = line.substr(0, comment);
    }
    const std::size_t last = line.find_last_not_of(" \t");
    if (last == std::string_view::npos) return false;
    line = line.substr(0, last + 1);
    const std::size_t head = line.find_last_not_of("+-0123456789");
    if (head == std::string_view::npos || (line[head] != '|' && line[head] != '>')) return false;
    return head == 0 || line[head - 1] == ' ' || line[head - 1] == '\t';
  }

  std::optional<std::size_t> block_indent_;
};

/// At the very beginning of a line, and exactly as git writes them.
bool IsConflictMarker(std::string_view line) {
  return line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") || line == "=======";
}

/// The offset of a no-break space, or one of its kind, before the text of a line.
std::optional<std::size_t> FindOddBlank(std::string_view line) {
  const std::size_t at = std::min(line.find_first_not_of(" \t"), line.size());
  const char32_t code = DecodeUtf8(line.substr(at)).code;
  const bool odd =
      code == 0xA0 || (code >= 0x2000 && code <= 0x200B) || code == 0x202F || code == 0x3000;
  return odd ? std::optional(at) : std::nullopt;
}

class Scan {
 public:
  Scan(const Source& source, FindingSink& sink) : source_(source), sink_(sink) {}

  bool Run() {
    std::string_view rest = source_.bytes;
    if (IsUtf16()) {
      sink_.ErrorWithoutLine({&source_, 1, 1}, "", "file is UTF-16; save it as UTF-8");
      return false;
    }
    while (!rest.empty() && found_ < kFindingsMax) {
      const std::size_t end = rest.find('\n');
      std::string_view line = rest.substr(0, end);
      if (line.ends_with('\r') && end != std::string_view::npos) line.remove_suffix(1);
      ++line_;
      CheckLine(line);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return found_ == 0;
  }

 private:
  bool IsUtf16() const {
    return source_.bytes.starts_with("\xFF\xFE") || source_.bytes.starts_with("\xFE\xFF");
  }

  void CheckLine(std::string_view line) {
    if (line.starts_with('%')) {
      Report(line, 0, "a YAML directive is not read here; remove this line");
    }
    if (IsConflictMarker(line)) {
      Report(line, 0, "a conflict that git left behind; choose one side and remove the markers");
    }
    CheckCharacters(line);
    if (const auto blank = FindOddBlank(line)) {
      Report(line, *blank, "a blank that is no space in indentation; indent with spaces");
    }
    if (const auto tab = indentation_.FindTab(line)) {
      Report(line, *tab, "tab in indentation; indent with spaces");
    }
  }

  void CheckCharacters(std::string_view line) {
    for (std::size_t at = 0; at < line.size() && found_ < kFindingsMax;) {
      if (line[at] >= ' ' && line[at] <= '~') {
        ++at;
        continue;
      }
      const Utf8Char decoded = DecodeUtf8(line.substr(at));
      if (decoded.bytes == 0) return ReportInvalid(line, at);
      if (!CheckCharacter(line, decoded.code, at)) return;
      at += decoded.bytes;
    }
  }

  /// Behind a wrong character the rest of the line is left out: it seldom comes alone.
  bool CheckCharacter(std::string_view line, char32_t code, std::size_t at) {
    if (code == '\t') return true;
    const std::string_view why = WhyForbidden(code);
    if (code == '\r') {
      Report(line, at, "carriage return without a line feed behind it");
    } else if (!why.empty()) {
      Report(line, at, fmt::format("{} U+{:04X} is not allowed", why, static_cast<unsigned>(code)));
    }
    return why.empty();
  }

  void ReportInvalid(std::string_view line, std::size_t at) {
    Report(line, at,
           fmt::format("byte 0x{:02X} is not UTF-8; save the file as UTF-8",
                       static_cast<unsigned>(static_cast<unsigned char>(line[at]))));
  }

  void Report(std::string_view line, std::size_t at, std::string message) {
    ++found_;
    const std::size_t before = CountCharacters(line.substr(0, at));
    sink_.Error({&source_, line_, static_cast<int>(before) + 1}, "", std::move(message));
  }

  const Source& source_;
  FindingSink& sink_;
  IndentationCheck indentation_;
  int line_ = 0;
  int found_ = 0;
};

}  // namespace

bool ScanBytes(const Source& source, FindingSink& sink) {
  if (source.bytes.empty()) {
    sink.Error({&source, 1, 1}, "", "file is empty; write a spec, or remove the file");
    return false;
  }
  if (source.bytes.size() > kFileBytesMax) {
    sink.Error({&source, 1, 1}, "",
               fmt::format("file is larger than 1 MiB ({} bytes); split it", source.bytes.size()));
    return false;
  }
  return Scan(source, sink).Run();
}

}  // namespace reconciler::spec
