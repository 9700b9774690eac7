#include "daemon/auth_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>
#include <vector>

#include "daemon/endpoint.h"

namespace reconciler::daemon {
namespace {

using entra::Flow;
using entra::Identity;

struct Way {
  std::string_view name;
  std::optional<Flow> flow;  // nullopt: a shared key
  std::string_view proof;    // member that says where the secret is; empty: the way itself, or none
};
constexpr std::array<Way, 5> kWays = {
    {{"sharedKey", std::nullopt, ""},
     {"clientSecret", Flow::kClientSecret, "secret"},
     {"clientCertificate", Flow::kClientCertificate, "certificate"},
     {"workloadIdentity", Flow::kWorkload, "token"},
     {"managedIdentity", Flow::kManagedIdentity, ""}}};

std::string_view Named(const SecretLocation& location) {
  return location.credential.empty() ? ".file" : ".credential";
}

class AuthReader {
 public:
  AuthReader(const Value& auth, const std::string& path, const AuthContext& context)
      : auth_(auth), path_(path), context_(context) {}

  AuthSettings Read() {
    const Way* way = Choose();
    if (way == nullptr) return {};
    const Value& value = *auth_.Find(way->name);
    const std::string path = fmt::format("{}.{}", path_, way->name);
    if (!way->flow) return ReadSharedKeyOf(value, path);
    AuthSettings settings;
    settings.identity = ReadIdentity(*way->flow, value, path);
    if (*way->flow == Flow::kManagedIdentity) return settings;
    const std::string proof_path = fmt::format("{}.{}", path, way->proof);
    const auto location = context_.locate(value.Find(way->proof));
    if (!location) return settings;
    settings.secret = *location;
    settings.password = context_.locate(value.Find("password"));
    if (context_.read_secrets) CheckSecrets(settings, proof_path + std::string(Named(*location)));
    return settings;
  }

 private:
  /// The only way that is written; nullptr after having said what is wrong.
  const Way* Choose() {
    std::vector<const Way*> written;
    for (const Way& way : kWays) {
      if (auth_.Find(way.name) != nullptr) written.push_back(&way);
    }
    if (written.size() == 1) return written.front();
    std::vector<std::string_view> names;
    for (const Way& way : kWays) names.push_back(way.name);
    context_.report(path_, fmt::format("auth names {} ways to sign in, and needs exactly one: {}",
                                       written.size(), fmt::join(names, ", ")));
    return nullptr;
  }

  AuthSettings ReadSharedKeyOf(const Value& value, const std::string& path) {
    AuthSettings settings;
    const auto location = context_.locate(&value);
    if (!location) return settings;
    settings.secret = *location;
    if (!context_.read_secrets) return settings;
    auto key = ReadSharedKey(*location);
    if (key) {
      settings.key = std::move(key).value();
    } else {
      context_.report(
          path + std::string(Named(*location)),
          fmt::format("key of account '{}': {}", context_.account, key.error().message));
    }
    return settings;
  }

  Identity ReadIdentity(Flow flow, const Value& value, const std::string& path) {
    const entra::Cloud& cloud = entra::CloudOfHost(context_.endpoint.host);
    Identity identity;
    identity.flow = flow;
    identity.resource = cloud.resource;
    identity.tenant = value.StringOr("tenant");
    identity.client_id = value.StringOr("clientId");
    identity.object_id = value.StringOr("objectId");
    identity.resource_id = value.StringOr("resourceId");
    if (value.StringOr("algorithm") == "RS256") {
      identity.algorithm = entra::AssertionAlgorithm::kRs256;
    }
    const bool machine = flow == Flow::kManagedIdentity;
    identity.server = machine ? entra::MachineIdentityEndpoint()
                              : Endpoint{"https", std::string(cloud.authority), 443};
    ReadServer(value, machine ? "endpoint" : "authority", path, identity);
    if (machine) CheckSelector(identity, path);
    return identity;
  }

  void ReadServer(const Value& value, std::string_view member, const std::string& path,
                  Identity& identity) {
    const std::string_view written = value.StringOr(member);
    if (written.empty()) return;
    auto server = ParseEndpoint(std::string(written), true);
    if (server) {
      identity.server = std::move(server).value();
    } else {
      context_.report(fmt::format("{}.{}", path, member),
                      fmt::format("{} {}", member, server.error().message));
    }
  }

  void CheckSelector(const Identity& identity, const std::string& path) {
    const int written = static_cast<int>(!identity.client_id.empty()) +
                        static_cast<int>(!identity.object_id.empty()) +
                        static_cast<int>(!identity.resource_id.empty());
    if (written <= 1) return;
    context_.report(path, "clientId, objectId and resourceId each name the identity; write one");
  }

  void CheckSecrets(const AuthSettings& settings, const std::string& path) {
    // The token of another issuer may come later, and changes often.
    if (settings.identity->flow == Flow::kWorkload) return;
    if (const Status status = CheckProof(settings); !status) {
      context_.report(path, fmt::format("sign-in of account '{}': {}", context_.account,
                                        status.error().message));
    }
  }

  const Value& auth_;
  const std::string& path_;
  const AuthContext& context_;
};

}  // namespace

AuthSettings ReadAuth(const Value& auth, const std::string& path, const AuthContext& context) {
  return AuthReader(auth, path, context).Read();
}

}  // namespace reconciler::daemon
