#include "daemon/check_account.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/check_reach.h"
#include "daemon/check_verdict.h"
#include "daemon/posix.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/property.h"

namespace reconciler::daemon {
namespace {

using std::chrono::seconds;

constexpr seconds kClockWorthAWord{60};
// Source: Batch REST, "Authenticate Requests to the Azure Batch service": a request must arrive
// within 15 minutes of its date.
constexpr seconds kClockRefused{900};

Verdict VerdictIn(const AccountLook& look) {
  return look.probe ? VerdictOf(*look.probe) : Verdict::kNoAnswer;
}

void AddKey(const AccountLook& look, CheckLines& lines) {
  if (look.key_problem.empty() && look.key_service) {
    return lines.Warn(CheckSubject::kKey, look.key_service->detail, look.key_service->fix);
  }
  const bool no_secret = look.key_location == SecretLocation{};
  if (look.key_problem.empty()) {
    return lines.Ok(CheckSubject::kKey, no_secret ? look.identity : PlaceOf(look.key_location));
  }
  const std::string_view what = look.identity.empty()
                                    ? "the key of the account, as the portal shows it,"
                                    : "what `auth` of the account names";
  lines.Fail(CheckSubject::kKey, look.key_problem,
             SecretFix(look.key_location, look.key_problem, what), {.invalid = true});
}

void AddClock(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kClock;
  if (!lines.Tries(subject)) return;
  if (!look.probe->clock_ahead) return lines.Ok(subject, "not known, the answer has no date");
  const seconds ahead = *look.probe->clock_ahead;
  const seconds off = std::chrono::abs(ahead);
  if (off <= kClockWorthAWord) {
    return lines.Ok(subject, fmt::format("{} s off the service's", off.count()));
  }
  const std::string skew = fmt::format("{} {} the service's", HumanDuration(off),
                                       ahead.count() > 0 ? "ahead of" : "behind");
  const std::string fix = "set the clock and keep it set: `timedatectl set-ntp true`";
  if (off < kClockRefused || VerdictIn(look) == Verdict::kGood) {
    return lines.Warn(subject, skew + "; the service refuses requests from 15 min on", fix);
  }
  lines.Stop(subject, skew + ", the service refuses requests from 15 min on", fix, {.auth = true});
}

void AddEntra(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kAuthentication;
  if (!look.sign_in_problem.empty()) {
    return lines.Stop(subject, look.sign_in_problem,
                      "mend `auth` of the account in the configuration, or the application or "
                      "identity that it names",
                      {.auth = true});
  }
  if (VerdictIn(look) != Verdict::kAuthentication) {
    return lines.Ok(subject, fmt::format("a token from {} is taken", look.identity));
  }
  lines.Stop(subject, AnswerText(*look.probe),
             fmt::format("give the identity a role on account '{}', such as Azure Batch Data "
                         "Contributor, and have the account allow Entra ID "
                         "(allowedAuthenticationModes: AAD)",
                         look.account),
             {.auth = true});
}

void AddAuthentication(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kAuthentication;
  if (!lines.Tries(subject)) return;
  if (!look.identity.empty()) return AddEntra(look, lines);
  if (VerdictIn(look) != Verdict::kAuthentication) {
    return lines.Ok(subject, fmt::format("the key is one of account '{}'", look.account));
  }
  lines.Stop(subject, AnswerText(*look.probe),
             fmt::format("put a current key of account '{}' (portal: Keys) into {}, and have the "
                         "account allow shared keys (allowedAuthenticationModes)",
                         look.account, PlaceOf(look.key_location)),
             {.auth = true});
}

void AddPermission(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kPermission;
  // The service looks at the version before it looks at what is asked for.
  if (VerdictIn(look) == Verdict::kApiVersion) lines.Break(CheckSubject::kApiVersion);
  if (!lines.Tries(subject)) return;
  if (VerdictIn(look) == Verdict::kGood) return lines.Ok(subject, "pools can be listed");
  const bool disabled = look.probe->service.code == "AccountIsDisabled";
  lines.Stop(subject, AnswerText(*look.probe),
             disabled ? "have the account and its subscription enabled again"
                      : "have it allowed: a role with data access to the account, such as Azure "
                        "Batch Data Contributor, and this host in the network rules of the account "
                        "(portal: Networking)",
             FactsOfError(*look.probe->failure));
}

/// The other versions that a configuration may name.
std::string VersionFix(const std::string& version) {
  std::vector<std::string> others;
  for (const Value& known : ConfigPropertyTable().Find("accounts[].batchApiVersion")->allowed) {
    if (known.AsString() != version) others.push_back(known.AsString());
  }
  return fmt::format("write another batchApiVersion for the account: {}", fmt::join(others, ", "));
}

void AddApiVersion(const AccountLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kApiVersion;
  if (VerdictIn(look) == Verdict::kApiVersion && look.key_problem.empty()) {
    return lines.Stop(subject, fmt::format("{}: {}", look.api_version, AnswerText(*look.probe)),
                      VersionFix(look.api_version), {.refused = true});
  }
  if (lines.Tries(subject)) lines.Ok(subject, look.api_version);
}

}  // namespace

std::string PlaceOf(const SecretLocation& location) {
  return location.credential.empty() ? location.file
                                     : fmt::format("credential '{}'", location.credential);
}

std::string SecretFix(const SecretLocation& location, std::string_view problem,
                      std::string_view what) {
  if (IsDenied(problem)) {
    return "run the command as root or as the user of the service; that others cannot read it is "
           "right";
  }
  if (location.credential.empty()) {
    return fmt::format(
        "put {} into {}, owned by root or by the user of the service, with mode 600, and ask as "
        "one of them",
        what, location.file);
  }
  return fmt::format(
      "put {} into a file that the unit loads as LoadCredential={}:FILE; by hand, as root, while "
      "the service runs: CREDENTIALS_DIRECTORY=/run/credentials/poolkeeper.service poolkeeper "
      "check",
      what, location.credential);
}

std::vector<CheckLine> LinesOf(const AccountLook& look) {
  CheckLines lines(look.account);
  AddKey(look, lines);
  AddReach(look, lines);
  AddClock(look, lines);
  if (!look.key_problem.empty()) lines.Break(CheckSubject::kKey);
  AddAuthentication(look, lines);
  AddPermission(look, lines);
  AddApiVersion(look, lines);
  return lines.Take();
}

}  // namespace reconciler::daemon
