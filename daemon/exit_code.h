// What the exit code of a command says.
#pragma once

#include "reconciler/core/pool.h"
#include "reconciler/cycle/account_cycle.h"

namespace reconciler::daemon {

enum ExitCode : int {
  kExitDone = 0,
  kExitError = 1,        // of ours, or unclassified
  kExitRemains = 2,      // something remains to be done
  kExitAuth = 3,         // the service refused the credentials
  kExitRefused = 4,      // the service refused, or a resize ended with an error
  kExitBlocked = 5,      // nothing failed, and a person has to act
  kExitFrozen = 6,       // blocked by a freeze only
  kExitTimeout = 9,      // --timeout passed
  kExitUsage = 64,       // the command line is wrong
  kExitInvalid = 65,     // a spec or the configuration is wrong or cannot be read
  kExitInterrupt = 130,  // SIGINT
  kExitPipe = 141,       // nobody reads standard output any more
  kExitTerminate = 143,  // SIGTERM
};

/// What a command met; several may hold.
struct ExitFacts {
  bool usage = false;
  bool invalid = false;
  bool auth = false;
  bool refused = false;
  bool error = false;
  bool timeout = false;
  bool remains = false;
  bool blocked = false;
  bool frozen = false;

  ExitFacts& operator|=(const ExitFacts& other);
};
/// The first that holds of 64, 65, 3, 4, 1, 9, 2, 5, 6; else 0.
ExitCode ExitCodeOf(const ExitFacts& facts);

/// 65: an error in a spec, or a part of the tree that cannot be read.
ExitFacts FactsOfSpecs(const SpecSnapshot& specs);
/// Of `plan`: what was decided and not done. Only pools that `selected` names count; empty: all.
ExitFacts FactsOfPlan(const cycle::CycleReport& report, const std::vector<std::string>& selected);
/// Of `apply`: what was done and what is left.
ExitFacts FactsOfApply(const cycle::CycleReport& report, const std::vector<std::string>& selected);
/// Of one call's failure; none of one that was cancelled.
ExitFacts FactsOfError(const Error& error);

/// Ids without case; an empty selection holds every pool.
bool Selects(const std::vector<std::string>& selected, std::string_view pool);

/// The resize of a steady pool ended with an error.
bool IsResizeError(Reason reason);
/// The service said no to a call, and will say it again.
bool IsRefusal(Reason reason);

}  // namespace reconciler::daemon
