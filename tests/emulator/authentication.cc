#include "tests/emulator/authentication.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <vector>

namespace emulator {

namespace {

constexpr std::chrono::minutes kClockWindow{15};

/// Lines 2 to 12 of the text, in order. An absent header is an empty line; a Content-Length of 0 is
/// signed as 0 when it was sent.
constexpr std::array<std::string_view, 11> kSignedHeaders{"Content-Encoding",
                                                          "Content-Language",
                                                          "Content-Length",
                                                          "Content-MD5",
                                                          "Content-Type",
                                                          "Date",
                                                          "If-Modified-Since",
                                                          "If-Match",
                                                          "If-None-Match",
                                                          "If-Unmodified-Since",
                                                          "Range"};

std::string FoldBlanks(std::string_view text) {
  std::string out;
  for (const char c : Trim(text)) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return out;
}

std::string CanonicalHeaders(const Headers& headers) {
  std::vector<std::string> lines;
  for (const auto& [name, value] : headers) {
    const std::string lower = Lower(name);
    if (lower.rfind("ocp-", 0) == 0)
      lines.push_back(fmt::format("{}:{}\n", lower, FoldBlanks(value)));
  }
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, ""));
}

std::string CanonicalResource(const Target& target, std::string_view account, bool lower_names) {
  std::string out = fmt::format("/{}{}", account, target.path);
  std::vector<std::pair<std::string, std::vector<std::string>>> parameters;
  for (const QueryParameter& parameter : target.query) {
    const std::string name = lower_names ? Lower(parameter.name) : parameter.name;
    const auto same = std::find_if(parameters.begin(), parameters.end(),
                                   [&](const auto& other) { return other.first == name; });
    if (same != parameters.end()) {
      same->second.push_back(parameter.value);
    } else {
      parameters.push_back({name, {parameter.value}});
    }
  }
  std::sort(parameters.begin(), parameters.end(),
            [](const auto& a, const auto& b) { return Lower(a.first) < Lower(b.first); });
  for (auto& [name, values] : parameters) {
    std::sort(values.begin(), values.end());
    out += fmt::format("\n{}:{}", name, fmt::join(values, ","));
  }
  return out;
}

std::optional<std::string> DecodeKey(std::string_view base64) {
  std::string padded(base64);
  if (padded.empty() || padded.size() % 4 != 0) return std::nullopt;
  std::string out(padded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (size < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(std::count(padded.end() - 2, padded.end(), '='));
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

bool Equal(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

ApiError Refuse(std::string detail) {
  return {"AuthenticationFailed", {{"AuthenticationErrorDetail", std::move(detail)}}};
}

std::optional<ApiError> DateProblem(const Request& request, Instant wall) {
  const std::string* date = FindHeader(request.headers, "ocp-date");
  if (date == nullptr) date = FindHeader(request.headers, "Date");
  if (date == nullptr) return Refuse("Neither an ocp-date nor a Date header was sent");
  const auto sent = ParseHttpDate(Trim(*date));
  if (!sent) return Refuse("The date header is not in RFC 1123 form");
  if (*sent > wall + kClockWindow || *sent < wall - kClockWindow) {
    return Refuse(
        fmt::format("The date header is more than 15 minutes away from {}", FormatHttpDate(wall)));
  }
  return std::nullopt;
}

}  // namespace

std::optional<SharedKeyHeader> ParseSharedKey(std::string_view authorization) {
  constexpr std::string_view kScheme = "SharedKey ";
  if (authorization.substr(0, kScheme.size()) != kScheme) return std::nullopt;
  authorization.remove_prefix(kScheme.size());
  const auto colon = authorization.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == authorization.size()) {
    return std::nullopt;
  }
  return SharedKeyHeader{std::string(authorization.substr(0, colon)),
                         std::string(Trim(authorization.substr(colon + 1)))};
}

std::string StringToSign(const Request& request, std::string_view account, bool lower_names) {
  std::string out = request.method + '\n';
  const bool ocp_date = FindHeader(request.headers, "ocp-date") != nullptr;
  for (const std::string_view name : kSignedHeaders) {
    const std::string* const value = FindHeader(request.headers, name);
    if (value != nullptr && !(name == "Date" && ocp_date)) out += *value;
    out += '\n';
  }
  return out + CanonicalHeaders(request.headers) +
         CanonicalResource(ParseTarget(request.target), account, lower_names);
}

std::optional<std::string> Sign(std::string_view text, std::string_view base64_key) {
  const auto key = DecodeKey(base64_key);
  if (!key) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key->data(), static_cast<int>(key->size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> base64{};
  const int length = EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
  return std::string(base64.begin(), base64.begin() + length);
}

std::optional<ApiError> AuthenticationProblem(const Request& request, const SharedKeyHeader& header,
                                              const AccountConfig& account, Instant wall) {
  if (auto problem = DateProblem(request, wall)) return problem;
  for (const bool lower_names : {true, false}) {
    const std::string text = StringToSign(request, account.name, lower_names);
    for (const std::string& key : account.keys) {
      if (const auto expected = Sign(text, key); expected && Equal(*expected, header.signature)) {
        return std::nullopt;
      }
    }
  }
  return Refuse(fmt::format(
      "The MAC signature found in the HTTP request '{}' is not the same as any computed "
      "signature. Server used following string to sign: '{}'",
      header.signature, StringToSign(request, account.name, true)));
}

}  // namespace emulator
