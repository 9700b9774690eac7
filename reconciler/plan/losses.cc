// The losses of the last hour as text for the state store.
#include "reconciler/core/json.h"
#include "reconciler/plan/guard.h"

namespace reconciler::plan {
namespace {

constexpr std::chrono::hours kWindow{1};

Error Unreadable(std::string message) {
  Error error;
  error.kind = ErrorKind::kTerminal;
  error.message = "losses of the last hour: " + std::move(message);
  return error;
}

std::optional<Loss> ReadLoss(const Value& item) {
  const Value* pool = item.Find("pool");
  const Value* nodes = item.Find("nodes");
  const std::optional<Instant> time = ParseTime(item.StringOr("time"));
  const bool whole = pool != nullptr && pool->IsString() && nodes != nullptr && nodes->IsInt() &&
                     nodes->AsInt() >= 0 && nodes->AsInt() <= INT32_MAX && time;
  if (!whole) return std::nullopt;
  Loss loss;
  loss.time = *time;
  loss.pool = pool->AsString();
  loss.incarnation = std::string(item.StringOr("incarnation"));
  loss.nodes = static_cast<int>(nodes->AsInt());
  loss.whole = item.BoolOr("whole", true);
  const std::int64_t before = item.IntOr("before", 0);
  loss.before = before > 0 && before <= INT32_MAX ? static_cast<int>(before) : 0;
  return loss;
}

}  // namespace

std::string WriteLosses(const std::vector<Loss>& losses) {
  Array items;
  for (const Loss& loss : losses) {
    items.push_back(Object{{"time", FormatTime(loss.time)},
                           {"pool", loss.pool},
                           {"incarnation", loss.incarnation},
                           {"nodes", loss.nodes},
                           {"whole", loss.whole},
                           {"before", loss.before}});
  }
  return WriteJson(Object{{"formatVersion", "1"}, {"losses", std::move(items)}});
}

Result<std::vector<Loss>> ReadLosses(std::string_view text, Instant now) {
  const Result<Value> document = ParseJson(text);
  if (!document) return Unreadable(document.error().message);
  const Value* items = document->Find("losses");
  if (document->StringOr("formatVersion") != "1" || items == nullptr || !items->IsArray()) {
    return Unreadable("not a list of formatVersion 1");
  }
  std::vector<Loss> losses;
  for (const Value& item : items->AsArray()) {
    std::optional<Loss> loss = ReadLoss(item);
    if (!loss) return Unreadable("an entry lacks its time, pool or nodes");
    if (loss->time + kWindow >= now) losses.push_back(std::move(*loss));
  }
  return losses;
}

}  // namespace reconciler::plan
