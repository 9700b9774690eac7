// The parts of StateWriter and StateReader that are no templates.
#include <fmt/format.h>

#include "tests/emulator/state_reader.h"
#include "tests/emulator/state_writer.h"

namespace emulator {

void StateWriter::Name(std::string_view name) {
  if (out_.back() != '{') out_ += ',';
  AppendQuoted(out_, name);
  out_ += ':';
}

void StateWriter::EndList() {
  if (out_.back() == ',') {
    out_.back() = ']';
  } else {
    out_ += ']';
  }
}

void StateWriter::Put(std::int64_t value) { fmt::format_to(std::back_inserter(out_), "{}", value); }

void StateWriter::Put(Instant value) {
  if (value < kEarliest || value > kLatest)
    return Put(std::int64_t{value.time_since_epoch().count()});
  AppendQuoted(out_, FormatTime(value, 9));
}

StateWriter& StateWriter::Shared(std::string_view name, const std::shared_ptr<const Json>& value) {
  if (value == nullptr) return *this;
  const auto number = static_cast<std::int64_t>(shared_.size());
  const auto [at, added] = shared_.emplace(value.get(), number);
  if (added) {
    if (number > 0) shared_values_ += ',';
    AppendJson(shared_values_, *value);
  }
  Name(name);
  Put(at->second);
  return *this;
}

StateWriter& StateWriter::SharedValues(std::string_view name) {
  Name(name);
  out_ += '[' + shared_values_ + ']';
  return *this;
}

void StateReader::Fail(std::string_view expected) {
  if (problem_.empty()) problem_ = fmt::format("{}: expected {}", place_, expected);
}

StateReader& StateReader::Shared(std::string_view name, std::shared_ptr<const Json>& value) {
  std::optional<std::int64_t> number;
  (*this)(name, number);
  value.reset();
  if (!number) return *this;
  if (*number < 0 || *number >= static_cast<std::int64_t>(shared_.size())) {
    Fail(fmt::format("'{}' to be the number of a shared value", name));
  } else {
    value = shared_[static_cast<std::size_t>(*number)];
  }
  return *this;
}

StateReader& StateReader::SharedValues(std::string_view name) { return (*this)(name, shared_); }

const Json::List& StateReader::Items() {
  static const Json::List kNone;
  if (const Json::List* const list = from_->AsList()) return *list;
  Fail("a list");
  return kNone;
}

std::int64_t StateReader::Integer(std::int64_t min, std::int64_t max) {
  const std::int64_t* const value = from_->AsInteger();
  if (value != nullptr && *value >= min && *value <= max) return *value;
  Fail("a number");
  return 0;
}

void StateReader::Take(bool& value) {
  const bool* const flag = from_->AsBool();
  flag == nullptr ? Fail("true or false") : void(value = *flag);
}

void StateReader::Take(std::int64_t& value) {
  value =
      Integer(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

void StateReader::Take(std::uint64_t& value) {
  std::int64_t bits = 0;  // above 2^63 written as a negative number
  Take(bits);
  value = static_cast<std::uint64_t>(bits);
}

void StateReader::Take(std::uint32_t& value) {
  value = static_cast<std::uint32_t>(Integer(0, std::numeric_limits<std::uint32_t>::max()));
}

void StateReader::Take(std::string& value) {
  const std::string* const text = from_->AsString();
  text == nullptr ? Fail("a text") : void(value = *text);
}

void StateReader::Take(Instant& value) {
  if (const std::int64_t* const number = from_->AsInteger()) {
    value = Instant{Duration{*number}};
    return;
  }
  const std::string* const text = from_->AsString();
  const auto time = text == nullptr || text->empty() ? std::nullopt : ParseTime(*text);
  time ? void(value = *time) : Fail("a time");
}

void StateReader::Take(Duration& value) {
  std::int64_t count = 0;
  Take(count);
  value = Duration{count};
}

}  // namespace emulator
