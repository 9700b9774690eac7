#include <algorithm>
#include <limits>

#include "reconciler/core/digest.h"
#include "reconciler/core/duration.h"
#include "reconciler/core/json.h"
#include "reconciler/plan/canonical.h"
#include "reconciler/plan/prepared.h"

namespace reconciler::plan {
namespace {

// The service's default. Batch REST, "Pool - Add": autoScaleEvaluationInterval.
constexpr std::string_view kIntervalDefault = "PT15M";

/// The target that a member names: null means 0; nullopt: it is not named.
std::optional<int> ReadTarget(const Value& body, std::string_view name) {
  const Value* member = body.Find(name);
  if (member == nullptr) return std::nullopt;
  const std::int64_t target = IntegerOf(*member).value_or(0);
  constexpr std::int64_t kMax = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp<std::int64_t>(target, 0, kMax));
}

std::string ReadInterval(const Value& body) {
  const std::string text(body.StringOr("autoScaleEvaluationInterval", kIntervalDefault));
  const std::optional<Ticks> interval = ParseIsoDuration(text);
  return interval ? FormatIsoDuration(*interval) : text;
}

Value OptionalNumber(const std::optional<int>& number) { return number ? Value(*number) : Value(); }

std::string DigestOf(const ScaleSpec& scale) {
  const Array parts{static_cast<int>(scale.kind),
                    OptionalNumber(scale.dedicated),
                    OptionalNumber(scale.low_priority),
                    scale.formula,
                    scale.interval,
                    scale.keeps_auto_scale_off};
  return ShortDigest(WriteJson(parts), 16);
}

}  // namespace

ScaleSpec ReadScale(const Value& spec_body) {
  ScaleSpec scale;
  scale.resize_timeout = spec_body.StringOr("resizeTimeout");
  if (spec_body.BoolOr("enableAutoScale", false)) {
    scale.kind = ScaleKind::kAuto;
    scale.formula = spec_body.StringOr("autoScaleFormula");
    scale.interval = ReadInterval(spec_body);
  } else {
    scale.dedicated = ReadTarget(spec_body, "targetDedicatedNodes");
    scale.low_priority = ReadTarget(spec_body, "targetLowPriorityNodes");
    const bool fixed = scale.dedicated || scale.low_priority;
    if (fixed) scale.kind = ScaleKind::kFixed;
    scale.keeps_auto_scale_off = !fixed && spec_body.Find("enableAutoScale") != nullptr;
  }
  scale.digest = DigestOf(scale);
  return scale;
}

}  // namespace reconciler::plan
