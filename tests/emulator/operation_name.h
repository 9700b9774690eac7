// Which operation a request is, by its method and path: for fault plans and logs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emulator {

struct Operation {
  /// "listPools", "resizePool"; "other" for what is not in the list.
  std::string_view name = "other";
  /// Decoded; empty where the path names none.
  std::string pool, node;
  bool write = false;
  bool token = false;  // of the issuer, not of Batch
};
Operation OperationOf(std::string_view method, std::string_view target);

/// All names, in the order of deploy/emulator.md.
const std::vector<std::string_view>& OperationNames();

}  // namespace emulator
