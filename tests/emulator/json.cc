#include "tests/emulator/json.h"

#include <fmt/format.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cmath>

namespace emulator {

namespace {

/// Builds a Json from parse events; returns false to stop at a value it does not take.
class Builder {
 public:
  explicit Builder(std::size_t depth_max) : depth_max_(depth_max) {}

  bool Null() { return Put(Json{}); }
  bool Bool(bool value) { return Put(Json{value}); }
  bool Int(int value) { return Put(Json{std::int64_t{value}}); }
  bool Uint(unsigned value) { return Put(Json{std::int64_t{value}}); }
  bool Int64(std::int64_t value) { return Put(Json{value}); }
  bool Uint64(std::uint64_t value) {  // all that do not fit into 32 bits
    return Put(value <= INT64_MAX ? Json{static_cast<std::int64_t>(value)}
                                  : Json{static_cast<double>(value)});
  }
  bool Double(double value) { return Put(Json{value}); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    return Put(Json{std::string(text, size)});
  }
  bool StartObject() { return Open(Json{Json::Object{}}); }
  bool StartArray() { return Open(Json{Json::List{}}); }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    names_.back().assign(text, size);
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return Close(); }
  bool EndArray(rapidjson::SizeType) { return Close(); }
  Json Take() { return std::move(root_); }

 private:
  bool Open(Json value) {
    if (open_.size() >= depth_max_) return false;
    open_.push_back(std::move(value));
    names_.emplace_back();
    return true;
  }
  bool Close() {
    Json done = std::move(open_.back());
    open_.pop_back();
    names_.pop_back();
    return Put(std::move(done));
  }
  bool Put(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Json::List* const list = open_.back().AsList()) {
      list->push_back(std::move(value));
    } else {
      open_.back().AsObject()->push_back({names_.back(), std::move(value)});
    }
    return true;
  }

  std::size_t depth_max_;
  Json root_;
  std::vector<Json> open_;
  std::vector<std::string> names_;
};

}  // namespace

const Json* Json::Find(std::string_view name) const {
  const Object* const object = AsObject();
  if (object == nullptr) return nullptr;
  for (const JsonMember& member : *object) {
    if (member.name == name) return member.value.IsNull() ? nullptr : &member.value;
  }
  return nullptr;
}

const Json* Json::At(std::initializer_list<std::string_view> path) const {
  const Json* at = this;
  for (const std::string_view name : path) {
    at = at->Find(name);
    if (at == nullptr) return nullptr;
  }
  return at;
}

std::string Json::Text(std::string_view name) const {
  const Json* const member = Find(name);
  const std::string* const text = member == nullptr ? nullptr : member->AsString();
  return text == nullptr ? std::string{} : *text;
}

void Json::Set(std::string_view name, Json value) {
  Object& object = *AsObject();
  for (JsonMember& member : object) {
    if (member.name == name) {
      member.value = std::move(value);
      return;
    }
  }
  object.push_back({std::string(name), std::move(value)});
}

void Json::Remove(std::string_view name) {
  std::erase_if(*AsObject(), [&](const JsonMember& member) { return member.name == name; });
}

namespace {

rapidjson::ParseResult ParseInto(Builder& builder, std::string_view text) {
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                              rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseFullPrecisionFlag;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  rapidjson::Reader reader;
  return reader.Parse<kFlags>(stream, builder);
}

}  // namespace

std::optional<Json> ParseJson(std::string_view text, std::size_t depth_max) {
  Builder builder(depth_max);
  if (ParseInto(builder, text).IsError()) return std::nullopt;
  return builder.Take();
}

std::size_t JsonErrorAt(std::string_view text, std::size_t depth_max) {
  Builder builder(depth_max);
  const rapidjson::ParseResult parsed = ParseInto(builder, text);
  return parsed.IsError() ? parsed.Offset() + 1 : 0;
}

namespace {

/// How many bytes the character at the front of `text` has, which is no ASCII; 0: it is no UTF-8.
std::size_t CharacterSize(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const unsigned first = byte(0);
  const std::size_t size = first < 0xC2 || first > 0xF4 ? 0
                           : first < 0xE0               ? 2
                           : first < 0xF0               ? 3
                                                        : 4;
  // What is longer than it need be, a surrogate, or beyond U+10FFFF shows in the second byte.
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (size != 0 && (byte(1) < low || byte(1) > high)) return 0;
  for (std::size_t at = 2; at < size; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return 0;
  }
  return size;
}

bool IsPlain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

void AppendEscaped(std::string& out, char c) {
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
  }
}

}  // namespace

void AppendQuoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), IsPlain) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const bool ascii = static_cast<unsigned char>(text[0]) < 0x80;
    const std::size_t size = ascii ? 1 : CharacterSize(text);
    if (ascii) {
      AppendEscaped(out, text[0]);
    } else if (size != 0) {
      out += text.substr(0, size);
    } else {
      out += "\xEF\xBF\xBD";  // U+FFFD
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  out += '"';
}

namespace {

void AppendList(std::string& out, const Json::List& list) {
  out += '[';
  for (const Json& item : list) {
    if (&item != list.data()) out += ',';
    AppendJson(out, item);
  }
  out += ']';
}

void AppendObject(std::string& out, const Json::Object& object) {
  out += '{';
  for (const JsonMember& member : object) {
    if (&member != object.data()) out += ',';
    AppendQuoted(out, member.name);
    out += ':';
    AppendJson(out, member.value);
  }
  out += '}';
}

}  // namespace

void AppendJson(std::string& out, const Json& value) {
  if (const auto* text = value.AsString()) return AppendQuoted(out, *text);
  if (const auto* list = value.AsList()) return AppendList(out, *list);
  if (const auto* object = value.AsObject()) return AppendObject(out, *object);
  if (const auto* flag = value.AsBool()) {
    out += *flag ? "true" : "false";
  } else if (const auto* integer = value.AsInteger()) {
    fmt::format_to(std::back_inserter(out), "{}", *integer);
  } else if (const auto* number = value.AsDouble()) {
    const bool minus_zero = *number == 0 && std::signbit(*number);  // -0 would become an integer
    out += minus_zero ? "-0.0" : fmt::to_string(*number);
  } else {
    out += "null";
  }
}

std::string JsonText(const Json& value) {
  std::string out;
  AppendJson(out, value);
  return out;
}

}  // namespace emulator
