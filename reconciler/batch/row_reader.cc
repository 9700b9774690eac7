#include "reconciler/batch/row_reader.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

#include "reconciler/batch/answer_text.h"

namespace reconciler::batch {
namespace {

constexpr std::size_t kShownMax = 60;

/// "string 'abc'", "integer -1", "list": enough to see what came, never a whole body.
std::string Found(const Value& value) {
  if (value.IsString()) return fmt::format("string '{}'", Printable(value.AsString(), kShownMax));
  if (value.IsInt()) return fmt::format("integer {}", value.AsInt());
  return std::string(value.TypeName());
}

}  // namespace

RowReader::RowReader(const Value& row, std::string subject)
    : row_(row), subject_(std::move(subject)) {}

void RowReader::Fail(std::string_view name, std::string_view expected, std::string_view found) {
  if (error_) return;
  error_ = Error{ErrorKind::kTransient, fmt::format("{}: property '{}': expected {}, found {}",
                                                    subject_, name, expected, found)};
}

const Value* RowReader::Member(std::string_view name) const {
  const Value* member = row_.FindPath(name);
  return member == nullptr || member->IsNull() ? nullptr : member;
}

const Value* RowReader::Required(std::string_view name, std::string_view expected) {
  const Value* member = Member(name);
  if (member == nullptr) Fail(name, expected, "nothing");
  return member;
}

std::string RowReader::Text(std::string_view name) {
  const Value* member = Member(name);
  if (member == nullptr) return {};
  if (member->IsString()) return member->AsString();
  Fail(name, "a string", Found(*member));
  return {};
}

std::string RowReader::RequiredText(std::string_view name) {
  if (Required(name, "a string") == nullptr) return {};
  std::string text = Text(name);
  if (text.empty()) Fail(name, "a string", "an empty one");
  return text;
}

int RowReader::ToCount(std::string_view name, const Value* member) {
  if (member == nullptr) return 0;
  std::int64_t number = -1;
  if (member->IsInt()) {
    number = member->AsInt();
  } else if (member->IsString()) {
    const std::string& text = member->AsString();
    const char* end = text.data() + text.size();
    if (const auto parsed = std::from_chars(text.data(), end, number);
        parsed.ec != std::errc{} || parsed.ptr != end) {
      number = -1;
    }
  }
  if (number < 0 || number > std::numeric_limits<int>::max()) {
    Fail(name, "a count", Found(*member));
    return 0;
  }
  return static_cast<int>(number);
}

int RowReader::Count(std::string_view name) { return ToCount(name, Member(name)); }

int RowReader::RequiredCount(std::string_view name) {
  return ToCount(name, Required(name, "a count"));
}

bool RowReader::Flag(std::string_view name) {
  const Value* member = Member(name);
  if (member == nullptr) return false;
  if (member->IsBool()) return member->AsBool();
  Fail(name, "true or false", Found(*member));
  return false;
}

std::optional<Instant> RowReader::Time(std::string_view name) {
  const std::string text = Text(name);
  if (text.empty()) return std::nullopt;
  const std::optional<Instant> time = ParseTime(text);
  if (!time) Fail(name, "a time", fmt::format("string '{}'", Printable(text, kShownMax)));
  return time;
}

const Array* RowReader::List(std::string_view name) {
  const Value* member = Member(name);
  if (member == nullptr) return nullptr;
  if (member->IsArray()) return &member->AsArray();
  Fail(name, "a list", Found(*member));
  return nullptr;
}

const Value* RowReader::Object(std::string_view name) {
  const Value* member = Member(name);
  if (member == nullptr || member->IsObject()) return member;
  Fail(name, "an object", Found(*member));
  return nullptr;
}

}  // namespace reconciler::batch
