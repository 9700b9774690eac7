#include "reconciler/plan/sku_name.h"

#include "reconciler/core/text.h"

namespace reconciler::plan {

bool MatchesPattern(std::string_view pattern, std::string_view text) {
  const std::string wanted = FoldCase(pattern);
  const std::string found = FoldCase(text);
  std::size_t w = 0;
  std::size_t f = 0;
  std::size_t star = std::string::npos;  // the last '*', which takes what lies before `resume`
  std::size_t resume = 0;
  while (f < found.size()) {
    if (w < wanted.size() && wanted[w] == '*') {
      star = w++;
      resume = f;
    } else if (w < wanted.size() && (wanted[w] == '?' || wanted[w] == found[f])) {
      ++w;
      ++f;
    } else if (star != std::string::npos) {
      w = star + 1;
      f = ++resume;
    } else {
      return false;
    }
  }
  while (w < wanted.size() && wanted[w] == '*') ++w;
  return w == wanted.size();
}

std::string ShapeOf(std::string_view sku) {
  std::string shape;
  for (const char c : FoldCase(sku)) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit || shape.empty() || shape.back() != '#') shape += digit ? '#' : c;
  }
  return shape;
}

}  // namespace reconciler::plan
