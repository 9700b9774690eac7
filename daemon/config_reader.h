// From the checked tree of the configuration document to the settings.
#pragma once

#include <string>

#include "daemon/config.h"
#include "reconciler/spec/config_document.h"
#include "reconciler/spec/source.h"

namespace reconciler::daemon {

/// Reads what is well-formed and adds to the document's findings what the schema cannot say:
/// addresses, accounts that collide, keys that cannot be read. What the schema reported already is
/// passed over in silence. Relative paths are relative to `folder`.
void ReadConfigTree(spec::ConfigDocument& document, const spec::Source& source,
                    const std::string& folder, KeyReading keys, Config& config);

}  // namespace reconciler::daemon
