// Recorded exchanges of the live service: the same requests get the same answers.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/emulator/config_file.h"
#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

/// Headers of every answer, which the recordings leave out.
constexpr std::string_view kAlways[] = {"server", "date", "strict-transport-security",
                                        "x-content-type-options"};

/// Compares recorded texts with answers; a numbered token keeps the text it first stood for.
class Matcher {
 public:
  /// Whether `actual` is what `expected` says, tokens aside.
  bool Text(std::string expected, const std::string& actual) {
    ReplaceAll(expected, "{endpoint}", "http://batch.local");
    return Match(expected, actual);
  }
  /// Same members in the same order, same values.
  bool Value(const Json& expected, const Json& actual) {
    if (const auto* text = expected.AsString()) {
      return actual.AsString() != nullptr && Text(*text, *actual.AsString());
    }
    if (const auto* list = expected.AsList()) {
      const auto* other = actual.AsList();
      return other != nullptr &&
             std::equal(list->begin(), list->end(), other->begin(), other->end(),
                        [&](const Json& a, const Json& b) { return Value(a, b); });
    }
    if (const auto* object = expected.AsObject()) {
      const auto* other = actual.AsObject();
      return other != nullptr &&
             std::equal(object->begin(), object->end(), other->begin(), other->end(),
                        [&](const JsonMember& a, const JsonMember& b) {
                          return a.name == b.name && Value(a.value, b.value);
                        });
    }
    return JsonText(expected) == JsonText(actual);
  }
  std::string Bound(std::string text) const {
    for (const auto& [token, value] : bound_) ReplaceAll(text, token, value);
    return text;
  }
  bool Binds(const std::string& token) const { return bound_.contains(token); }
  void Bind(const std::string& token, const std::string& value) { bound_[token] = value; }

 private:
  static void ReplaceAll(std::string& text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }
  bool Match(std::string_view expected, std::string_view actual) {
    const auto open = expected.find('{');
    const auto close = expected.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos)
      return expected == actual;
    if (actual.substr(0, open) != expected.substr(0, open)) return false;
    const std::string token(expected.substr(open, close - open + 1));
    actual.remove_prefix(open);
    expected.remove_prefix(close + 1);
    const auto next =
        expected.empty() ? actual.size() : actual.find(expected.substr(0, expected.find('{')));
    if (next == std::string_view::npos || next == 0) return false;
    const std::string found(actual.substr(0, next));
    if (token.find(':') != std::string::npos && !Keep(token, found)) return false;
    return Match(expected, actual.substr(next));
  }

  /// The same number is the same text, another number another text.
  bool Keep(const std::string& token, const std::string& text) {
    const std::string kind = token.substr(0, token.find(':'));
    for (const auto& [other, value] : bound_) {
      if (other != token && other.rfind(kind, 0) == 0 && value == text) return false;
    }
    return bound_.emplace(token, text).first->second == text;
  }

  std::map<std::string, std::string> bound_;
};

std::vector<Json> ReadLines(const std::filesystem::path& path) {
  std::vector<Json> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(ParseJson(line).value());
  return lines;
}

ServiceConfig ConfigOf(const Json& first) {
  const std::string yaml = R"({"timings":)" + JsonText(*first.Find("timings")) +
                           R"(,"switches":{"rejectSubnets":)" +
                           JsonText(*first.Find("rejectSubnets")) + "}}";
  ServiceConfig config = TestConfig();
  config.switches.reject_end_of_life_images = false;  // recorded pools have such images
  return std::get<ServiceConfig>(ReadConfig(yaml, "fixture", config));
}

std::string TargetOf(const Json& exchange) {
  std::string target = exchange.Text("path");
  char mark = '?';
  for (const Json& pair : *exchange.Find("query")->AsList()) {
    target += mark + *(*pair.AsList())[0].AsString() + '=' +
              PercentEncode(*(*pair.AsList())[1].AsString());
    mark = '&';
  }
  return target;
}

void CheckHeaders(const Json& recorded, const Response& response, Matcher& matcher) {
  std::vector<std::string> expected, actual;
  for (const JsonMember& header : *recorded.AsObject()) {
    expected.push_back(header.name);
    std::string value = *header.value.AsString();
    if (header.name == "content-type") value = "application/json;odata=minimalmetadata";
    CAPTURE(header.name);
    CHECK(matcher.Text(value, HeaderOf(response, header.name)));
  }
  for (const auto& [name, value] : response.headers) {
    const std::string lower = Lower(name);
    if (std::find(std::begin(kAlways), std::end(kAlways), lower) == std::end(kAlways)) {
      actual.push_back(lower);
    }
  }
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  CHECK(fmt::format("{}", fmt::join(actual, " ")) == fmt::format("{}", fmt::join(expected, " ")));
}

/// Returns how many exchanges it was.
std::size_t Replay(const std::filesystem::path& path) {
  const std::vector<Json> lines = ReadLines(path);
  World world{ConfigOf(lines.at(0))};
  const Instant start = world.now;
  Matcher matcher;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const Json& exchange = lines[i];
    const std::int64_t seconds = std::max<std::int64_t>(IntegerAt(exchange, "t"), 0);
    world.now = start + std::chrono::seconds{seconds};
    const Json* const body = exchange.Find("body");
    std::string text = body == nullptr ? std::string{} : JsonText(*body);
    std::string target = TargetOf(exchange);
    if ((text + target).find("{node:") != std::string::npos) {
      if (!matcher.Binds("{node:1}")) {  // a list that the session does not hold told its id
        const std::string asked = exchange.Text("path");
        const std::string pool = asked.substr(0, asked.find('/', std::string("/pools/").size()));
        const Json nodes = world.Get(pool + "/nodes");
        matcher.Bind("{node:1}", (*nodes.Find("value")->AsList())[0].Text("id"));
      }
      text = matcher.Bound(text);
      target = matcher.Bound(target);
    }
    CAPTURE(path.filename().string());
    CAPTURE(i);
    const Headers headers{{"Content-Type", "application/json; odata=minimalmetadata"},
                          {"Content-Length", std::to_string(text.size())}};
    const Response response =
        world.service.Handle({exchange.Text("method"), target, headers, text});
    CAPTURE(response.body);
    CHECK(response.status == IntegerAt(exchange, "status"));
    CheckHeaders(*exchange.Find("rheaders"), response, matcher);
    if (const Json* const expected = exchange.Find("rbody")) {
      CHECK(matcher.Value(*expected, ParseJson(response.body).value_or(Json{})));
    } else {
      CHECK(response.body.empty());
    }
  }
  return lines.size() - 1;
}

TEST_CASE("recorded sessions get the recorded answers") {
  int sessions = 0;
  std::size_t exchanges = 0;
  const std::filesystem::path folder = POOLKEEPER_SOURCE_DIR "/tests/emulator/test/fixtures";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".jsonl") continue;
    exchanges += Replay(entry.path());
    ++sessions;
  }
  CHECK(sessions == 18);
  CHECK(exchanges == 85);
}

}  // namespace
}  // namespace emulator
