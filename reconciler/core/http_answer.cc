#include "reconciler/core/http_answer.h"

#include <algorithm>
#include <charconv>

#include "reconciler/core/text.h"

namespace reconciler {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kRetryAfterMax{300};

/// Bytes of the UTF-8 character at the front; 0: none.
std::size_t CharacterSize(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xc2 ? 0
                           : lead < 0xe0 ? 2
                           : lead < 0xf0 ? 3
                           : lead < 0xf5 ? 4
                                         : 0;
  if (size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) return 0;
  }
  return size;
}

bool IsControl(char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }

}  // namespace

std::string Printable(std::string_view text, std::size_t bytes_max) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = CharacterSize(text);
    if (out.size() + std::max<std::size_t>(size, 1) > bytes_max) return out + "...";
    if (size == 0) {
      out += '?';
    } else if (size == 1 && IsControl(text[0])) {
      out += ' ';
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return out;
}

std::string_view HeaderOf(const HttpAnswer& answer, std::string_view name) {
  for (const auto& [known, value] : answer.headers) {
    if (EqualFolded(known, name)) return value;
  }
  return {};
}

std::optional<milliseconds> ReadRetryAfter(const HttpAnswer& answer, Instant wall) {
  const std::string_view text = HeaderOf(answer, "Retry-After");
  std::int64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (!text.empty() && end == text.data() + text.size()) {
    if (number < 0) return std::nullopt;
    if (status == std::errc::result_out_of_range) return kRetryAfterMax;
    if (status != std::errc{}) return std::nullopt;
    return std::min<milliseconds>(seconds{std::min<std::int64_t>(number, kRetryAfterMax.count())},
                                  kRetryAfterMax);
  }
  const auto due = ParseHttpDate(text);
  if (!due) return std::nullopt;
  // Measured on the service's clock where it tells it: ours may be off.
  const Instant now = ParseHttpDate(HeaderOf(answer, "Date")).value_or(wall);
  const auto delay = std::chrono::duration_cast<milliseconds>(*due - now);
  return std::clamp<milliseconds>(delay, milliseconds{0}, kRetryAfterMax);
}

}  // namespace reconciler
