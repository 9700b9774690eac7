#include "tests/emulator/config_issuer.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/emulator/http_text.h"
#include "tests/emulator/public_key.h"

namespace emulator {

namespace {

std::string PemText(const YAML::Node& node) {
  std::string text = node.IsScalar() ? node.Scalar() : std::string{};
  if (text.find("-----BEGIN") == std::string::npos) {
    std::ifstream file(text);
    std::stringstream read;
    read << file.rdbuf();
    if (text.empty() || !file) {
      throw Problem(node, fmt::format("expected a PEM text or the path of a PEM file; '{}' cannot "
                                      "be read",
                                      text));
    }
    text = read.str();
  }
  return text;
}

/// One certificate or a list of them.
Reader Certificates(std::string& target) {
  return [&target](const YAML::Node& node) {
    target.clear();
    const auto add = [&](const YAML::Node& one) {
      const std::string pem = PemText(one);
      const auto keys = ReadPublicKeys(pem);
      const bool any = std::any_of(keys.begin(), keys.end(),
                                   [](const PublicKey& key) { return !key.sha1.empty(); });
      if (!any) throw Problem(one, "there is no certificate of an RSA key in it");
      target += pem + '\n';
    };
    if (!node.IsSequence()) return add(node);
    for (const auto& one : node) add(one);
  };
}

Reader Key(std::string& target) {
  return [&target](const YAML::Node& node) {
    target = PemText(node);
    if (ReadPublicKeys(target).empty()) {
      throw Problem(node, "there is no public RSA key and no certificate of one in it");
    }
  };
}

Reader RoleReader(Role& role) {
  return [&role](const YAML::Node& node) {
    const std::string name = node.IsScalar() ? node.Scalar() : std::string{};
    if (name == "contributor") {
      role = Role::kContributor;
    } else if (name == "reader") {
      role = Role::kReader;
    } else if (name == "none") {
      role = Role::kNone;
    } else {
      throw Problem(node, "expected contributor, reader or none");
    }
  };
}

void ReadFederated(const YAML::Node& node, FederatedCredential& credential) {
  ReadMap(node, {{"issuer", Text(credential.issuer)},
                 {"subject", Text(credential.subject)},
                 {"audience", Text(credential.audience)},
                 {"key", Key(credential.key)},
                 {"token", Text(credential.token)}});
  const bool checked =
      !credential.issuer.empty() && !credential.subject.empty() && !credential.key.empty();
  if (!checked && credential.token.empty()) {
    throw Problem(node, "a federated credential needs issuer, subject and key, or a token");
  }
}

void ReadIssuerApplication(const YAML::Node& node, EntraApplication& application) {
  ReadMap(node, {{"clientId", Text(application.client_id)},
                 {"secret", Text(application.secret)},
                 {"certificate", Certificates(application.certificates)},
                 {"federated", List(application.federated, ReadFederated)},
                 {"accounts", Texts(application.grant.accounts)},
                 {"role", RoleReader(application.grant.role)}});
  if (application.client_id.empty()) throw Problem(node, "an application needs a clientId");
}

void ReadIdentity(const YAML::Node& node, ManagedIdentity& identity) {
  ReadMap(node, {{"clientId", Text(identity.client_id)},
                 {"objectId", Text(identity.object_id)},
                 {"resourceId", Text(identity.resource_id)},
                 {"accounts", Texts(identity.grant.accounts)},
                 {"role", RoleReader(identity.grant.role)}});
  if (identity.client_id.empty()) throw Problem(node, "an identity needs a clientId");
}

void ReadFailure(const YAML::Node& node, int& status) {
  Scalar(status, "a status")(node);
  if (status < 400 || status > 599) throw Problem(node, "expected a status from 400 to 599");
}

Reader Lifetime(std::chrono::milliseconds& target) {
  return [&target](const YAML::Node& node) {
    Time(target)(node);
    if (target < std::chrono::seconds{1}) throw Problem(node, "expected one second or more");
  };
}

}  // namespace

Reader IssuerReader(IssuerConfig& issuer) {
  return [&issuer](const YAML::Node& node) {
    ReadMap(node, {{"tenant", Text(issuer.tenant)},
                   {"tokenLifetime", Lifetime(issuer.token_lifetime)},
                   {"refreshIn", Time(issuer.refresh_in)},
                   {"rejectReplayedAssertions", Flag(issuer.reject_replayed_assertions)},
                   {"applications", List(issuer.applications, ReadIssuerApplication)},
                   {"identities", List(issuer.identities, ReadIdentity)},
                   {"imdsFailures", List(issuer.identity_failures, ReadFailure)}});
  };
}

void CheckGrants(const YAML::Node& root, const ServiceConfig& config) {
  for (const char* const list : {"applications", "identities"}) {
    if (!root["issuer"] || !root["issuer"][list]) continue;
    for (const auto& caller : root["issuer"][list]) {
      for (const auto& name : caller["accounts"]) {
        const bool known = std::any_of(config.accounts.begin(), config.accounts.end(),
                                       [&](const AccountConfig& account) {
                                         return EqualsIgnoringCase(account.name, name.Scalar());
                                       });
        if (!known) {
          throw Problem(name,
                        fmt::format("there is no account '{}' under 'accounts'", name.Scalar()));
        }
      }
    }
  }
}

}  // namespace emulator
