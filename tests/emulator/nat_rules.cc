#include "tests/emulator/nat_rules.h"

#include <algorithm>
#include <set>
#include <vector>

#include "tests/emulator/http_text.h"
#include "tests/emulator/source_rules.h"

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

Broken CheckRange(const Json& pool, std::vector<std::pair<std::int64_t, std::int64_t>>& taken) {
  const std::int64_t start = *pool.Find("frontendPortRangeStart")->AsInteger();
  const std::int64_t end = *pool.Find("frontendPortRangeEnd")->AsInteger();
  const std::string shown = std::to_string(start) + "-" + std::to_string(end);
  if (end - start + 1 < 40) {
    return InvalidValue("frontendPortRangeEnd", shown, "The range must contain at least 40 ports");
  }
  if (start <= 55000 && end >= 50000) {
    return InvalidValue("frontendPortRangeStart", shown, "Ports from 50000 to 55000 are reserved");
  }
  for (const auto& [first, last] : taken) {
    if (start <= last && end >= first) {
      return InvalidValue("frontendPortRangeStart", shown, "Ranges of a pool must not overlap");
    }
  }
  taken.emplace_back(start, end);
  return std::nullopt;
}

bool IsAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Its length is checked with the table. Source: Batch REST, InboundNATPool.
bool ValidNatName(std::string_view name) {
  const bool signs = std::all_of(name.begin(), name.end(), [](char c) {
    return IsAlphanumeric(c) || c == '_' || c == '.' || c == '-';
  });
  return !name.empty() && signs && IsAlphanumeric(name.front()) &&
         (IsAlphanumeric(name.back()) || name.back() == '_');
}

Broken CheckName(const std::string& name, std::set<std::string>& taken) {
  if (!ValidNatName(name)) {
    return InvalidValue(
        "name", name,
        "The name of a NAT pool has letters, digits, underscores, periods and "
        "hyphens, begins with a letter or digit and ends with one or an underscore");
  }
  if (taken.insert(Lower(name)).second) return std::nullopt;
  return InvalidValue("name", name, "Names of NAT pools must be unique");
}

Broken CheckBackend(std::int64_t port, std::set<std::int64_t>& taken) {
  if (port != 29876 && port != 29877 && taken.insert(port).second) return std::nullopt;
  return InvalidValue("backendPort", std::to_string(port), "The port is reserved or used twice");
}

/// Of one NAT pool; the priorities of all of them are `taken`.
Broken CheckSecurityRules(const Json& pool, std::set<std::int64_t>& taken) {
  const Json* const rules = pool.Find("networkSecurityGroupRules");
  if (rules == nullptr) return std::nullopt;
  for (const Json& rule : *rules->AsList()) {
    const std::int64_t priority = *rule.Find("priority")->AsInteger();
    if (!taken.insert(priority).second) {
      return InvalidValue("priority", std::to_string(priority),
                          "Priorities must be unique in a pool");
    }
    if (auto broken = BrokenSourceRule(rule)) return broken;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ApiError> BrokenNatRule(const Json::List& pools) {
  std::set<std::string> names;
  std::set<std::int64_t> ports, priorities;
  std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
  for (const Json& pool : pools) {
    if (auto broken = CheckName(pool.Text("name"), names)) return broken;
    if (auto broken = CheckBackend(*pool.Find("backendPort")->AsInteger(), ports)) return broken;
    if (auto broken = CheckRange(pool, ranges)) return broken;
    if (auto broken = CheckSecurityRules(pool, priorities)) return broken;
  }
  constexpr std::size_t kRulesMax = 25;
  if (priorities.size() <= kRulesMax) return std::nullopt;
  return InvalidValue("networkSecurityGroupRules", std::to_string(priorities.size()),
                      "A pool must not have more than 25 rules");
}

}  // namespace emulator
