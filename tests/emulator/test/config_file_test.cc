#include "tests/emulator/config_file.h"

#include <doctest/doctest.h>

#include "tests/emulator/json.h"
#include "tests/emulator/public_key.h"
#include "tests/emulator/test/signer.h"

namespace emulator {
namespace {

ServiceConfig Read(const std::string& text) {
  auto read = ReadConfig(text, "emulator.yaml", {});
  if (const auto* error = std::get_if<ConfigError>(&read)) FAIL(error->message);
  return std::get<ServiceConfig>(read);
}
std::string Error(const std::string& text) {
  const auto read = ReadConfig(text, "emulator.yaml", {});
  const auto* error = std::get_if<ConfigError>(&read);
  return error == nullptr ? "accepted" : error->message;
}

TEST_CASE("every part of the configuration is read") {
  const ServiceConfig config = Read(R"(
accounts:
  - name: one
    keys: [QUFB]
    poolQuota: 5
    dedicatedCoreQuota: 10
    spotCoreQuota: 20
    dedicatedCoreQuotaPerVMFamily: {standardDv3Family: 4}
    images: [{publisher: p, offer: o, sku: own, nodeAgent: batch.node.ubuntu 22.04}]
    serviceImages: false
    applications: [app, {id: tool, displayName: Tool, versions: ["1.0"], defaultVersion: "1.0"}]
  - name: two
    allowedAuthenticationModes: [AAD, TaskAuthenticationToken]
images:
  - {publisher: p, offer: o, sku: s, nodeAgent: batch.node.ubuntu 22.04, endOfLife: +30d, verified: false}
timings: {resize: 250ms, stop: 1.5s, preempted: 1m, nodesPerSecond: 2}
switches: {rejectUnknownMembers: false, metadataBytesMax: 8192, wrongStateCode: OperationNotValidOnPool}
startTaskFailurePercent: 5
verifySignatures: false
seed: 7
)");
  REQUIRE(config.accounts.size() == 2);
  CHECK(config.accounts[0].pool_quota == 5);
  CHECK(config.accounts[0].keys == std::vector<std::string>{"QUFB"});
  REQUIRE(config.accounts[0].applications);
  CHECK(config.accounts[0].applications->at(0).id == "app");
  CHECK(config.accounts[0].applications->at(1).default_version == "1.0");
  CHECK_FALSE(config.accounts[1].applications);
  CHECK(config.accounts[0].family_core_quotas.at("standardDv3Family") == 4);
  CHECK(config.accounts[0].images.at(0).sku == "own");
  CHECK_FALSE(config.accounts[0].service_images);
  CHECK(config.accounts[1].service_images);
  CHECK(config.accounts[0].modes.shared_key);
  CHECK_FALSE(config.accounts[1].modes.shared_key);
  CHECK(config.accounts[1].modes.entra);
  CHECK(config.accounts[1].keys == std::vector<std::string>{kWellKnownKey});
  CHECK(config.extra_images.at(0).end_of_life == "+30d");
  CHECK(config.timings.resize.count() == 250);
  CHECK(config.timings.stop.count() == 1500);
  CHECK(config.timings.preempted.count() == 60000);
  CHECK_FALSE(config.switches.reject_unknown_members);
  CHECK(config.switches.metadata_bytes_max == 8192);
  CHECK(config.switches.wrong_state_code == "OperationNotValidOnPool");
  CHECK(config.seed == 7);
}

TEST_CASE("the issuer's section is read") {
  const Signer signer;
  const std::string pem = JsonText(Json{signer.certificate_pem()});  // also a text of YAML
  const ServiceConfig config = Read(R"(
issuer:
  tenant: contoso
  tokenLifetime: 1h
  refreshIn: 30m
  rejectReplayedAssertions: false
  applications:
    - clientId: app
      secret: s
      certificate: [)" + pem + R"(]
      federated: [{issuer: i, subject: s, key: )" +
                                    pem + R"(}, {token: t}]
      accounts: [Demo]
      role: reader
  identities: [{clientId: c, objectId: o, resourceId: r, accounts: [demo]}]
  imdsFailures: [410, 429]
)");
  CHECK(config.issuer.identities.at(0).resource_id == "r");
  CHECK(config.issuer.identity_failures == std::vector<int>{410, 429});
  CHECK(config.issuer.tenant == "contoso");
  CHECK(config.issuer.token_lifetime == std::chrono::hours{1});
  CHECK(config.issuer.refresh_in == std::chrono::minutes{30});
  CHECK_FALSE(config.issuer.reject_replayed_assertions);
  REQUIRE(config.issuer.applications.size() == 1);
  const EntraApplication& application = config.issuer.applications[0];
  CHECK(application.secret == "s");
  CHECK(ReadPublicKeys(application.certificates).size() == 1);
  CHECK(application.federated.at(0).audience == "api://AzureADTokenExchange");
  CHECK(application.federated.at(1).token == "t");
  CHECK(application.grant.role == Role::kReader);
}

TEST_CASE("errors of the issuer's section say what is wanted") {
  const auto error = [](const std::string& application) {
    return Error("issuer: {applications: [{clientId: a, " + application + "}]}\n");
  };
  CHECK(error("role: owner") == "emulator.yaml:1:45: expected contributor, reader or none");
  CHECK(error("certificate: /nowhere.pem") ==
        "emulator.yaml:1:52: expected a PEM text or the path of a PEM file; '/nowhere.pem' cannot "
        "be read");
  CHECK(error("certificate: '-----BEGIN nothing'") ==
        "emulator.yaml:1:52: there is no certificate of an RSA key in it");
  CHECK(error("federated: [{issuer: i}]") ==
        "emulator.yaml:1:51: a federated credential needs issuer, subject and key, or a token");
  CHECK(error("accounts: [other]") ==
        "emulator.yaml:1:50: there is no account 'other' under 'accounts'");
  CHECK(Error("issuer: {applications: [{secret: s}]}\n") ==
        "emulator.yaml:1:25: an application needs a clientId");
  CHECK(Error("issuer: {identities: [{objectId: s}]}\n") ==
        "emulator.yaml:1:23: an identity needs a clientId");
  CHECK(Error("issuer: {imdsFailures: [200]}\n") ==
        "emulator.yaml:1:25: expected a status from 400 to 599");
  CHECK(Error("issuer: {tokenLifetime: 0s}\n") ==
        "emulator.yaml:1:25: expected one second or more");
}

TEST_CASE("an empty file changes nothing") { CHECK(Read("").accounts.size() == 1); }

TEST_CASE("errors name the place") {
  CHECK(Error("accounts:\n  - nam: x\n") == "emulator.yaml:2:5: unknown key 'nam'");
  CHECK(Error("timings: {resize: soon}\n") ==
        "emulator.yaml:1:19: expected a duration such as 250ms, 2s or 1m");
  CHECK(Error("switches: {rejectSubnets: 5}\n") == "emulator.yaml:1:27: expected true or false");
  CHECK(Error("accounts: [{dedicatedCoreQuotaPerVMFamily: 5}]\n") ==
        "emulator.yaml:1:44: expected a mapping");
  CHECK(Error("accounts: [{dedicatedCoreQuotaPerVMFamily: {a: b}}]\n") ==
        "emulator.yaml:1:48: expected a number");
  CHECK(Error("- a\n") == "emulator.yaml:1:1: expected a mapping");
  CHECK(Error("accounts: []\n") == "emulator.yaml: at least one account is needed");
  CHECK(Error("images: [{sku: s}]\n") ==
        "emulator.yaml:1:10: an image needs publisher, offer, sku and nodeAgent");
  CHECK(Error("accounts: [{applications: [{versions: [a]}]}]\n") ==
        "emulator.yaml:1:28: an application needs an id");
  CHECK(Error("accounts: [{allowedAuthenticationModes: [Key]}]\n") ==
        "emulator.yaml:1:41: expected SharedKey, AAD or TaskAuthenticationToken");
  CHECK(Error("a: [\n").substr(0, 14) == "emulator.yaml:");
}

}  // namespace
}  // namespace emulator
