#include "daemon/check.h"

#include <fmt/format.h>

#include <array>

namespace reconciler::daemon {

std::string_view SubjectName(CheckSubject subject) {
  constexpr std::array<std::string_view, 15> kNames = {
      "configuration", "state folder", "freeze",         "spec tree",  "secrets",
      "daemon",        "key",          "name",           "connection", "TLS",
      "service",       "clock",        "authentication", "permission", "api-version"};
  return kNames.at(static_cast<std::size_t>(subject));
}

std::string_view OutcomeName(CheckOutcome outcome) {
  constexpr std::array<std::string_view, 4> kNames = {"ok", "warning", "failed", "not tried"};
  return kNames.at(static_cast<std::size_t>(outcome));
}

bool CheckLines::Tries(CheckSubject subject) {
  if (!broken_by_) return true;
  lines_.push_back({.account = account_,
                    .subject = subject,
                    .outcome = CheckOutcome::kNotTried,
                    .detail = fmt::format("{} failed", SubjectName(*broken_by_))});
  return false;
}

void CheckLines::Ok(CheckSubject subject, std::string detail) {
  lines_.push_back({account_, subject, CheckOutcome::kOk, std::move(detail)});
}

void CheckLines::Warn(CheckSubject subject, std::string detail, std::string fix) {
  lines_.push_back({account_, subject, CheckOutcome::kWarning, std::move(detail), std::move(fix)});
}

void CheckLines::Fail(CheckSubject subject, std::string detail, std::string fix,
                      const ExitFacts& facts) {
  lines_.push_back(
      {account_, subject, CheckOutcome::kFailed, std::move(detail), std::move(fix), facts});
}

void CheckLines::Break(CheckSubject because_of) {
  if (!broken_by_) broken_by_ = because_of;
}

void CheckLines::Stop(CheckSubject subject, std::string detail, std::string fix,
                      const ExitFacts& facts) {
  Fail(subject, std::move(detail), std::move(fix), facts);
  Break(subject);
}

ExitFacts FactsOfChecks(const std::vector<CheckLine>& lines) {
  ExitFacts facts;
  for (const CheckLine& line : lines) facts |= line.facts;
  return facts;
}

}  // namespace reconciler::daemon
