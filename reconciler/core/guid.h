// Ids of requests.
#pragma once

#include <string>

#include "reconciler/core/ports.h"

namespace reconciler {

/// A GUID of version 4, "0f8fad5b-d9cb-469f-a165-70867728950e".
std::string NewGuid(Random& random);

}  // namespace reconciler
