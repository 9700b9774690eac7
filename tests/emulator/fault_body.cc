#include "tests/emulator/fault_body.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "tests/emulator/fault_member.h"

namespace emulator {

namespace {

constexpr std::size_t kDeep = 100'000;
constexpr std::size_t kHuge = 100'000'000;
constexpr std::size_t kManyItems = 1'000'000;
constexpr std::size_t kLongText = 1'000'000;
constexpr std::size_t kUnpacked = 1'000'000'000;

void Replace(Response& answer, const char* type, std::string body) {
  SetHeader(answer.headers, "Content-Type", type);
  SetBody(answer, std::move(body));
}

/// One more member, as the first one, with this text as its value.
void Insert(Response& answer, const std::string& value) {
  if (!answer.body.starts_with('{')) return;
  const bool more = answer.body.size() > 1 && answer.body[1] != '}';
  SetBody(answer, fmt::format(R"({{"faulty":{}{}{})", value, more ? "," : "",
                              std::string_view(answer.body).substr(1)));
}

void Html(Response& answer) {
  answer.status = 200;
  answer.reason = "OK";
  answer.headers = {{"Content-Type", "text/html"}, {"Content-Length", "0"}};
  SetBody(answer, "<html><body>Please sign in to the network.</body></html>");
}

void Xml(Response& answer) {
  Replace(answer, "application/xml", "<?xml version=\"1.0\"?><error>no JSON today</error>");
}

void ErrorBehind200(Response& answer) {
  answer.status = 200;
  answer.reason = "OK";
  Replace(answer, "application/json;odata=minimalmetadata",
          R"({"odata.metadata":"http://fault.local/$metadata#Microsoft.Azure.Batch.Protocol.)"
          R"(Entities.Container.errors/@Element","code":"InternalError","message":)"
          R"({"lang":"en-US","value":"An error behind a success."}})");
}

void Deep(Response& answer) {
  SetBody(answer, R"({"value":)" + std::string(kDeep, '[') + std::string(kDeep, ']') + "}");
}

void ManyItems(Response& answer) {
  std::string body = R"({"value":[{})";
  for (std::size_t i = 1; i < kManyItems; ++i) body += ",{}";
  SetBody(answer, body + "]}");
}

void Bomb(Response& answer) {
  SetHeader(answer.headers, "Content-Encoding", "gzip");
  SetBody(answer, GzipOfBlanks(kUnpacked));
}

using Change = void (*)(Response&);

const std::map<std::string_view, Change>& Changes() {
  static const std::map<std::string_view, Change> kChanges{
      {"truncated", [](Response& a) { a.wire = Wire::kTruncate; }},
      {"html", Html},
      {"xml", Xml},
      {"noType", [](Response& a) { RemoveHeader(a.headers, "Content-Type"); }},
      {"otherType", [](Response& a) { SetHeader(a.headers, "Content-Type", "text/html"); }},
      {"invalidJson",
       [](Response& a) {
         if (!a.body.empty()) SetBody(a, a.body.substr(0, a.body.size() - 1));
       }},
      {"empty", [](Response& a) { SetBody(a, ""); }},
      {"error", ErrorBehind200},
      {"deep", Deep},
      {"huge", [](Response& a) { Insert(a, '"' + std::string(kHuge, 'x') + '"'); }},
      {"manyItems", ManyItems},
      {"longText", [](Response& a) { Insert(a, '"' + std::string(kLongText, 'x') + '"'); }},
      {"nul", [](Response& a) { Insert(a, std::string("\"a\0b\"", 5)); }},
      {"invalidUtf8", [](Response& a) { Insert(a, "\"\xff\xfe\""); }},
      {"bom", [](Response& a) { SetBody(a, "\xef\xbb\xbf" + a.body); }},
      {"loneSurrogate", [](Response& a) { Insert(a, R"("\ud800")"); }},
      {"gzipBomb", Bomb},
  };
  return kChanges;
}

}  // namespace

Response BentBody(const Fault& fault, const FaultFacts& facts, Response answer) {
  if (fault.kind == Fault::Kind::kMember) {
    SetBody(answer, WithMember(fault.member, answer.body));
  } else if (fault.kind == Fault::Kind::kCutBody) {
    SetBody(answer, answer.body.substr(0, static_cast<std::size_t>(fault.number)));
  } else {
    Changes().at(fault.word)(answer);
  }
  if (facts.request.method == "HEAD") answer.body.clear();
  return answer;
}

}  // namespace emulator
