#include "daemon/pool_formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/file_tree.h"
#include "daemon/session.h"
#include "daemon/spec_options.h"
#include "reconciler/core/text.h"
#include "reconciler/spec/assemble.h"

namespace reconciler::daemon {
namespace {

constexpr std::string_view kKey = "autoScaleFormula";
constexpr std::string_view kPath = "spec.autoScaleFormula";

Error Unmet(std::string message) {
  return {.kind = ErrorKind::kInvalidSpec, .message = std::move(message)};
}

std::string FileOf(const Position& position) { return position.file ? *position.file : ""; }

/// A pool of the specs, good or not.
struct Named {
  std::string account, id;
  const PoolSpec* spec = nullptr;
  const UnreadableSpec* unreadable = nullptr;

  std::string Name() const { return account + "/" + id; }
};

std::vector<Named> AllPools(const SpecSnapshot& specs, std::string_view account) {
  std::vector<Named> pools;
  for (const PoolSpec& spec : specs.pools) pools.push_back({spec.account, spec.id, &spec, nullptr});
  for (const UnreadableSpec& spec : specs.unreadable) {
    pools.push_back({spec.account, spec.id, nullptr, &spec});
  }
  std::erase_if(pools, [&](const Named& pool) {
    return !account.empty() && !EqualFolded(pool.account, account);
  });
  return pools;
}

Error NoSuchPool(const std::vector<Named>& pools, std::string_view name) {
  std::vector<std::string> names;
  for (const Named& pool : pools) {
    names.push_back(name.find('/') == std::string_view::npos ? pool.id : pool.Name());
  }
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string near = NearestName(name, candidates);
  return Unmet(fmt::format("'{}' is neither a file nor a pool that a spec names{}", name,
                           near.empty() ? "" : " (did you mean '" + near + "'?)"));
}

/// Lines of the formula's own findings: those that it takes up, and the one of its key.
bool IsAbout(const Finding& finding, const PoolSpec& spec, const std::string& text) {
  const Position& place = spec.PositionOf(kKey);
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n')) + 1;
  return finding.path == kPath && FileOf(finding.position) == FileOf(place) &&
         finding.position.line >= place.line && finding.position.line <= place.line + lines;
}

/// Folder defaults may be what is wrong.
std::vector<Finding> FindingsOfFile(const SpecSnapshot& specs, const UnreadableSpec& spec) {
  std::vector<Finding> findings;
  for (const Finding& finding : specs.findings) {
    const bool of_defaults = finding.pools_hit > 0 && finding.path == kPath;
    if (of_defaults || FileOf(finding.position) == FileOf(spec.position)) {
      findings.push_back(finding);
    }
  }
  return findings;
}

spec::Assembled ReadSpecs(const Config& config) {
  DiskFileTree tree(config.specs);
  const TreeListing listing = tree.List();
  std::vector<std::string> texts;
  std::vector<spec::SpecFile> files;
  texts.reserve(listing.files.size());
  for (const FileStamp& stamp : listing.files) {
    auto bytes = tree.Read(stamp);
    if (!bytes) continue;  // it changed while it was read: whoever asks may ask again
    texts.push_back(std::move(*bytes));
    files.push_back({stamp.path, texts.back()});
  }
  return spec::AssembleSpecs({.files = std::move(files), .problems = listing.problems},
                             LoadOptionsOf(config));
}

}  // namespace

Result<PoolFormula> FormulaOf(const SpecSnapshot& specs, std::string_view name,
                              std::string_view account) {
  const std::vector<Named> pools = AllPools(specs, account);
  std::vector<Named> meant;
  for (const Named& pool : pools) {
    if (EqualFolded(pool.id, name) || EqualFolded(pool.Name(), name)) meant.push_back(pool);
  }
  if (meant.empty()) return NoSuchPool(pools, name);
  if (meant.size() > 1) {
    return Unmet(fmt::format("several pools are called '{}'; name '{}' or '{}'", name,
                             meant[0].Name(), meant[1].Name()));
  }
  const Named& pool = meant.front();
  if (pool.unreadable != nullptr) {
    auto findings = FindingsOfFile(specs, *pool.unreadable);
    const bool told = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
      return finding.level == Finding::Level::kError;
    });
    if (!told) return Unmet(fmt::format("pool '{}': {}", pool.Name(), pool.unreadable->problem));
    return PoolFormula{pool.Name(), FileOf(pool.unreadable->position), "", std::move(findings)};
  }
  const std::string text(pool.spec->body.StringOr(kKey));
  if (text.empty()) {
    return Unmet(fmt::format("{}:{}: pool '{}' has no autoScaleFormula",
                             FileOf(pool.spec->position), pool.spec->position.line, pool.Name()));
  }
  PoolFormula formula{pool.Name(), FileOf(pool.spec->PositionOf(kKey)), text, {}};
  for (const Finding& finding : specs.findings) {
    if (IsAbout(finding, *pool.spec, text)) formula.findings.push_back(finding);
  }
  return formula;
}

std::optional<PoolFormula> FindPoolFormula(CommandContext& context, const std::string& name) {
  int code = 0;
  const auto config = LoadConfigFor(context, code, KeyReading::kSkip);
  if (!config || !KnowsAccount(context, *config)) return std::nullopt;
  const spec::Assembled specs = ReadSpecs(*config);
  auto formula = FormulaOf(specs.snapshot, name, context.options.account);
  if (formula) return std::move(formula).value();
  if (!specs.snapshot.complete) PrintFindings(context.console, specs.snapshot.findings);
  PrintError(context.console, formula.error().message);
  return std::nullopt;
}

}  // namespace reconciler::daemon
