#include "tests/drift/drift_trial.h"

#include <fmt/format.h>

#include "reconciler/core/json.h"
#include "reconciler/plan/render.h"
#include "tests/cycle/keeper.h"

namespace drift {
namespace {

using reconciler::Object;
using reconciler::Value;

std::string PoolName(std::size_t index) { return fmt::format("p{}", index); }

const Value kAnyImage = Object{{"image", Object{{"allowUnverified", true}, {"allowEnded", true}}}};

std::string FindingsOf(const reconciler::SpecSnapshot& specs) {
  std::string text;
  for (const reconciler::Finding& finding : specs.findings) {
    if (finding.level == reconciler::Finding::Level::kError) {
      text += reconciler::FormatFinding(finding) + "\n";
    }
  }
  return text;
}

/// Plans that are not empty.
std::string PlansOf(const keeper::Keeper& keeper) {
  for (const auto& pool : keeper.last.plan.pools) {
    if (pool.HasWork() || pool.Differs() || !pool.kept.empty() || !pool.holds.empty()) {
      return keeper.PlanText();
    }
  }
  return "";
}

}  // namespace

std::string DocumentOf(std::size_t index, const Value& spec) {
  const Value document = Object{{"apiVersion", "poolkeeper/v1"},
                                {"kind", "Pool"},
                                {"metadata", Object{{"name", PoolName(index)}}},
                                {"spec", spec},
                                {"policy", kAnyImage}};
  return reconciler::WriteJson(document);
}

void FillSecrets(keeper::Keeper& keeper) {
  keeper.secrets.values = {{"text", "a secret"}, {"json", "{\"key\": \"a secret\"}"}};
}

std::string TryPools(const std::vector<Value>& specs, std::string_view api_version) {
  keeper::Settings settings;
  settings.api_version = api_version;
  keeper::Keeper keeper(settings);
  FillSecrets(keeper);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    keeper.tree.Write(PoolName(i) + ".yaml", DocumentOf(i, specs[i]));
  }
  keeper.Run();
  if (const std::string findings = FindingsOf(*keeper.specs); !findings.empty()) return findings;
  const bool ready = keeper.RunUntilReady();
  if (!ready) return "not Ready:\n" + keeper.PlanText();
  for (int more = 0; more < 2; ++more) {
    keeper.RunNow();
    if (const std::string plans = PlansOf(keeper); !plans.empty()) return plans;
  }
  const std::vector<std::string> writes = keeper.TakeWrites();
  if (writes.size() == specs.size()) return "";
  return fmt::format("{} writes for {} pools:\n{}", writes.size(), specs.size(),
                     fmt::join(writes, "\n"));
}

namespace {

/// What is wrong without its details, so that making smaller does not find something else.
std::string KindOf(std::string_view wrong) {
  if (!wrong.starts_with("p0.yaml")) {
    const std::size_t reason = wrong.find("Reason: ");
    return std::string(wrong.substr(0, wrong.find(' '))) +
           std::string(wrong.substr(std::min(reason, wrong.size()), 40));
  }
  const std::size_t path = wrong.find(": ");  // behind the position
  return std::string(wrong.substr(path, wrong.find_first_of(":[", path + 1) - path));
}

/// `whole` with one member or item below `part` left out, if that is still wrong in the same way.
bool LeaveOneOut(Value& whole, Value& part, std::string_view api_version, std::string_view kind) {
  if (part.IsObject()) {
    for (std::size_t i = 0; i < part.AsObject().size(); ++i) {
      const reconciler::Member left = part.AsObject()[i];
      part.AsObject().erase(part.AsObject().begin() + static_cast<std::ptrdiff_t>(i));
      if (KindOf(TryPools({whole}, api_version)) == kind) return true;
      part.AsObject().insert(part.AsObject().begin() + static_cast<std::ptrdiff_t>(i), left);
      if (LeaveOneOut(whole, part.AsObject()[i].value, api_version, kind)) return true;
    }
  }
  if (part.IsArray()) {
    for (std::size_t i = 0; i < part.AsArray().size(); ++i) {
      const Value left = part.AsArray()[i];
      part.AsArray().erase(part.AsArray().begin() + static_cast<std::ptrdiff_t>(i));
      if (KindOf(TryPools({whole}, api_version)) == kind) return true;
      part.AsArray().insert(part.AsArray().begin() + static_cast<std::ptrdiff_t>(i), left);
      if (LeaveOneOut(whole, part.AsArray()[i], api_version, kind)) return true;
    }
  }
  return false;
}

}  // namespace

Value Shrink(const Value& spec, std::string_view api_version) {
  Value smaller = spec;
  const std::string kind = KindOf(TryPools({spec}, api_version));
  while (LeaveOneOut(smaller, smaller, api_version, kind)) {
  }
  return smaller;
}

}  // namespace drift
