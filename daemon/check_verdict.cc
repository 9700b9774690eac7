#include "daemon/check_verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/batch/answer_text.h"
#include "reconciler/batch/errors.h"

namespace reconciler::daemon {
namespace {

/// A parameter of the query is named in the values of an error that it caused.
bool NamesApiVersion(const batch::ServiceError& service) {
  return std::any_of(service.values.begin(), service.values.end(),
                     [](const auto& value) { return value.second == "api-version"; });
}

}  // namespace

Verdict VerdictOf(const batch::Probe& probe) {
  if (!probe.failure) return Verdict::kGood;
  if (probe.answer.delivery != Delivery::kAnswered) return Verdict::kNoAnswer;
  const std::string& code = probe.service.code;
  const int status = probe.answer.status;
  if (batch::LacksPermission(code)) return Verdict::kPermission;
  if (probe.failure->kind == ErrorKind::kUnauthorized) return Verdict::kAuthentication;
  if (status == 403 && !code.empty()) return Verdict::kPermission;
  if (code == "UnsupportedRequestVersion" || (status == 400 && NamesApiVersion(probe.service))) {
    return Verdict::kApiVersion;
  }
  return Verdict::kService;
}

std::string AnswerText(const batch::Probe& probe) {
  const std::string text = batch::DescribeAnswer(probe.answer);
  const std::string id = Printable(HeaderOf(probe.answer, "request-id"), 64);
  return id.empty() ? text : fmt::format("{} (request {})", text, id);
}

}  // namespace reconciler::daemon
