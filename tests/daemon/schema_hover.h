// What an editor shows of a member of a document: the keyword markdownDescription of the schemas.
#pragma once

#include <string>
#include <string_view>

namespace reconciler::daemon {

/// The text of a schema with a markdownDescription behind each description that has more to say:
/// default, what a change costs, api-versions. Those that stood there are replaced; nothing else
/// changes. `kind`: whose members it describes, "Pool" or "Config".
std::string WithHovers(std::string_view kind, const std::string& schema);

}  // namespace reconciler::daemon
