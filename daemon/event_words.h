// What the words mean that stand beside events and reasons: conditions, and what an error is.
#pragma once

#include <vector>

#include "daemon/event_page.h"

namespace reconciler::daemon {

std::vector<PageEntry> CauseEntries();
std::vector<PageEntry> ConditionEntries();
/// The words of `error` in the log, of "kind" in JSON, and of the column REASON of an account that
/// could not be read.
std::vector<PageEntry> ErrorEntries();

}  // namespace reconciler::daemon
