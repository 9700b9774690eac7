// JSON to structs, as state_fields.h describes them.
#pragma once

#include <array>
#include <limits>
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

/// What is absent becomes zero or empty.
class StateReader {
 public:
  static constexpr bool kReads = true;

  /// `from` outlives the reader.
  explicit StateReader(const Json& from) : from_(&from) {}

  /// The first thing that does not fit, with its place; empty: there is none.
  const std::string& problem() const { return problem_; }
  void Fail(std::string_view expected);

  template <class T>
  StateReader& operator()(std::string_view name, T& value) {
    const Json* const member = from_->Find(name);
    value = T{};
    if (member != nullptr) TakeAt(*member, name, value);
    return *this;
  }
  template <class Describe>
  StateReader& Group(std::string_view name, const Describe& describe) {
    static const Json kNothing{Json::Object{}};
    const Json* const member = from_->Find(name);
    Within(member == nullptr ? kNothing : *member, name, describe);
    return *this;
  }
  StateReader& Shared(std::string_view name, std::shared_ptr<const Json>& value);
  /// To be read before what shares them.
  StateReader& SharedValues(std::string_view name);

 private:
  /// Makes a member of the value at hand the value at hand.
  template <class Visit>
  void Within(const Json& member, std::string_view name, const Visit& visit) {
    const Json* const outer = std::exchange(from_, &member);
    const std::size_t size = place_.size();
    place_.append(place_.empty() ? "" : ".").append(name);
    visit();
    place_.resize(size);
    from_ = outer;
  }
  template <class T>
  void TakeAt(const Json& member, std::string_view name, T& value) {
    Within(member, name, [&] { Take(value); });
  }
  /// The items of a list; none where there is no list.
  const Json::List& Items();
  template <class T>
  T Item(std::size_t index) {
    T item{};
    TakeAt(Items()[index], std::to_string(index), item);
    return item;
  }
  template <class... Parts>
  void TakeParts(Parts&... parts) {
    if (Items().size() != sizeof...(parts)) return Fail("a list of another length");
    std::size_t index = 0;
    ((TakeAt(Items()[index], std::to_string(index), parts), ++index), ...);
  }
  std::int64_t Integer(std::int64_t min, std::int64_t max);

  void Take(bool& value);
  void Take(std::int64_t& value);
  void Take(std::uint64_t& value);
  void Take(std::uint32_t& value);
  void Take(std::string& value);
  void Take(Instant& value);
  void Take(Duration& value);
  void Take(Json& value) { value = *from_; }
  template <class T>
  void Take(std::optional<T>& value) {
    Take(value.emplace());
  }
  template <class T>
  void Take(std::shared_ptr<const T>& value) {
    auto made = std::make_shared<T>();
    Take(*made);
    value = std::move(made);
  }
  template <class T>
  void Take(std::vector<T>& value) {
    for (std::size_t i = 0; i < Items().size(); ++i) value.push_back(Item<T>(i));
  }
  template <class T>
  void Take(std::set<T>& value) {
    for (std::size_t i = 0; i < Items().size(); ++i) value.insert(Item<T>(i));
  }
  template <class T, std::size_t N>
  void Take(std::array<T, N>& value) {
    std::apply([this](auto&... parts) { this->TakeParts(parts...); }, value);
  }
  template <class A, class B>
  void Take(std::pair<A, B>& value) {
    TakeParts(value.first, value.second);
  }
  template <class... Parts>
  void Take(std::tuple<Parts...>& value) {
    std::apply([this](Parts&... parts) { TakeParts(parts...); }, value);
  }
  template <class T>
  void Take(std::map<std::string, T>& value) {
    if (from_->AsObject() == nullptr) return Fail("an object");
    for (const JsonMember& member : *from_->AsObject()) {
      TakeAt(member.value, member.name, value[member.name]);
    }
  }
  template <class T>
  void Take(T& value) {
    if constexpr (std::is_enum_v<T>) {
      const std::string* const text = from_->AsString();
      const auto& names = NamesOf(value);
      for (std::size_t i = 0; text != nullptr && i < names.size(); ++i) {
        if (names[i] == *text) return void(value = static_cast<T>(i));
      }
      Fail("one of its names");
    } else if (from_->AsObject() == nullptr) {
      Fail("an object");
    } else {
      Fields(*this, value);
    }
  }

  const Json* from_;
  std::string place_, problem_;
  std::vector<std::shared_ptr<const Json>> shared_;
};

}  // namespace emulator
