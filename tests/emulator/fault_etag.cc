#include "tests/emulator/fault_etag.h"

#include <utility>

#include "tests/emulator/json.h"

namespace emulator {

namespace {

constexpr char kOldTime[] = "2001-01-01T00:00:00Z";

/// Empty: none.
std::string Other(const std::string& word, const std::string& etag) {
  if (word == "quoted") return '"' + etag + '"';
  if (word == "weak") return "W/\"" + etag + '"';
  if (word == "headerDiffers") return "0x1";
  return word == "goesBack" ? "0x8D0000000000000" : "";
}

void Bend(const std::string& word, Json& object) {
  const std::string etag = object.Text("eTag");
  if (etag.empty()) return;
  if (word == "missing") {
    object.Remove("eTag");
  } else {
    object.Set("eTag", Json(Other(word, etag)));
  }
  if (word == "goesBack") object.Set("lastModified", Json(std::string(kOldTime)));
}

}  // namespace

Response BentETag(const Fault& fault, Response answer) {
  if (const std::string* const etag = FindHeader(answer.headers, "ETag")) {
    const std::string other = Other(fault.word, *etag);
    RemoveHeader(answer.headers, "ETag");
    if (!other.empty()) answer.headers.emplace_back("ETag", other);
  }
  auto body = ParseJson(answer.body);
  if (!body || body->AsObject() == nullptr || fault.word == "headerDiffers") return answer;
  Bend(fault.word, *body);
  for (JsonMember& member : *body->AsObject()) {
    if (member.name != "value" || member.value.AsList() == nullptr) continue;
    for (Json& item : *member.value.AsList()) Bend(fault.word, item);
  }
  SetBody(answer, JsonText(*body));
  return answer;
}

}  // namespace emulator
