// Who signs in to Entra ID, where, and for what.
// Source: Microsoft identity platform, "OAuth 2.0 client credentials flow"; "How to use managed
// identities for Azure resources on an Azure VM to acquire an access token".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "reconciler/core/ports.h"
#include "reconciler/core/result.h"
#include "reconciler/core/secret.h"

namespace reconciler::entra {

enum class Flow : std::uint8_t {
  kClientSecret,
  kClientCertificate,
  kWorkload,  // a token of another issuer that the application trusts
  kManagedIdentity,
};

enum class AssertionAlgorithm : std::uint8_t { kPs256, kRs256 };

/// The clouds differ in where one signs in, and in the name of the Batch service.
struct Cloud {
  std::string_view name;       // "public", "usGov", "china"
  std::string_view authority;  // host
  std::string_view resource;   // with its slash at the end
};
/// nullptr for a name that is none of ours.
const Cloud* FindCloud(std::string_view name);
/// The cloud of an account by the end of its host, "contoso.westeurope.batch.azure.com"; the public
/// one for all hosts that are not known.
const Cloud& CloudOfHost(std::string_view host);

struct Identity {
  Flow flow = Flow::kClientSecret;
  /// Where tokens come from: the authority, or the endpoint of managed identities.
  Endpoint server;
  std::string resource;  // "https://batch.core.windows.net/"
  std::string tenant{};  // id or domain; not for managed identities
  std::string client_id{};
  AssertionAlgorithm algorithm = AssertionAlgorithm::kPs256;
  // A user-assigned identity by one of these or by client_id; none: the one of the machine.
  std::string object_id{};
  std::string resource_id{};
};

/// "Entra ID at login.microsoftonline.com as client 1234 of tenant contoso.com", for messages.
std::string Describe(const Identity& identity);

/// What proves the identity, read each time a token is asked for, so that a rotated one counts: the
/// client secret, the bytes of a certificate file, or the token of the other issuer.
using ProofReader = std::function<Result<Secret>()>;

/// http://169.254.169.254, where machines of Azure ask for their tokens.
Endpoint MachineIdentityEndpoint();

}  // namespace reconciler::entra
