// The log of all requests, one JSON object a line, and its replay.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tests/emulator/fault_plan.h"
#include "tests/emulator/service.h"

namespace emulator {

/// With the newline. Neither Authorization nor what in a body is secret comes into it: passwords,
/// keys, tokens and values of environment settings are blanked, a body that is no JSON object is
/// left out. `fault`: the place of the rule that struck, from 0.
std::string LogLine(const Request& request, const Response& answer, Instant now,
                    std::optional<std::size_t> fault);

struct LoggedCall {
  Instant at;
  Request request;
  int status = 0;
  bool replayed = true;  // false: a token, or a caller who was refused
};
std::variant<std::vector<LoggedCall>, ConfigError> ReadLog(const std::string& text,
                                                           const std::string& file_name);

/// Sends the calls to a fresh service, each at its time and unsigned; a line for each answer of
/// another status than in the log.
std::vector<std::string> Replay(const std::vector<LoggedCall>& calls, ServiceConfig config,
                                FaultPlan plan);

}  // namespace emulator
