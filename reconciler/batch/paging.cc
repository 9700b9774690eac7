#include "reconciler/batch/paging.h"

#include <algorithm>
#include <array>

#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

constexpr std::array<std::string_view, 3> kShown = {"api-version", "maxresults", "$select"};

struct Parameter {
  std::string_view name;   // as written
  std::string_view value;  // as written
};

Parameter SplitParameter(std::string_view pair) {
  const std::size_t equals = std::min(pair.find('='), pair.size());
  return {pair.substr(0, equals), equals == pair.size() ? "" : pair.substr(equals + 1)};
}

}  // namespace

std::string PoolPath(std::string_view pool_id, std::string_view action) {
  std::string path = "/pools/" + PercentEncode(pool_id);
  if (!action.empty()) path.append("/").append(action);
  return path;
}

std::string NodePath(std::string_view pool_id, std::string_view node_id, std::string_view action) {
  std::string path = PoolPath(pool_id, "nodes") + '/' + PercentEncode(node_id);
  if (!action.empty()) path.append("/").append(action);
  return path;
}

std::string WithParameter(std::string target, std::string_view name, std::string_view value) {
  target += target.find('?') == std::string::npos ? '?' : '&';
  target.append(name).append("=").append(PercentEncode(value));
  return target;
}

std::optional<std::string> SkipToken(std::string_view next_link) {
  const std::size_t mark = next_link.find('?');
  if (mark == std::string_view::npos) return std::nullopt;
  std::string_view query = next_link.substr(mark + 1);
  query = query.substr(0, query.find('#'));
  for (const std::string_view pair : SplitText(query, '&')) {
    const Parameter parameter = SplitParameter(pair);
    const std::optional<std::string> name = PercentDecode(parameter.name);
    if (!name || !EqualFolded(*name, "$skiptoken")) continue;
    std::optional<std::string> token = PercentDecode(parameter.value);
    if (!token || token->empty()) return std::nullopt;
    return token;
  }
  return std::nullopt;
}

std::string RedactTarget(std::string_view target) {
  const std::size_t mark = target.find('?');
  std::string shown(target.substr(0, mark));
  if (mark == std::string_view::npos) return shown;
  char separator = '?';
  for (const std::string_view pair : SplitText(target.substr(mark + 1), '&')) {
    const Parameter parameter = SplitParameter(pair);
    const bool plain = std::any_of(kShown.begin(), kShown.end(), [&](std::string_view name) {
      return EqualFolded(parameter.name, name);
    });
    shown += separator;
    shown.append(parameter.name).append("=").append(plain ? parameter.value : "REDACTED");
    separator = '&';
  }
  return shown;
}

}  // namespace reconciler::batch
