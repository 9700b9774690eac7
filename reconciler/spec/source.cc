#include "reconciler/spec/source.h"

#include <algorithm>
#include <array>

#include "reconciler/core/text.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Names of members that hold secrets, and what a SAS in a URL looks like; in lower case.
constexpr std::array<std::string_view, 7> kSecretMarks = {
    "password", "accountkey", "saskey", "sshprivatekey", "protectedsettings", "sharedkey", "sig="};

bool MayHoldSecret(std::string_view line) {
  const std::string folded = FoldCase(line);
  if (folded.find("secretref") != std::string::npos) return false;
  return std::any_of(kSecretMarks.begin(), kSecretMarks.end(),
                     [&](std::string_view mark) { return folded.find(mark) != std::string::npos; });
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

std::string LineText(const Source& source, int line) {
  constexpr std::size_t kShownBytes = 160;
  std::string_view text = line > 0 ? NthLine(source.bytes, line) : std::string_view();
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (MayHoldSecret(text)) return {};
  std::string shown(text.substr(0, kShownBytes));
  // One byte stays one byte, so that the caret stays where it belongs.
  for (char& c : shown) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t') c = ' ';
    if (byte < 0x20U || byte >= 0x7FU) c = byte == '\t' ? ' ' : '?';
  }
  return shown;
}

}  // namespace reconciler::spec
