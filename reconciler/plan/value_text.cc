#include "reconciler/plan/value_text.h"

#include <vector>

#include "reconciler/core/json.h"
#include "reconciler/plan/text_pieces.h"

namespace reconciler::plan {
namespace {

constexpr std::size_t kPlainColumnsMax = 60;

}  // namespace

std::string OneLine(std::string_view text, std::size_t columns_max) {
  const std::vector<std::string> pieces = PiecesOf(text);
  const std::size_t size = pieces.size();
  if (size <= columns_max) return JoinPieces(pieces, 0, size);
  const std::size_t room = columns_max > kCut.size() ? columns_max - kCut.size() : 0;
  const std::size_t tail = room / 3;
  return JoinPieces(pieces, 0, room - tail) + std::string(kCut) +
         JoinPieces(pieces, size - tail, size);
}

std::string PlainText(const Value& value) {
  if (value == Value("")) return "\"\"";
  return value.IsString() ? value.AsString() : WriteSortedJson(value);
}

std::string PlainValue(const std::optional<Value>& value) {
  if (!value || value->IsNull()) return std::string(kNoValue);
  return OneLine(PlainText(*value), kPlainColumnsMax);
}

std::string Ordinal(int number) {
  const int last_two = number % 100;
  const bool teens = last_two >= 11 && last_two <= 13;
  const int last = number % 10;
  const char* suffix = "th";
  if (!teens && last == 1) suffix = "st";
  if (!teens && last == 2) suffix = "nd";
  if (!teens && last == 3) suffix = "rd";
  return std::to_string(number) + suffix;
}

}  // namespace reconciler::plan
