// What a file must be before the YAML parser sees it.
#pragma once

#include <vector>

#include "reconciler/spec/finding_sink.h"
#include "reconciler/spec/source.h"

namespace reconciler::spec {

/// Reports an empty or too large file, NUL and other control characters, characters that turn the
/// direction of text, invalid UTF-8, lone carriage returns, tabs in indentation and directives.
/// The parser lets all of these pass or loses the position. True if the file may be parsed.
bool ScanBytes(const Source& source, FindingSink& sink);

}  // namespace reconciler::spec
