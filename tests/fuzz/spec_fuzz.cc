// Any bytes are read as spec, as folder defaults over a good pool, as configuration and as saved
// state: each ends, with a position in each message, and a good spec survives being saved.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "reconciler/spec/assemble.h"
#include "reconciler/spec/config_document.h"

namespace {

using reconciler::Finding;
using namespace reconciler::spec;

constexpr std::string_view kPool =
    "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: p}\nspec:\n  vmSize: a\n"
    "  virtualMachineConfiguration:\n    imageReference: {publisher: a, offer: b, sku: c}\n";

void Require(bool holds) {
  if (!holds) std::abort();
}

void RequirePositions(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    Require(finding.position.file != nullptr && finding.position.line > 0 &&
            finding.position.column > 0);
    Require(!finding.message.empty());
  }
}

void RequireStable(const AssembleInput& input, const LoadOptions& options) {
  const Assembled first = AssembleSpecs(input, options);
  RequirePositions(first.snapshot.findings);
  const std::string saved = WriteLastGood(first.good);
  const auto good = ParseLastGood(saved);
  Require(good.has_value());
  AssembleInput again = input;
  again.last_good = &*good;
  const Assembled second = AssembleSpecs(again, options);
  Require(second.snapshot.pools.size() >= first.snapshot.pools.size());
  Require(WriteLastGood(second.good) == saved);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(static_cast<const char*>(static_cast<const void*>(data)), size);
  LoadOptions options;
  options.accounts = {"contoso"};
  AssembleInput input;
  input.files = {{"a.yaml", bytes}, {"in/pool.yaml", kPool}};
  RequireStable(input, options);
  RequirePositions(ReadConfigDocument("c.yaml", bytes).findings);
  static_cast<void>(ParseLastGood(bytes));
  return 0;
}
