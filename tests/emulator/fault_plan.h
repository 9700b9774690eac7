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
#include "tests/emulator/http_text.h"

namespace emulator {

/// What becomes of a member of each object that an answer shows.
struct MemberFault {
  enum class Act { kSet, kDrop, kTwice, kUpperCase };
  std::string name;  // dotted inside objects
  Act act = Act::kSet;
  std::string text;  // of kSet: JSON as it shall stand there, or no JSON
};

/// A real bucket: whoever finds it empty waits, and waits longer for having asked.
struct BucketFault {
  double tokens = 1, per_second = 1;
  std::chrono::milliseconds penalty{0};  // for each call that found it empty
};

struct Fault {
  enum class Kind {
    kKept,           // the answer as it is, but for headers, reason and text
    kStatus,         // an error instead of the answer
    kConnection,     // `word`: how the connection ends without a whole answer
    kRefuse,         // reset, and nobody listens for `time`
    kResetNew,       // reset, and so is each new connection for `time`
    kSlow,           // the answer comes in ten pieces over `time`
    kTrickle,        // `number` bytes a second
    kUpload,         // `word`: before the body of the request is read
    kHttp,           // `word`: an answer that is bad HTTP
    kBody,           // `word`: another body
    kCutBody,        // the first `number` bytes of the body, with a length that fits
    kMember,         // a member of the answer
    kList,           // `word`: another page
    kPageSize,       // at most `number` items a page
    kNextLink,       // `word`: where the next page is said to be
    kStale,          // the state of `time` ago
    kHide,           // what a write did is not seen for `time`
    kClockSkew,      // the service's clock is off by `time`
    kToken,          // `word`: what is wrong with the caller's token
    kETag,           // `word`: the pool gets another ETag first, or the answer shows another
    kForeignResize,  // somebody resizes the pool to `number` nodes first
    kForeign,        // `word`: what somebody does to the pool first
    kOutcome,        // `word`: the request is carried out never or twice
    kDrop,           // carried out, and undone after `time`
    kDuplicate,      // carried out now and once more after `time`
    kBucket,         // 429 while the bucket is empty
  };
  Kind kind = Kind::kStatus;
  std::string word;
  std::chrono::milliseconds time{0};
  std::int64_t number = 0;
  MemberFault member;
  BucketFault bucket;

  /// Of kStatus, kConnection and kRefuse: the request is carried out all the same, perhaps later.
  bool applied = false;
  std::optional<std::chrono::milliseconds> applied_after;

  int status = 500;
  std::string code;                      // empty: the usual one of the status
  std::optional<int> values;             // so many details
  bool gateway = false;                  // a page of a gateway in place of the error
  std::vector<std::string> retry_after;  // as they shall stand there
  std::optional<std::int64_t> retry_after_date, retry_after_ms;  // from now on
  /// Put into the answer in place of others of the name; no value: taken out.
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  std::optional<std::string> reason, text;
};

struct FaultRule {
  /// Names of operations, "read", "write" and "any"; empty: any.
  std::vector<std::string> operations;
  /// With '*' and '?', without case; empty: any.
  std::string pool, node, account, client_request_id, path;
  /// "active", "deleting", "steady", "resizing", "stopping", "absent"; empty: any.
  std::string phase;
  /// "first" or "next" page of a list; empty: any.
  std::string page;
  double percent = 100;
  bool per_connection = false;  // drawn once for each connection
  /// Of the matching calls, counted from 1.
  std::uint64_t first_call = 1;
  std::uint64_t last_call = std::numeric_limits<std::uint64_t>::max();
  /// Strikes no more often.
  std::uint64_t times = std::numeric_limits<std::uint64_t>::max();
  /// Of service time since the plan was given: strikes from `from` on, for `length`, then ever
  /// more seldom for `heals`.
  std::chrono::milliseconds from{0}, heals{0};
  std::optional<std::chrono::milliseconds> length;
  /// In place of the plan's seed and the rule's place.
  std::optional<std::uint64_t> seed;
  Fault fault;
};

/// The first rule that strikes decides.
struct FaultPlan {
  std::uint64_t seed = 1;
  std::vector<FaultRule> rules;
};

/// Reads a plan (YAML). deploy/emulator.md lists the keys. An empty text is an empty plan.
std::variant<FaultPlan, ConfigError> ReadFaultPlan(const std::string& text,
                                                   const std::string& file_name);

}  // namespace emulator
