#include "reconciler/batch/answer_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/core/json.h"
#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

constexpr std::size_t kErrorBytesMax = 256u << 10;
constexpr std::size_t kErrorValuesMax = 20;
constexpr std::size_t kCodeBytesMax = 100;
constexpr std::size_t kETagBytesMax = 256;

std::string WithoutStop(std::string text) {
  while (text.ends_with(' ')) text.pop_back();
  if (text.ends_with('.') && !text.ends_with("..")) text.pop_back();
  return text;
}

/// The service appends the lines "RequestId:<guid>" and "Time:<time>" to each sentence.
std::string Sentence(std::string_view text) {
  std::string sentence;
  for (const std::string_view line : SplitText(text, '\n')) {
    if (line.starts_with("RequestId:") || line.starts_with("Time:")) continue;
    if (!sentence.empty()) sentence += ' ';
    sentence += line;
  }
  return WithoutStop(Printable(sentence));
}

/// What the service signed is long, and who has the wrong key cannot use it.
std::string_view WithoutStringToSign(std::string_view detail) {
  constexpr std::string_view kSigned = "string to sign";
  const std::size_t at = detail.find(kSigned);
  return at == std::string_view::npos ? detail : detail.substr(0, at + kSigned.size());
}

void ReadValues(const Value& error, ServiceError& out) {
  const Value* values = error.Find("values");
  if (values == nullptr || !values->IsArray()) return;
  for (const Value& item : values->AsArray()) {
    const std::string_view key = item.StringOr("key");
    const std::string_view value = WithoutStringToSign(item.StringOr("value"));
    // What was sent may be a secret, and the service echoes it.
    const bool echo = EqualFolded(key, "PropertyValue") || EqualFolded(key, "QueryParameterValue");
    if (key.empty() || value.empty() || echo) continue;
    if (out.values.size() == kErrorValuesMax) return;
    out.values.emplace_back(Printable(key, kCodeBytesMax), WithoutStop(Printable(value)));
  }
}

}  // namespace

std::string DescribeBody(const HttpAnswer& answer) {
  if (answer.body.empty()) return "no body";
  const std::string_view type = HeaderOf(answer, "Content-Type");
  return fmt::format("{}, {} bytes", type.empty() ? "no type" : Printable(type, kCodeBytesMax),
                     answer.body.size());
}

std::string ReadETag(std::string_view text) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return plain && text.size() <= kETagBytesMax ? std::string(text) : std::string();
}

ServiceError ReadServiceError(const HttpAnswer& answer) {
  ServiceError out;
  const Result<Value> body = ParseJson(answer.body, JsonLimits{32, kErrorBytesMax});
  if (!body || !body->IsObject()) return out;
  out.code = Printable(body->StringOr("code"), kCodeBytesMax);
  const Value* message = body->Find("message");
  if (message != nullptr && message->IsString()) {
    out.text = Sentence(message->AsString());
  } else if (message != nullptr) {
    out.text = Sentence(message->StringOr("value"));
  }
  ReadValues(*body, out);
  return out;
}

}  // namespace reconciler::batch
