// Structs to JSON text, as state_fields.h describes them.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/emulator/json.h"
#include "tests/emulator/time_text.h"

namespace emulator {

/// Leaves out what is zero or empty. Times are exact to the nanosecond.
class StateWriter {
 public:
  static constexpr bool kReads = false;

  /// Everything is within one object.
  std::string Finish() { return out_ + '}'; }

  template <class T>
  StateWriter& operator()(std::string_view name, const T& value) {
    if (IsEmpty(value)) return *this;
    Name(name);
    Put(value);
    return *this;
  }
  /// An object whose members `describe` names.
  template <class Describe>
  StateWriter& Group(std::string_view name, const Describe& describe) {
    Name(name);
    out_ += '{';
    describe();
    out_ += '}';
    return *this;
  }
  /// A value that many share is written once.
  StateWriter& Shared(std::string_view name, const std::shared_ptr<const Json>& value);
  /// Those, in the order of their numbers.
  StateWriter& SharedValues(std::string_view name);

 private:
  template <class T>
  static bool IsEmpty(const T& value) {
    if constexpr (requires { value.empty(); }) {
      return value.empty();
    } else if constexpr (requires { value.has_value(); }) {
      return !value.has_value();
    } else if constexpr (std::is_same_v<T, Json>) {
      return value.IsNull();
    } else if constexpr (requires { value == T{}; }) {
      return value == T{};
    } else {
      return false;
    }
  }

  void Name(std::string_view name);
  /// Ends a list whose items are followed by commas.
  void EndList();
  template <class... Items>
  void PutItems(const Items&... items) {
    out_ += '[';
    ((Put(items), out_ += ','), ...);
    EndList();
  }
  template <class List>
  void PutAll(const List& items) {
    out_ += '[';
    for (const auto& item : items) {
      Put(item);
      out_ += ',';
    }
    EndList();
  }

  void Put(bool value) { out_ += value ? "true" : "false"; }
  void Put(std::int64_t value);
  void Put(std::uint64_t value) { Put(static_cast<std::int64_t>(value)); }
  void Put(std::uint32_t value) { Put(std::int64_t{value}); }
  void Put(const std::string& value) { AppendQuoted(out_, value); }
  /// As a number where it is out of reach of dates, as kNever is.
  void Put(Instant value);
  void Put(Duration value) { Put(std::int64_t{value.count()}); }
  void Put(const Json& value) { AppendJson(out_, value); }
  template <class T>
  void Put(const std::optional<T>& value) {
    Put(*value);
  }
  template <class T>
  void Put(const std::shared_ptr<T>& value) {
    Put(*value);
  }
  template <class T>
  void Put(const std::vector<T>& value) {
    PutAll(value);
  }
  template <class T>
  void Put(const std::set<T>& value) {
    PutAll(value);
  }
  template <class T, std::size_t N>
  void Put(const std::array<T, N>& value) {
    PutAll(value);
  }
  template <class A, class B>
  void Put(const std::pair<A, B>& value) {
    PutItems(value.first, value.second);
  }
  template <class... Items>
  void Put(const std::tuple<Items...>& value) {
    std::apply([this](const Items&... items) { PutItems(items...); }, value);
  }
  template <class T>
  void Put(const std::map<std::string, T>& value) {
    out_ += '{';
    for (const auto& [key, item] : value) {
      Name(key);
      Put(item);
    }
    out_ += '}';
  }
  template <class T>
  void Put(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      AppendQuoted(out_, NamesOf(value).at(static_cast<std::size_t>(value)));
    } else {
      out_ += '{';
      Fields(*this, const_cast<T&>(value));  // a writer changes nothing
      out_ += '}';
    }
  }

  std::string out_ = "{";
  std::map<const Json*, std::int64_t> shared_;
  std::string shared_values_;
};

}  // namespace emulator
