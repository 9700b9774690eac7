#include "reconciler/core/json.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

namespace reconciler {
namespace {

constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseFullPrecisionFlag;

/// Where the library keeps texts, those of bodies with secrets among them: a program that wipes
/// what it deletes wipes these, too.
class JsonMemory {
 public:
  [[maybe_unused]] static constexpr bool kNeedFree = true;  // read by RapidJSON
  void* Malloc(std::size_t size) { return size == 0 ? nullptr : ::operator new(size); }
  void* Realloc(void* memory, std::size_t old_size, std::size_t size) {
    void* moved = Malloc(size);
    if (memory != nullptr && moved != nullptr) {
      std::memcpy(moved, memory, std::min(old_size, size));
    }
    Free(memory);
    return moved;
  }
  static void Free(void* memory) { ::operator delete(memory); }
};

using JsonPool = rapidjson::MemoryPoolAllocator<JsonMemory>;
using JsonDocument = rapidjson::GenericDocument<rapidjson::UTF8<>, JsonPool, JsonMemory>;
using JsonNode = JsonDocument::ValueType;
using JsonBuffer = rapidjson::GenericStringBuffer<rapidjson::UTF8<>, JsonMemory>;

/// Nesting depth of JSON text, counted before it is parsed so that no deep tree is ever built.
int Depth(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

std::optional<std::string> LimitPassed(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.size_bytes_max) {
    return "JSON of " + std::to_string(text.size()) + " bytes, at most " +
           std::to_string(limits.size_bytes_max) + " are read";
  }
  if (Depth(text) > limits.depth_max) {
    return "JSON nested deeper than " + std::to_string(limits.depth_max) + " levels";
  }
  return std::nullopt;
}

std::string ParseMessage(const JsonDocument& document) {
  std::string reason = rapidjson::GetParseError_En(document.GetParseError());
  if (!reason.empty() && reason.back() == '.') reason.pop_back();
  return "not JSON at byte " + std::to_string(document.GetErrorOffset()) + ": " + reason;
}

std::string_view Text(const JsonNode& json) { return {json.GetString(), json.GetStringLength()}; }

bool ConvertObject(const JsonNode& json, Value& out, std::string& duplicate);

/// False with the name in `duplicate` when an object names a member twice.
bool Convert(const JsonNode& json, Value& out, std::string& duplicate) {
  if (json.IsNull()) {
    out = Value();
  } else if (json.IsBool()) {
    out = Value(json.GetBool());
  } else if (json.IsInt64()) {
    out = Value(std::int64_t{json.GetInt64()});
  } else if (json.IsNumber()) {
    out = Value(json.GetDouble());
  } else if (json.IsString()) {
    out = Value(Text(json));
  } else if (json.IsArray()) {
    Array items(json.Size());
    for (rapidjson::SizeType i = 0; i < json.Size(); ++i) {
      if (!Convert(json[i], items[i], duplicate)) return false;
    }
    out = Value(std::move(items));
  } else {
    return ConvertObject(json, out, duplicate);
  }
  return true;
}

bool ConvertObject(const JsonNode& json, Value& out, std::string& duplicate) {
  constexpr rapidjson::SizeType kFewMembers = 16;  // below, a linear search is cheaper than a set
  Object members;
  members.reserve(json.MemberCount());
  std::unordered_set<std::string_view> names;
  const bool many = json.MemberCount() > kFewMembers;
  for (auto member = json.MemberBegin(); member != json.MemberEnd(); ++member) {
    const std::string_view name = Text(member->name);
    const bool twice = many ? !names.insert(name).second
                            : std::any_of(members.begin(), members.end(),
                                          [&](const Member& known) { return known.name == name; });
    if (twice) {
      duplicate = name;
      return false;
    }
    Value value;
    if (!Convert(member->value, value, duplicate)) return false;
    members.push_back(Member{std::string(name), std::move(value)});
  }
  out = Value(std::move(members));
  return true;
}

template <class Writer>
void Write(Writer& writer, const Value& value, bool sorted);

template <class Writer>
void WriteObject(Writer& writer, const Value& value, bool sorted) {
  std::vector<const Member*> order;
  order.reserve(value.AsObject().size());
  for (const Member& member : value.AsObject()) order.push_back(&member);
  if (sorted) {
    std::sort(order.begin(), order.end(),
              [](const Member* a, const Member* b) { return a->name < b->name; });
  }
  writer.StartObject();
  for (const Member* member : order) {
    writer.Key(member->name.data(), static_cast<rapidjson::SizeType>(member->name.size()));
    Write(writer, member->value, sorted);
  }
  writer.EndObject();
}

template <class Writer>
void Write(Writer& writer, const Value& value, bool sorted) {
  if (value.IsNull()) {
    writer.Null();
  } else if (value.IsBool()) {
    writer.Bool(value.AsBool());
  } else if (value.IsInt()) {
    writer.Int64(value.AsInt());
  } else if (value.IsDouble()) {
    writer.Double(value.AsDouble());
  } else if (value.IsString()) {
    writer.String(value.AsString().data(),
                  static_cast<rapidjson::SizeType>(value.AsString().size()));
  } else if (value.IsArray()) {
    writer.StartArray();
    for (const Value& item : value.AsArray()) Write(writer, item, sorted);
    writer.EndArray();
  } else {
    WriteObject(writer, value, sorted);
  }
}

std::string WriteCompact(const Value& value, bool sorted) {
  JsonBuffer buffer;
  rapidjson::Writer<JsonBuffer> writer(buffer);
  Write(writer, value, sorted);
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace

Result<Value> ParseJson(std::string_view text, const JsonLimits& limits) {
  if (auto passed = LimitPassed(text, limits)) return Error{ErrorKind::kTerminal, *passed};
  JsonDocument document;
  document.Parse<kParseFlags>(text.data(), text.size());
  if (document.HasParseError()) return Error{ErrorKind::kTerminal, ParseMessage(document)};
  Value value;
  std::string duplicate;
  if (!Convert(document, value, duplicate)) {
    return Error{ErrorKind::kTerminal, "JSON names member '" + duplicate + "' twice"};
  }
  return value;
}

std::string WriteJson(const Value& value) { return WriteCompact(value, false); }

std::string WriteSortedJson(const Value& value) { return WriteCompact(value, true); }

std::string WritePrettyJson(const Value& value) {
  JsonBuffer buffer;
  rapidjson::PrettyWriter<JsonBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  Write(writer, value, false);
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

}  // namespace reconciler
