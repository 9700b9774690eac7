// What the configuration says about reading specs.
#pragma once

#include "daemon/config.h"
#include "reconciler/spec/options.h"

namespace reconciler::daemon {

/// For a SpecLoader: the accounts with their api-versions, and the names of the secrets. Call it
/// with every account of the configuration, also when a command is limited to one: a spec of
/// another account is no error.
spec::LoadOptions LoadOptionsOf(const Config& config);

}  // namespace reconciler::daemon
