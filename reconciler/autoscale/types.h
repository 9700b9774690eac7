// The types of the language and what its operators do with them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reconciler/autoscale/syntax.h"

namespace reconciler::autoscale {

enum class Type : std::uint8_t {
  kDouble,
  kVector,  // doubleVec
  kText,    // string
  kTimestamp,
  kInterval,  // timeinterval
  kOption,    // what $NodeDeallocationOption takes
  kNothing,   // stop()
  kUnknown,   // while checking: known at evaluation only
};

/// As the documentation spells it: "doubleVec".
std::string_view TypeName(Type type);

struct Operation {
  Type result = Type::kDouble;
  /// False: the documentation's table lacks it, though the meaning is plain.
  bool documented = true;
};

/// nullopt: there is no such operator. Source: "Operations" in the documentation of autoscaling.
std::optional<Operation> FindOperation(Operator op, Type left, Type right);
std::optional<Operation> FindOperation(Sign sign, Type operand);

/// "No operator '+' for string and double".
std::string NoOperatorText(Operator op, Type left, Type right);
/// "No operator '-' for string".
std::string NoOperatorText(Sign sign, Type operand);

}  // namespace reconciler::autoscale
