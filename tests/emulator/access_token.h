// Access tokens: JSON web tokens that only this service can make and check (HS256).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/random.h"
#include "tests/emulator/time_text.h"

namespace emulator {

struct AccessClaims {
  std::string audience;
  std::string client_id;
  std::string tenant;
  /// Whole seconds.
  Instant issued{}, expires{};
};

class TokenMint {
 public:
  /// The secret is drawn from the seed: services of one seed take each other's tokens.
  explicit TokenMint(std::uint64_t seed) : secret_(Random(seed ^ 0x746f6b656eU).Hex64()) {}

  /// `id` makes two tokens of the same second differ.
  std::string Make(const AccessClaims& claims, const std::string& issuer,
                   const std::string& id) const;
  /// Nothing when the token was not made here or was changed. The expiry is the caller's to check.
  std::optional<AccessClaims> Read(std::string_view token) const;

 private:
  std::string Signature(std::string_view signed_part) const;

  std::string secret_;
};

/// Seconds since 1970, rounded down.
std::int64_t EpochSeconds(Instant instant);
Instant FromEpochSeconds(std::int64_t seconds);

}  // namespace emulator
