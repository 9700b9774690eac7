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
inline constexpr char kWellKnownIdentity[] = "33333333-3333-4333-8333-333333333333";
inline constexpr char kWellKnownObject[] = "44444444-4444-4444-8444-444444444444";
inline constexpr char kWellKnownResource[] =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo/providers/"
    "Microsoft.ManagedIdentity/userAssignedIdentities/demo";

enum class Role { kNone, kReader, kContributor };

/// What a caller may do, and on which accounts; none named: on all.
struct Grant {
  Role role = Role::kContributor;
  std::vector<std::string> accounts;
};

/// A token of another issuer that signs an application in.
struct FederatedCredential {
  std::string issuer, subject, audience = "api://AzureADTokenExchange";
  /// PEM: a public key or a certificate of that issuer.
  std::string key;
  /// Taken as it is, in place of the four above; empty: none.
  std::string token;
};

struct EntraApplication {
  std::string client_id;
  /// Empty: no secret opens this application.
  std::string secret;
  /// PEM, of RSA keys; several make a rotation.
  std::string certificates;
  std::vector<FederatedCredential> federated;
  Grant grant;
};

/// Without a resource id it is the one that the system assigned.
struct ManagedIdentity {
  std::string client_id, object_id, resource_id;
  Grant grant;
};

struct IssuerConfig {
  std::string tenant = kWellKnownTenant;
  std::chrono::milliseconds token_lifetime = std::chrono::hours{1};
  /// Sent as `refresh_in`; 0: not sent.
  std::chrono::milliseconds refresh_in{0};
  /// A certificate's assertion counts once. Entra ID is not known to check; some clients send one
  /// twice.
  bool reject_replayed_assertions = true;
  std::vector<EntraApplication> applications{{kWellKnownClient, kWellKnownSecret, {}, {}, {}}};
  std::vector<ManagedIdentity> identities{
      {kWellKnownIdentity, kWellKnownObject, kWellKnownResource, {}}};
  /// Statuses that the identity endpoint answers first, one a call.
  std::vector<int> identity_failures;
};

}  // namespace emulator
