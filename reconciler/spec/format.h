// Spec files in their canonical form.
#pragma once

#include <optional>
#include <string>

#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/source.h"

namespace reconciler::spec {

/// The file with its members in the order of the table, words of enums spelled as there, and what
/// is short on one line. Comments stay with what they stand above or behind, and one empty line
/// where there were some. Reading the result gives the same values. Nothing, with findings, for
/// what cannot be read, or not be written so without losing anything; documents of another kind
/// stay as they are.
std::optional<std::string> FormatFile(const Source& source, FindingSink& sink);

}  // namespace reconciler::spec
