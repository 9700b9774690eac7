#include "reconciler/spec/source.h"

#include <algorithm>
#include <array>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/core/utf8.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// In lower case. "secret" is missing: lines that speak of secrets mostly hold names of them.
constexpr std::array<std::string_view, 6> kSecretMembers = {
    "password", "accountkey", "saskey", "sshprivatekey", "protectedsettings", "sharedkey"};
constexpr std::string_view kSasSignature = "sig=";

std::size_t Count(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    ++count;
  }
  return count;
}

std::size_t CountSecretMembers(std::string_view folded) {
  std::size_t count = 0;
  for (const std::string_view member : kSecretMembers) count += Count(folded, member);
  return count;
}

/// More members that hold secrets than references to secrets.
bool MayHoldSecret(std::string_view line) {
  const std::string folded = FoldCase(line);
  return CountSecretMembers(folded) > Count(folded, "secretref") ||
         Count(folded, kSasSignature) > 0;
}

std::string_view NthLine(std::string_view bytes, int line) {
  for (int number = 1; number < line; ++number) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return {};
    bytes.remove_prefix(end + 1);
  }
  return bytes.substr(0, bytes.find('\n'));
}

}  // namespace

Source MakeSource(std::string_view path, std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  return {std::make_shared<const std::string>(path), bytes};
}

Position ToPosition(const Place& place) {
  if (place.source == nullptr) return {};
  return {place.source->path, place.line, place.column};
}

bool NamesSecret(std::string_view path) {
  const std::string folded = FoldCase(path);
  return CountSecretMembers(folded) > 0 || Count(folded, "secret") > 0;
}

QuotedLine QuoteLine(const Source& source, int line, int column) {
  constexpr int kAround = 200;  // more than is shown; keeps a file of one line out of each finding
  std::string_view text = line > 0 ? NthLine(source.bytes, line) : std::string_view();
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (MayHoldSecret(text)) return {};
  const int from = std::max(column - 1 - kAround, 0);
  const std::size_t begin = OffsetOfCharacter(text, static_cast<std::size_t>(from));
  text.remove_prefix(begin);
  text = text.substr(0, OffsetOfCharacter(text, std::size_t{2} * kAround));
  return {std::string(text), from};
}

void QuoteLine(const Source& source, Finding& finding) {
  QuotedLine quoted = QuoteLine(source, finding.position.line, finding.position.column);
  finding.line_text = std::move(quoted.text);
  finding.line_text_from = quoted.from;
}

}  // namespace reconciler::spec
