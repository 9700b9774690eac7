#include "tests/emulator/fault_wire.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "tests/emulator/wire_text.h"

namespace emulator {

namespace {

constexpr std::size_t kHugeHeader = 100'000;
constexpr int kManyHeaders = 1'000;
constexpr std::size_t kLongReason = 64U << 10U;
constexpr int kManyContinues = 1'000;
constexpr std::chrono::seconds kSlowClose{3};

/// The same answer with a length in place of chunks.
void SayLength(Response& answer, std::size_t length) {
  RemoveHeader(answer.headers, "Transfer-Encoding");
  SetHeader(answer.headers, "Content-Length", std::to_string(length));
}

std::string Bytes(const Response& answer, const FaultFacts& facts) {
  return WireText(answer, facts.request.method == "HEAD", true);
}

void OldVersion(Response& answer, const FaultFacts& facts) {
  RemoveHeader(answer.headers, "Transfer-Encoding");
  RemoveHeader(answer.headers, "Content-Length");
  answer.raw = Bytes(answer, facts);
  answer.raw.replace(0, 8, "HTTP/1.0");
  answer.wire = Wire::kClosesUnsaid;
}

/// `bad`: the text in place of the last chunk, or of the size of the first.
void BadChunks(Response& answer, const FaultFacts& facts, bool bad_size) {
  RemoveHeader(answer.headers, "Content-Length");
  SetHeader(answer.headers, "Transfer-Encoding", "chunked");
  const Response head{answer.status, answer.reason, answer.headers, {}};
  answer.raw = WireText(head, true, true);
  const std::string size = bad_size ? "nonsense" : fmt::format("{:x}", answer.body.size());
  if (facts.request.method != "HEAD") answer.raw += size + "\r\n" + answer.body + "\r\n";
  answer.wire = Wire::kClosesUnsaid;
}

void TooLong(Response& answer, const FaultFacts& facts) {
  SayLength(answer, answer.body.size() / 2);
  answer.raw = Bytes(answer, facts);
}

void Twice(Response& answer, const FaultFacts& facts) {
  SayLength(answer, answer.body.size());
  answer.raw = Bytes(answer, facts);
  answer.raw += answer.raw;
}

void ManyContinues(Response& answer, const FaultFacts& facts) {
  std::string raw;
  for (int i = 0; i < kManyContinues; ++i) raw += "HTTP/1.1 100 Continue\r\n\r\n";
  answer.raw = raw + Bytes(answer, facts);
}

void ManyHeaders(Response& answer, const FaultFacts&) {
  for (int i = 0; i < kManyHeaders; ++i) {
    answer.headers.emplace_back(fmt::format("X-Many-{}", i), "value");
  }
}

/// 400 whose phrase and message are what the caller signed with.
void Echo(Response& answer, const FaultFacts& facts) {
  const std::string* const secret = FindHeader(facts.request.headers, "Authorization");
  const std::string text = secret == nullptr ? "nothing" : *secret;
  Fault refusal;
  refusal.status = 400;
  refusal.code = "Authorization: " + text;
  answer = ErrorAnswer(refusal, facts);
  answer.reason = "Bad Authorization: " + text;
  answer.headers.emplace_back("X-Echo", text);
}

using Change = void (*)(Response&, const FaultFacts&);

const std::map<std::string_view, Change>& Changes() {
  static const std::map<std::string_view, Change> kChanges{
      {"version10", OldVersion},
      {"noLastChunk", [](Response& a, const FaultFacts& f) { BadChunks(a, f, false); }},
      {"badChunkSize", [](Response& a, const FaultFacts& f) { BadChunks(a, f, true); }},
      {"longerThanSaid", TooLong},
      {"secondAnswer", Twice},
      {"manyContinues", ManyContinues},
      {"hugeHeader",
       [](Response& a, const FaultFacts&) {
         a.headers.emplace_back("X-Huge", std::string(kHugeHeader, 'x'));
       }},
      {"manyHeaders", ManyHeaders},
      {"foldedHeader",
       [](Response& a, const FaultFacts&) { a.headers.emplace_back("X-Folded", "a\r\n b"); }},
      {"twoDates",
       [](Response& a, const FaultFacts& f) {
         const Instant other = f.wall - std::chrono::hours{24};
         a.headers.emplace_back("Date", FormatHttpDate(other));
       }},
      {"longReason",
       [](Response& a, const FaultFacts&) { a.reason = std::string(kLongReason, 'r'); }},
      {"noReason", [](Response& a, const FaultFacts&) { a.reason.clear(); }},
      {"echoesAuthorization", Echo},
      {"closesUnsaid", [](Response& a, const FaultFacts&) { a.wire = Wire::kClosesUnsaid; }},
      {"closeUnkept",
       [](Response& a, const FaultFacts&) { SetHeader(a.headers, "Connection", "close"); }},
      {"closesSlowly",
       [](Response& a, const FaultFacts&) {
         SetHeader(a.headers, "Connection", "close");
         a.wire = Wire::kClosesSlowly;
         a.wire_time = kSlowClose;
       }},
  };
  return kChanges;
}

}  // namespace

Response NoAnswer(const Fault& fault) {
  Response response;
  response.wire_time = fault.time;
  response.wire = fault.kind == Fault::Kind::kRefuse     ? Wire::kRefuse
                  : fault.kind == Fault::Kind::kResetNew ? Wire::kResetNew
                  : fault.word == "reset"                ? Wire::kReset
                  : fault.word == "closed"               ? Wire::kClosed
                                                         : Wire::kHang;
  return response;
}

Response Slowed(const Fault& fault, Response answer) {
  answer.wire_time = fault.time;
  answer.wire = fault.kind == Fault::Kind::kSlow      ? Wire::kSlow
                : fault.kind == Fault::Kind::kTrickle ? Wire::kTrickle
                                                      : Wire::kHeadersOnly;
  answer.wire_bytes = static_cast<std::size_t>(std::max<std::int64_t>(fault.number, 1));
  return answer;
}

Response BadHttp(const Fault& fault, const FaultFacts& facts, Response answer) {
  Changes().at(fault.word)(answer, facts);
  return answer;
}

}  // namespace emulator
