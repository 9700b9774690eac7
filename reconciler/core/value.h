// A small neutral tree that carries properties between YAML, JSON and the plan.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace reconciler {

class Value;
using Array = std::vector<Value>;
struct Member;
/// Members in the order in which they were written; names are unique.
using Object = std::vector<Member>;

class Value {
 public:
  Value();
  Value(std::nullptr_t);         // NOLINT(google-explicit-constructor)
  Value(bool value);             // NOLINT(google-explicit-constructor)
  Value(int value);              // NOLINT(google-explicit-constructor)
  Value(std::int64_t value);     // NOLINT(google-explicit-constructor)
  Value(double value);           // NOLINT(google-explicit-constructor)
  Value(const char* text);       // NOLINT(google-explicit-constructor)
  Value(std::string text);       // NOLINT(google-explicit-constructor)
  Value(std::string_view text);  // NOLINT(google-explicit-constructor)
  Value(Array items);            // NOLINT(google-explicit-constructor)
  Value(Object members);         // NOLINT(google-explicit-constructor)
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  bool IsNull() const { return data_.index() == 0; }
  bool IsBool() const { return data_.index() == 1; }
  bool IsInt() const { return data_.index() == 2; }
  bool IsDouble() const { return data_.index() == 3; }
  bool IsString() const { return data_.index() == 4; }
  bool IsArray() const { return data_.index() == 5; }
  bool IsObject() const { return data_.index() == 6; }

  // Throw std::bad_variant_access on a wrong guess; ask with Is... first.
  bool AsBool() const { return std::get<1>(data_); }
  std::int64_t AsInt() const { return std::get<2>(data_); }
  double AsDouble() const { return std::get<3>(data_); }
  const std::string& AsString() const { return std::get<4>(data_); }
  const Array& AsArray() const { return std::get<5>(data_); }
  Array& AsArray() { return std::get<5>(data_); }
  const Object& AsObject() const { return std::get<6>(data_); }
  Object& AsObject() { return std::get<6>(data_); }

  /// The member of that name; nullptr if absent or if this is no object.
  const Value* Find(std::string_view name) const;
  Value* Find(std::string_view name);
  /// Follows member names separated by dots ("startTask.commandLine"); nullptr if any is absent.
  const Value* FindPath(std::string_view dotted) const;
  Value* FindPath(std::string_view dotted);
  /// Replaces or appends a member; a null Value becomes an object first.
  Value& Set(std::string_view name, Value value);
  /// Removes the member; false if there was none.
  bool Erase(std::string_view name);

  // Lenient reads for answers of the service: the default where absent or of another type.
  std::string_view StringOr(std::string_view name, std::string_view fallback = {}) const;
  std::int64_t IntOr(std::string_view name, std::int64_t fallback) const;
  bool BoolOr(std::string_view name, bool fallback) const;

  /// "null", "boolean", "integer", "number", "string", "list", "object": the words of messages.
  std::string_view TypeName() const;

  /// Deep equality; object members in any order, list items in order. 1 and 1.0 differ.
  friend bool operator==(const Value& left, const Value& right);

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> data_;
};

struct Member {
  std::string name;
  Value value;
};

}  // namespace reconciler
