// What `check` has to say: one line per thing that must work, each with what to do about it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/exit_code.h"

namespace reconciler::daemon {

/// In the order of the lines: first what holds for the whole program, then what each account needs.
enum class CheckSubject : std::uint8_t {
  kConfiguration,
  kStateFolder,
  kFreeze,
  kSpecTree,
  kSecrets,
  kDaemon,
  kKey,
  kName,
  kConnection,
  kTls,
  kService,
  kClock,
  kAuthentication,
  kPermission,
  kApiVersion,
};
/// "state folder", "TLS"
std::string_view SubjectName(CheckSubject subject);

enum class CheckOutcome : std::uint8_t { kOk, kWarning, kFailed, kNotTried };
/// "ok", "warning", "failed", "not tried"
std::string_view OutcomeName(CheckOutcome outcome);

struct CheckLine {
  std::string account{};  // empty: holds for the whole program
  CheckSubject subject = CheckSubject::kConfiguration;
  CheckOutcome outcome = CheckOutcome::kOk;
  std::string detail{};
  std::string fix{};  // what to do about a warning or a failure; empty for others
  ExitFacts facts{};  // of a failure
};

/// Lines in the making: once one has broken the chain, those behind it are not tried.
class CheckLines {
 public:
  explicit CheckLines(std::string account = "") : account_(std::move(account)) {}

  /// False, and a line that says why, where the chain is broken.
  bool Tries(CheckSubject subject);

  void Ok(CheckSubject subject, std::string detail);
  void Warn(CheckSubject subject, std::string detail, std::string fix);
  void Fail(CheckSubject subject, std::string detail, std::string fix, const ExitFacts& facts);
  /// The first break counts.
  void Break(CheckSubject because_of);
  /// Fails, and breaks the chain.
  void Stop(CheckSubject subject, std::string detail, std::string fix, const ExitFacts& facts);

  std::vector<CheckLine> Take() { return std::move(lines_); }

 private:
  std::string account_;
  std::optional<CheckSubject> broken_by_;
  std::vector<CheckLine> lines_;
};

/// All that the failures met.
ExitFacts FactsOfChecks(const std::vector<CheckLine>& lines);

}  // namespace reconciler::daemon
