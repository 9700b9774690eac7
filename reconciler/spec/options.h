// What the configuration says that specs are read by.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace reconciler::spec {

inline constexpr std::string_view kDefaultApiVersion = "2025-06-01";
/// Stands for the account where neither a spec nor a configuration names one.
inline constexpr std::string_view kUnnamedAccount = "default";

struct LoadOptions {
  std::vector<std::string> accounts{};  // names; empty: no configuration, every account passes
  /// Api-version of an account; unset: kDefaultApiVersion is assumed, and messages say so.
  std::function<std::string(std::string_view)> api_version_of{};
  std::function<bool(std::string_view)> knows_secret{};  // unset: every name passes
  /// Whether an account signs in with its shared key, which opens neither galleries nor subnets;
  /// unset: nothing is known, and both pass.
  std::function<bool(std::string_view)> uses_shared_key{};
  /// False: the state folder cannot be read, so nothing is known about last good specs.
  bool may_know_last_good = true;
  /// While last good specs are unknown, all pools are frozen as they are: whether defaults
  /// vanished, and what a spec said before it broke, cannot be told. For who acts without a person
  /// looking on.
  bool freeze_without_last_good = false;
};

}  // namespace reconciler::spec
