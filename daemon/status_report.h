// What `status` shows of all accounts: a value that a daemon hands over as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/error.h"
#include "reconciler/core/result.h"
#include "reconciler/core/value.h"
#include "reconciler/cycle/status.h"

namespace reconciler::daemon {

/// Why an account could not be observed.
struct AccountFailure {
  Error error;      // kind, message and status count
  Instant since{};  // of the first look in a row that failed
};

struct AccountStatus {
  std::string account;
  /// When the pool list was read completely for the last time; the epoch: never.
  Instant looked{};
  std::optional<Instant> next_look;       // nullopt: nobody looks again by itself
  std::optional<AccountFailure> failure;  // of the last look; `pools` are older then, or empty
  std::string parked;                     // why a guard stopped the plan; empty: none did
  std::size_t pools_of_specs = 0;
  std::vector<std::string> unmanaged;
  std::vector<cycle::PoolStatus> pools;  // sorted by name

  bool WasObserved() const { return looked != Instant{}; }
};

/// What is wrong with the daemon itself, whatever its pools are like.
struct DaemonProblem {
  Instant since{};
  std::string message;
};

struct StatusReport {
  // Of the daemon that made it; no pid: this process looked itself.
  std::int64_t pid = 0;
  std::string version;
  std::string owner;
  std::string source;
  Instant started{};

  Instant made{};
  std::vector<AccountStatus> accounts;
  std::vector<DaemonProblem> problems;  // each until it is over; of a daemon alone

  bool FromDaemon() const { return pid != 0; }
};

/// {"accounts": [...], "errors": [...], "formatVersion": "1", "pools": [...], "problems": [...],
/// "source": {...}}: schemas/status.output.schema.json.
Value StatusReportToJson(const StatusReport& report);
/// Errors: kTerminal, for a document that is not of this format; says where.
Result<StatusReport> StatusReportFromJson(const Value& document);

}  // namespace reconciler::daemon
