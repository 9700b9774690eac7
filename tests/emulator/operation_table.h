// Every operation: how it is called and asked, what its name is, and what does it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/request_context.h"

namespace emulator {

/// Decoded, in the order of the path.
using PathIds = std::vector<std::string>;

struct OperationRow {
  std::string_view name, method;
  /// Parts of the path; "*" is an id.
  std::string_view path;
  /// Query parameters beside api-version and timeout, separated by blanks.
  std::string_view query;
  /// Null: the issuer's part.
  Reply (*act)(const Context&, const PathIds&);
  /// api-version; empty: all.
  std::string_view since{};
};

/// In the order of deploy/emulator.md.
std::span<const OperationRow> OperationRows();

struct OperationMatch {
  /// Null: none of that method and path.
  const OperationRow* row = nullptr;
  PathIds ids;
  /// With another method there would be one.
  bool other_method = false;
};
/// `path` as encoded on the wire.
OperationMatch MatchOperation(std::string_view method, std::string_view path);

}  // namespace emulator
