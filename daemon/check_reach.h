// Whether an account can be reached: from its name to an answer of the service.
#pragma once

#include "daemon/check.h"
#include "daemon/check_account.h"

namespace reconciler::daemon {

/// Adds the lines name, connection, TLS, service. Where one failed the look may end there.
void AddReach(const AccountLook& look, CheckLines& lines);

}  // namespace reconciler::daemon
