// Whether the account has the application packages that a plan would write.
#pragma once

#include "reconciler/cycle/pass.h"

namespace reconciler::cycle {

/// If the plan of any selected pool writes package references, asks for the applications of the
/// account and decides about these pools again. Where the list cannot be had, or is empty, the
/// service is left to say what it thinks of them: an account whose packages cannot be seen is no
/// reason to hold anything.
void CheckPackages(Pass& pass);

}  // namespace reconciler::cycle
