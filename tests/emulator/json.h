// A JSON value with ordered members, and its text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace emulator {

struct JsonMember;

class Json {
 public:
  using List = std::vector<Json>;
  using Object = std::vector<JsonMember>;

  // Defined below: they need JsonMember to be complete.
  Json();
  explicit Json(bool value);
  explicit Json(std::int64_t value);
  explicit Json(double value);
  explicit Json(std::string value);
  explicit Json(List value);
  explicit Json(Object value);
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(const Json& other);
  Json& operator=(Json&& other) noexcept;
  ~Json();

  bool IsNull() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* AsBool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* AsInteger() const { return std::get_if<std::int64_t>(&value_); }
  const double* AsDouble() const { return std::get_if<double>(&value_); }
  const std::string* AsString() const { return std::get_if<std::string>(&value_); }
  const List* AsList() const { return std::get_if<List>(&value_); }
  List* AsList() { return std::get_if<List>(&value_); }
  const Object* AsObject() const { return std::get_if<Object>(&value_); }
  Object* AsObject() { return std::get_if<Object>(&value_); }

  /// The member of an object; null when this is no object, the member is absent or null.
  const Json* Find(std::string_view name) const;
  /// Follows member names; null as soon as one is absent.
  const Json* At(std::initializer_list<std::string_view> path) const;
  /// The text of a string member, or an empty text.
  std::string Text(std::string_view name) const;
  /// Sets or adds a member; this must be an object.
  void Set(std::string_view name, Json value);
  void Remove(std::string_view name);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> value_;
};

struct JsonMember {
  std::string name;
  Json value;
};

inline Json::Json() = default;
inline Json::Json(bool value) : value_(value) {}
inline Json::Json(std::int64_t value) : value_(value) {}
inline Json::Json(double value) : value_(value) {}
inline Json::Json(std::string value) : value_(std::move(value)) {}
inline Json::Json(List value) : value_(std::move(value)) {}
inline Json::Json(Object value) : value_(std::move(value)) {}
inline Json::Json(const Json& other) = default;
inline Json::Json(Json&& other) noexcept = default;
inline Json& Json::operator=(const Json& other) = default;
inline Json& Json::operator=(Json&& other) noexcept = default;
inline Json::~Json() = default;

/// Strict JSON in UTF-8, not deeper than this; nothing when it is not.
std::optional<Json> ParseJson(std::string_view text, std::size_t depth_max = 64);
/// The byte, from 1, at which a text stops to be JSON; 0: it is JSON.
std::size_t JsonErrorAt(std::string_view text, std::size_t depth_max = 64);
/// Compact text, members in their order; what is parsed from it has the same text again.
void AppendJson(std::string& out, const Json& value);
std::string JsonText(const Json& value);
/// A quoted and escaped JSON string; bytes that are no UTF-8 become U+FFFD.
void AppendQuoted(std::string& out, std::string_view text);

}  // namespace emulator
