#include "daemon/check_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/check_account.h"
#include "daemon/install_place.h"
#include "daemon/last_good_text.h"
#include "daemon/posix.h"
#include "daemon/session.h"
#include "reconciler/core/duration.h"

namespace reconciler::daemon {
namespace {

constexpr std::uint64_t kFreeWorthAWord = std::uint64_t{64} << 20U;
constexpr ExitFacts kInvalidFacts{.invalid = true};

std::string Counted(std::size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

bool HasErrors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.level == Finding::Level::kError;
  });
}

/// "2 errors, the first: render.yaml:3:5: unknown key 'vmsize'"; the first of the gravest.
std::string DescribeFindings(const std::vector<Finding>& findings) {
  const auto level = HasErrors(findings) ? Finding::Level::kError : Finding::Level::kWarning;
  const auto first = std::find_if(findings.begin(), findings.end(),
                                  [&](const Finding& finding) { return finding.level == level; });
  const std::string position = FormatPosition(first->position);
  return fmt::format("{}{}{}{}{}", CountFindings(findings),
                     findings.size() > 1 ? ", the first: " : ": ", position,
                     position.empty() ? "" : ": ", first->message);
}

void AddConfiguration(const ProgramLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kConfiguration;
  if (!look.accounts) {
    return lines.Stop(
        subject, fmt::format("{}: {}", look.config_file, CountFindings(look.findings)),
        fmt::format("mend what is shown, or name another file with --config FILE; {} is "
                    "an example",
                    ExampleConfigFile()),
        kInvalidFacts);
  }
  const std::string text =
      fmt::format("{}, {}", look.config_file, Counted(*look.accounts, "account"));
  if (look.config_service) {
    return lines.Warn(subject, look.config_service->detail, look.config_service->fix);
  }
  if (look.findings.empty()) return lines.Ok(subject, text);
  lines.Warn(subject, fmt::format("{}, {}", text, CountFindings(look.findings)),
             "mend what is shown");
}

std::string FreeText(const StateLook& state) {
  return state.free_bytes ? fmt::format(", {} free", HumanBytes(*state.free_bytes)) : "";
}

std::string StateFix(const StateLook& state) {
  if (state.problem->kind == ErrorKind::kTransient) {
    return fmt::format("make room on the disk of {} (`df -h -i {}`), or mend it", state.folder,
                       state.folder);
  }
  if (IsDenied(state.problem->message)) {
    return "run the command as root or as the user of the service, to whom the folder belongs";
  }
  return fmt::format(
      "give {} to the user of the service, with mode 700, on a disk that can be written",
      state.folder);
}

void AddState(const ProgramLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kStateFolder;
  const StateLook& state = look.state;
  if (!lines.Tries(subject)) return;
  if (state.problem) {
    return lines.Fail(
        subject, fmt::format("{}: {}{}", state.folder, state.problem->message, FreeText(state)),
        StateFix(state), {.error = true});
  }
  const std::string text = fmt::format(
      "{} {}{}", state.folder, state.exists ? "can be written" : "will be made", FreeText(state));
  if (state.free_bytes && *state.free_bytes < kFreeWorthAWord) {
    return lines.Warn(subject, text,
                      fmt::format("make room on the disk of {} before it is full", state.folder));
  }
  if (look.state_service) {
    return lines.Warn(subject, look.state_service->detail, look.state_service->fix);
  }
  lines.Ok(subject, text);
}

void AddFreeze(const StateLook& state, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kFreeze;
  if (!lines.Tries(subject)) return;
  if (state.freeze_files.empty()) return lines.Ok(subject, "none, pools may be written");
  const std::string files = fmt::format("{}", fmt::join(state.freeze_files, " "));
  if (state.freeze_hidden) {
    return lines.Warn(subject,
                      fmt::format("cannot be looked for, which counts as frozen: {}", files),
                      "ask as root, or as the user of the service");
  }
  lines.Warn(subject, fmt::format("no pool is written: {}", files),
             fmt::format("when pools may be written again: `rm {}`", files));
}

void AddSpecs(const ProgramLook& look, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kSpecTree;
  if (!lines.Tries(subject)) return;
  const SpecsLook& specs = look.specs;
  const std::string fix =
      fmt::format("`poolkeeper --config {} validate {}` shows all", look.config_file, specs.root);
  if (!specs.snapshot) {
    return lines.Fail(subject, fmt::format("{}: {}", specs.root, specs.problem), fix,
                      kInvalidFacts);
  }
  const SpecSnapshot& tree = *specs.snapshot;
  std::string text = fmt::format("{}, {}, {}", specs.root, Counted(tree.files, "file"),
                                 Counted(tree.pools.size(), "pool"));
  if (!tree.findings.empty()) text += ", " + DescribeFindings(tree.findings);
  if (!tree.complete || HasErrors(tree.findings)) {
    return lines.Fail(subject, text, fix, kInvalidFacts);
  }
  if (specs.service) {
    return lines.Warn(subject, fmt::format("{}; {}", text, specs.service->detail),
                      specs.service->fix);
  }
  if (!specs.last_good_problem.empty()) {
    return lines.Warn(subject, DescribeLastGoodProblem(look.state.folder, specs.last_good_problem),
                      LastGoodRemedy(specs.last_good_problem));
  }
  if (!tree.findings.empty()) return lines.Warn(subject, text, fix);
  lines.Ok(subject, text);
}

void AddSecrets(const std::vector<SecretLook>& secrets, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kSecrets;
  if (secrets.empty()) return;
  std::vector<const SecretLook*> bad;
  for (const SecretLook& secret : secrets) {
    if (!secret.problem.empty()) bad.push_back(&secret);
  }
  const std::string all = Counted(secrets.size(), "secret");
  if (bad.empty()) {
    for (const SecretLook& secret : secrets) {
      if (secret.service) return lines.Warn(subject, secret.service->detail, secret.service->fix);
    }
    return lines.Ok(subject, all + " can be read");
  }
  lines.Fail(subject,
             fmt::format("{} of {} cannot be read, the first: {}: {}", bad.size(), all,
                         bad.front()->name, bad.front()->problem),
             SecretFix(bad.front()->location, bad.front()->problem, "the secret"), kInvalidFacts);
}

/// A daemon that does not run is no failure: `apply` needs none.
void AddDaemon(const DaemonLook& daemon, CheckLines& lines) {
  const CheckSubject subject = CheckSubject::kDaemon;
  if (!lines.Tries(subject)) return;
  if (!daemon.refusal.empty()) {
    return lines.Warn(subject, daemon.refusal, daemon.refusal_fix);
  }
  if (daemon.pid == 0) {
    return lines.Ok(subject, fmt::format("none runs here, only `apply` acts ({})", daemon.places));
  }
  const std::string text = fmt::format("process {}, up {}", daemon.pid, HumanDuration(daemon.up));
  if (daemon.version == POOLKEEPER_VERSION) return lines.Ok(subject, text);
  lines.Warn(subject,
             fmt::format("{}, is version {}, this is {}", text, daemon.version, POOLKEEPER_VERSION),
             "restart the service");
}

}  // namespace

std::string HumanBytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  double shown = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (shown >= 1024 && unit + 1 < kUnits.size()) {
    shown /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", shown, kUnits.at(unit));
}

std::vector<CheckLine> LinesOf(const ProgramLook& look) {
  CheckLines lines;
  AddConfiguration(look, lines);
  AddState(look, lines);
  AddFreeze(look.state, lines);
  AddSpecs(look, lines);
  if (look.accounts) AddSecrets(look.secrets, lines);
  AddDaemon(look.daemon, lines);
  return lines.Take();
}

}  // namespace reconciler::daemon
