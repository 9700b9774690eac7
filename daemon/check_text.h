// The lines of `check` for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "daemon/check.h"
#include "daemon/terminal.h"
#include "reconciler/core/value.h"

namespace reconciler::daemon {

/// Lines that belong together: the program's own without a title, then one block per account.
struct CheckBlock {
  std::string title{};  // "account contoso   https://contoso.westeurope.batch.azure.com:443"
  std::vector<CheckLine> lines{};
};

/// One line per subject, aligned over all blocks; what to do stands below it. Long text is wrapped.
/// Ends with a line that counts.
std::string RenderChecks(const std::vector<CheckBlock>& blocks, const Screen& screen);

/// `findings`: those of the configuration, as `validate` writes them.
Value ChecksToJson(const std::vector<CheckBlock>& blocks, Array findings);

}  // namespace reconciler::daemon
