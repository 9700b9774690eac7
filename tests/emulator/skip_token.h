// The place where a page of a list starts, as a text that callers cannot make up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/http_text.h"

namespace emulator {

/// What a token is good for: the list of `target` in an account, asked for with the same
/// parameters. api-version and timeout may differ, as some clients put their own into links.
struct SkipScope {
  /// Services of one seed take each other's tokens, so a state may change the process.
  std::uint64_t seed;
  std::string_view account;
  const Target& target;
};

/// `after`: the key of the last item before the page.
std::string MakeSkipToken(const SkipScope& scope, std::string_view after);
/// The key; nothing when the token was not made for this.
std::optional<std::string> ReadSkipToken(const SkipScope& scope, std::string_view token);
/// The key, whatever the token was made for; nothing when it is none.
std::optional<std::string> KeyInSkipToken(std::string_view token);

}  // namespace emulator
