// Which operation a request is: for fault plans and logs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/service.h"

namespace emulator {

struct Operation {
  /// "listPools", "resizePool"; "other" for what is not in the table.
  std::string_view name = "other";
  /// Decoded; of a create, the one in its body; empty where none is named.
  std::string pool;
  std::string node;
  bool write = false;
  bool token = false;  // of the issuer, not of Batch
};
Operation OperationOf(const Request& request);

/// All names, in the order of deploy/emulator.md.
const std::vector<std::string_view>& OperationNames();

}  // namespace emulator
