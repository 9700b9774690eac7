#include "reconciler/core/value.h"

#include <algorithm>

namespace reconciler {

Value::Value() : data_(nullptr) {}
Value::Value(std::nullptr_t) : data_(nullptr) {}
Value::Value(bool value) : data_(value) {}
Value::Value(int value) : data_(std::int64_t{value}) {}
Value::Value(std::int64_t value) : data_(value) {}
Value::Value(double value) : data_(value) {}
Value::Value(const char* text) : data_(std::string(text)) {}
Value::Value(std::string text) : data_(std::move(text)) {}
Value::Value(std::string_view text) : data_(std::string(text)) {}
Value::Value(Array items) : data_(std::move(items)) {}
Value::Value(Object members) : data_(std::move(members)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

const Value* Value::Find(std::string_view name) const {
  if (!IsObject()) return nullptr;
  const Object& members = AsObject();
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.name == name; });
  return found == members.end() ? nullptr : &found->value;
}

Value* Value::Find(std::string_view name) {
  if (!IsObject()) return nullptr;
  Object& members = AsObject();
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const Member& member) { return member.name == name; });
  return found == members.end() ? nullptr : &found->value;
}

const Value* Value::FindPath(std::string_view dotted) const {
  const Value* at = this;
  while (at != nullptr) {
    const std::size_t dot = dotted.find('.');
    at = at->Find(dotted.substr(0, dot));
    if (dot == std::string_view::npos) return at;
    dotted.remove_prefix(dot + 1);
  }
  return nullptr;
}

Value* Value::FindPath(std::string_view dotted) {
  return const_cast<Value*>(std::as_const(*this).FindPath(dotted));
}

Value& Value::Set(std::string_view name, Value value) {
  if (IsNull()) data_ = Object{};
  if (Value* present = Find(name)) return *present = std::move(value);
  return AsObject().emplace_back(Member{std::string(name), std::move(value)}).value;
}

bool Value::Erase(std::string_view name) {
  if (!IsObject()) return false;
  return std::erase_if(AsObject(), [&](const Member& member) { return member.name == name; }) > 0;
}

std::string_view Value::StringOr(std::string_view name, std::string_view fallback) const {
  const Value* member = Find(name);
  return member != nullptr && member->IsString() ? std::string_view(member->AsString()) : fallback;
}

std::int64_t Value::IntOr(std::string_view name, std::int64_t fallback) const {
  const Value* member = Find(name);
  return member != nullptr && member->IsInt() ? member->AsInt() : fallback;
}

bool Value::BoolOr(std::string_view name, bool fallback) const {
  const Value* member = Find(name);
  return member != nullptr && member->IsBool() ? member->AsBool() : fallback;
}

std::string_view Value::TypeName() const {
  constexpr std::string_view kNames[] = {"null",   "boolean", "integer", "number",
                                         "string", "list",    "object"};
  return kNames[data_.index()];
}

namespace {

bool SameMembers(const Object& left, const Value& right) {
  if (left.size() != right.AsObject().size()) return false;
  return std::all_of(left.begin(), left.end(), [&](const Member& member) {
    const Value* other = right.Find(member.name);
    return other != nullptr && *other == member.value;
  });
}

}  // namespace

bool operator==(const Value& left, const Value& right) {
  if (left.data_.index() != right.data_.index()) return false;
  if (left.IsObject()) return SameMembers(left.AsObject(), right);
  if (left.IsArray()) return left.AsArray() == right.AsArray();
  return left.IsNull() || (left.IsBool() && left.AsBool() == right.AsBool()) ||
         (left.IsInt() && left.AsInt() == right.AsInt()) ||
         (left.IsDouble() && left.AsDouble() == right.AsDouble()) ||
         (left.IsString() && left.AsString() == right.AsString());
}

}  // namespace reconciler
