// Reads members of one object of the service and remembers the first that is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/error.h"
#include "reconciler/core/time_text.h"
#include "reconciler/core/value.h"

namespace reconciler::batch {

/// An absent or null member of an optional kind gives the empty value. Dotted names go into
/// sub-objects. After the first wrong member the rest is read, and worthless.
class RowReader {
 public:
  /// `row` outlives the reader. `subject` stands in front of messages: "pool 'p1'".
  RowReader(const Value& row, std::string subject);

  std::string Text(std::string_view name);
  std::string RequiredText(std::string_view name);
  /// 0 or more, also as a string of digits.
  int Count(std::string_view name);
  int RequiredCount(std::string_view name);
  bool Flag(std::string_view name);
  std::optional<Instant> Time(std::string_view name);
  /// nullptr when absent.
  const Array* List(std::string_view name);
  const Value* Object(std::string_view name);

  void Fail(std::string_view name, std::string_view expected, std::string_view found);
  const std::optional<Error>& error() const { return error_; }

 private:
  const Value* Member(std::string_view name) const;
  const Value* Required(std::string_view name, std::string_view expected);
  int ToCount(std::string_view name, const Value* member);

  const Value& row_;
  std::string subject_;
  std::optional<Error> error_;
};

}  // namespace reconciler::batch
