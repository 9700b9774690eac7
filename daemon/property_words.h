// What a row of the property table says, in words; each empty where there is nothing to say.
#pragma once

#include <string>
#include <vector>

#include "daemon/property_place.h"

namespace reconciler::daemon {

/// "text", "list of objects", "text or {secretRef: name}".
std::string TypeWords(const PropertyNode& row);
/// The same in at most 15 columns, for tables.
std::string ShortTypeWords(const PropertyNode& row);
/// "none, readonly, readwrite (case does not matter)"; values with a first version name it.
std::string ValueWords(const PropertyNode& row);
/// "1 to 64 characters", "0 to 63", "at most 10 items".
std::string LimitWords(const PropertyNode& row);
/// " (since 2025-06-01)": its own bounds, for tables.
std::string VersionMark(const PropertyNode& row);
/// "yes", "no", "exactly one of httpUrl, storageContainerUrl", "with httpUrl".
std::string RequiredWords(const PropertyPlace& place);
/// The value that an absent member stands for; "nothing" where it is absent in an answer, too.
std::string DefaultWords(const PropertyPlace& place);
/// How a spec and a live pool compare.
std::string CompareWords(const PropertyNode& row);
/// One line for each cost, the newest first.
std::vector<std::string> CostWords(const PropertyNode& row);
std::string CostMeaning(Cost cost);
std::string SecretWords(const PropertyNode& row);
/// One line for each: "file by URL: httpUrl, filePath, [fileMode]", what may be left out in
/// brackets.
std::vector<std::string> AlternativeWords(const PropertyNode& row);

}  // namespace reconciler::daemon
