// What shall go wrong, and when.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tests/emulator/config_file.h"

namespace emulator {

struct Fault {
  enum class Kind {
    kStatus,         // an error instead of the answer
    kReset,          // the connection breaks without an answer
    kHang,           // nothing ever comes
    kTruncate,       // headers, half of the body, then the end
    kSlow,           // the answer comes in ten pieces over `time`
    kRefuse,         // reset, and nobody listens for `time`
    kHtml,           // 200 with a page of somebody else
    kInvalidJson,    // the answer without its last byte
    kStale,          // the answer that the same request got `time` ago or earlier
    kMissItem,       // the last item of a list is left out
    kRepeatItem,     // the first item of a list comes twice
    kHide,           // what a create made is not seen for `time`
    kClockSkew,      // the service's clock is off by `time`: its Date, and from 15 min on a refusal
    kChangeETag,     // the pool gets another ETag before the request is looked at
    kForeignResize,  // somebody resizes the pool before the request is looked at
  };
  Kind kind = Kind::kStatus;
  /// Of kStatus, kReset, kHang: the request is carried out all the same.
  bool applied = false;
  int status = 500;
  std::string code;                         // empty: the usual one of the status
  std::optional<std::int64_t> retry_after;  // seconds
  bool retry_after_as_date = false;
  std::chrono::milliseconds time{0};
  std::int64_t nodes = 0;  // of kForeignResize
};

struct FaultRule {
  /// Names of operations, "read", "write" and "any"; empty: any.
  std::vector<std::string> operations;
  /// With '*' and '?', without case; empty: any.
  std::string pool;
  int percent = 100;
  /// Of the matching calls, counted from 1.
  std::uint64_t first_call = 1;
  std::uint64_t last_call = std::numeric_limits<std::uint64_t>::max();
  Fault fault;
};

/// The first rule that strikes decides.
struct FaultPlan {
  std::uint64_t seed = 1;
  std::vector<FaultRule> rules;
};

/// Reads a plan (YAML). README.md lists the keys. An empty text is an empty plan.
std::variant<FaultPlan, ConfigError> ReadFaultPlan(const std::string& text,
                                                   const std::string& file_name);

}  // namespace emulator
