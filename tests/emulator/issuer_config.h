// Who gets bearer tokens from the built-in issuer, and what they may do.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace emulator {

/// Documented to everybody on purpose. Never use them for anything else.
inline constexpr char kWellKnownTenant[] = "11111111-1111-4111-8111-111111111111";
inline constexpr char kWellKnownClient[] = "22222222-2222-4222-8222-222222222222";
inline constexpr char kWellKnownSecret[] = "public-secret-for-tests-only";

enum class Role { kNone, kReader, kContributor };

/// What a caller may do, and on which accounts; none named: on all.
struct Grant {
  Role role = Role::kContributor;
  std::vector<std::string> accounts;
};

struct EntraApplication {
  std::string client_id;
  /// Empty: no secret opens this application.
  std::string secret;
  Grant grant;
};

struct IssuerConfig {
  std::string tenant = kWellKnownTenant;
  std::chrono::milliseconds token_lifetime = std::chrono::hours{1};
  /// Sent as `refresh_in`; 0: not sent.
  std::chrono::milliseconds refresh_in{0};
  std::vector<EntraApplication> applications{{kWellKnownClient, kWellKnownSecret, {}}};
};

}  // namespace emulator
