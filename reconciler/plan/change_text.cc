#include "reconciler/plan/change_text.h"

#include <string>

#include "reconciler/core/json.h"
#include "reconciler/plan/secret_ref.h"
#include "reconciler/plan/value_text.h"

namespace reconciler::plan {
namespace {

constexpr std::size_t kPlainColumnsMax = 60;

using Write = std::string (*)(const Value&);

TextPair TextsOf(const Change& change, std::size_t columns_max, const Write& write) {
  if (change.sensitive) return {std::string(kSensitiveText), std::string(kSensitiveText)};
  const bool found = change.before && !change.before->IsNull();
  const bool stays = change.after && !change.after->IsNull();
  const std::optional<Value>& after = stays ? change.after : change.standard;
  TextPair pair = CutPair(found ? write(*change.before) : std::string(kNoValue),
                          after ? write(*after) : "(removed)", columns_max);
  if (!stays && after) pair.right += " (default)";
  return pair;
}

}  // namespace

TextPair RenderChange(const Change& change, std::size_t columns_max) {
  return TextsOf(change, columns_max, [](const Value& value) { return WriteSortedJson(value); });
}

TextPair PlainChange(const Change& change) {
  const TextPair plain = TextsOf(change, kPlainColumnsMax, PlainText);
  return plain.left == plain.right ? RenderChange(change, kPlainColumnsMax) : plain;
}

}  // namespace reconciler::plan
