#include "reconciler/plan/cut_pair.h"

#include <algorithm>
#include <vector>

#include "reconciler/plan/text_pieces.h"

namespace reconciler::plan {
namespace {

using Pieces = std::vector<std::string>;

constexpr std::size_t kColumnsMin = 16;  // room for a beginning, a difference and an end

/// The line with what is around the place `first`.
std::string CutAround(const Pieces& pieces, std::size_t first, std::size_t columns_max) {
  const std::size_t size = pieces.size();
  if (size <= columns_max) return JoinPieces(pieces, 0, size);
  const std::size_t head = columns_max / 4;
  const std::size_t context = columns_max / 6;
  std::string line;
  std::size_t room = columns_max;
  std::size_t begin = 0;  // of what is around the difference
  if (first > head + kCut.size() + context) {
    line = JoinPieces(pieces, 0, head) + std::string(kCut);
    room -= head + kCut.size();
    begin = first - context;
  }
  if (size - begin <= room) return line + JoinPieces(pieces, begin, size);
  room -= kCut.size();
  const std::size_t tail = room / 4;
  return line + JoinPieces(pieces, begin, begin + room - tail) + std::string(kCut) +
         JoinPieces(pieces, size - tail, size);
}

}  // namespace

TextPair CutPair(std::string_view left, std::string_view right, std::size_t columns_max) {
  const Pieces left_pieces = PiecesOf(left);
  const Pieces right_pieces = PiecesOf(right);
  const auto differ = std::mismatch(left_pieces.begin(), left_pieces.end(), right_pieces.begin(),
                                    right_pieces.end());
  const auto first = static_cast<std::size_t>(differ.first - left_pieces.begin());
  const std::size_t whole = std::max(left_pieces.size(), right_pieces.size());
  std::size_t columns = std::max(columns_max, kColumnsMin);
  while (true) {
    TextPair pair{CutAround(left_pieces, first, columns), CutAround(right_pieces, first, columns)};
    if (pair.left != pair.right || columns >= whole) return pair;
    columns *= 2;
  }
}

}  // namespace reconciler::plan
