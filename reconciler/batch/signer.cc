#include "reconciler/batch/signer.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "reconciler/core/digest.h"
#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

std::string_view HeaderValue(const HttpRequest& request, std::string_view name) {
  for (const auto& [known, value] : request.headers) {
    if (EqualFolded(known, name)) return value;
  }
  return {};
}

/// As on the wire: reads send no Content-Length, every other verb sends one, "0" without a body.
std::string ContentLength(const HttpRequest& request) {
  if (request.method == "GET" || request.method == "HEAD") return {};
  return std::to_string(request.body.size());
}

std::string FoldBlanks(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) {
      folded += c;
    } else if (!folded.empty() && folded.back() != ' ') {
      folded += ' ';
    }
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

std::string CanonicalHeaders(const HttpRequest& request) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const auto& [name, value] : request.headers) {
    std::string folded = FoldCase(name);
    if (folded.starts_with("ocp-")) lines.emplace_back(std::move(folded), FoldBlanks(value));
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const auto& [name, value] : lines) text += name + ":" + value + "\n";
  return text;
}

/// A broken escape is signed as it stands; we never make one.
std::string Decoded(std::string_view text) {
  return PercentDecode(text).value_or(std::string(text));
}

std::string CanonicalResource(std::string_view account, std::string_view target) {
  const std::size_t mark = std::min(target.find('?'), target.size());
  std::string text = "/" + std::string(account) + std::string(target.substr(0, mark));
  if (mark == target.size()) return text;
  std::map<std::string, std::vector<std::string>> values;
  for (const std::string_view pair : SplitText(target.substr(mark + 1), '&')) {
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = equals == pair.size() ? "" : pair.substr(equals + 1);
    values[FoldCase(Decoded(pair.substr(0, equals)))].push_back(Decoded(value));
  }
  for (auto& [name, several] : values) {
    std::sort(several.begin(), several.end());
    text += "\n" + name + ":";
    for (std::size_t i = 0; i < several.size(); ++i) text += (i == 0 ? "" : ",") + several[i];
  }
  return text;
}

}  // namespace

std::string StringToSign(std::string_view account, const HttpRequest& request) {
  constexpr std::array<std::string_view, 2> kBeforeLength = {"Content-Encoding",
                                                             "Content-Language"};
  constexpr std::array<std::string_view, 2> kAfterLength = {"Content-MD5", "Content-Type"};
  constexpr std::array<std::string_view, 5> kAfterDate = {
      "If-Modified-Since", "If-Match", "If-None-Match", "If-Unmodified-Since", "Range"};
  std::string text = request.method + "\n";
  const auto add = [&](std::string_view name) {
    text.append(HeaderValue(request, name)).append("\n");
  };
  for (const std::string_view name : kBeforeLength) add(name);
  text += ContentLength(request) + "\n";
  for (const std::string_view name : kAfterLength) add(name);
  // ocp-date wins over Date, whose line is then empty.
  if (HeaderValue(request, "ocp-date").empty()) {
    add("Date");
  } else {
    text += "\n";
  }
  for (const std::string_view name : kAfterDate) add(name);
  return text + CanonicalHeaders(request) + CanonicalResource(account, request.target);
}

std::string SharedKeyAuthorization(std::string_view account, const Secret& key,
                                   const HttpRequest& request) {
  const Sha256Bytes signature = HmacSha256(key.Reveal(), StringToSign(account, request));
  return "SharedKey " + std::string(account) + ":" + Base64(signature);
}

}  // namespace reconciler::batch
