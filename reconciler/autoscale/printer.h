// A syntax tree as text.
#pragma once

#include <string>

#include "reconciler/autoscale/syntax.h"

namespace reconciler::autoscale {

/// One statement a line, each ended by a semicolon; parentheses only where they are needed.
/// Comments are gone. Reading the text again gives the same tree.
std::string Print(const Formula& formula);

}  // namespace reconciler::autoscale
