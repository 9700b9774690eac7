#include "tests/emulator/config_file.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "tests/emulator/http_text.h"
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

TEST_CASE("errors name the place, what was expected and what was found") {
  CHECK(Error("login: {prot: 1}\n") ==
        "emulator.yaml:1:9: unknown key 'prot'; known: address, keysFolder, port");
  CHECK(Error("timings: {resize: soon}\n") ==
        "emulator.yaml:1:19: expected a duration such as 250ms, 2s or 1m, found 'soon'");
  CHECK(Error("switches: {rejectSubnets: 5}\n") ==
        "emulator.yaml:1:27: expected true or false, found '5'");
  CHECK(Error("accounts: [{dedicatedCoreQuotaPerVMFamily: 5}]\n") ==
        "emulator.yaml:1:44: expected a mapping, found '5'");
  CHECK(Error("accounts: [{dedicatedCoreQuotaPerVMFamily: {a: b}}]\n") ==
        "emulator.yaml:1:48: expected a number, 0 or more, found 'b'");
  CHECK(Error("- a\n") == "emulator.yaml:1:1: expected a mapping, found a list");
  CHECK(Error("accounts: []\n") ==
        "emulator.yaml: at least one account is needed under 'accounts'");
  CHECK(Error("images: [{sku: s}]\n") ==
        "emulator.yaml:1:10: an image needs publisher, offer, sku and nodeAgent");
  CHECK(Error("accounts: [{applications: [{versions: [a]}]}]\n") ==
        "emulator.yaml:1:28: an application needs an id");
  CHECK(Error("accounts: [{allowedAuthenticationModes: [Key]}]\n") ==
        "emulator.yaml:1:41: expected SharedKey, AAD or TaskAuthenticationToken, found 'Key'");
}

/// The example of the user's page that begins with `first`.
std::string Example(const std::string& first) {
  std::ifstream file(POOLKEEPER_SOURCE_DIR "/deploy/emulator.md");
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  const auto begin = text.find("```yaml\n" + first) + 8;
  return text.substr(begin, text.find("```", begin) - begin);
}

TEST_CASE("the user's page shows every key, and the defaults") {
  const std::string text = Example("accounts:");
  const ServiceConfig shown = Read(text + Example("issuer:")), defaults;
  CHECK(shown.switches == defaults.switches);
  CHECK(shown.timings == defaults.timings);
  CHECK(shown.accounts.size() == 1);
  CHECK(shown.accounts[0].keys == defaults.accounts[0].keys);
  CHECK(shown.accounts[0].pool_quota == defaults.accounts[0].pool_quota);
  CHECK(shown.issuer.tenant == defaults.issuer.tenant);
  CHECK(shown.issuer.token_lifetime == defaults.issuer.token_lifetime);
  for (const char* const part : {"", "accounts: [{", "timings: {", "switches: {", "login: {"}) {
    std::string known = Error(std::string(part) + "x: 1" +
                              (*part == 'a' ? "}]"
                               : *part != 0 ? "}"
                                            : ""));
    known = known.substr(known.find("; known: ") + 9);
    for (const std::string_view key : Split(known, ',')) {
      const std::string name(Trim(key));
      CAPTURE(name);
      const bool stands = text.find(name + ':') != std::string::npos || name == "issuer";
      CHECK(stands);
    }
  }
}

TEST_CASE("what could never do anything is refused") {
  CHECK(Error("accounts: [{name: demo, keys: []}]") ==
        "emulator.yaml:1:31: expected a key: allowedAuthenticationModes has SharedKey");
  CHECK(Read("accounts: [{name: demo, keys: [], allowedAuthenticationModes: [AAD]}]")
            .accounts[0]
            .keys.empty());
  CHECK(Error("login: {port: 5}") == "emulator.yaml:1:15: a port needs an address beside it");
}

TEST_CASE("numbers that mean nothing are refused") {
  const auto refused = [](const std::string& text, const std::string& problem) {
    CHECK(Error(text) == "emulator.yaml:1:" + problem);
  };
  refused("accounts: [{poolQuota: -1}]", "24: expected a number, 0 or more, found '-1'");
  refused("switches: {metadataBytesMax: -4}", "30: expected a number, 0 or more, found '-4'");
  refused("timings: {nodesPerSecond: -1}", "27: expected a number, 0 or more, found '-1'");
  refused("startTaskFailurePercent: 200", "26: expected a number from 0 to 100, found '200'");
  refused("login: {port: 0}", "15: expected a port from 1 to 65535, found '0'");
  refused("seed: x", "7: expected a number, 0 or more, found 'x'");
  refused("images: [{endOfLife: never}]",
          "22: expected a date such as 2027-01-31, or +60d, found 'never'");
  refused("images: [{endOfLife: +123456d}]",
          "22: expected a date such as 2027-01-31, or +60d, found '+123456d'");
}

TEST_CASE("switches that hold a code take one that the emulator knows there") {
  const auto error = [](const char* name) {
    return Error(std::string("switches: {") + name + ": Foo}").substr(15);
  };
  for (const auto& [name, codes] : std::map<const char*, std::string>{
           {"wrongStateCode", "OperationInvalidForCurrentState or OperationNotValidOnPool"},
           {"noLoginCode", "OperationNotValidOnNode or OperationInvalidForCurrentState"},
           {"noRoleCode", "AuthorizationFailure or AuthenticationFailed"},
           {"unknownPathCode", "ResourceNotFound or InvalidUri"},
           {"unknownNodeCode", "NodeNotFound or InvalidPropertyValue"},
           {"autoScaleSettingsCode", "InvalidAutoScalingSettings or InvalidPropertyValue"},
           {"noAuthorizationCode", "AuthenticationFailed or MissingRequiredHeader"}}) {
    CAPTURE(name);
    const std::string problem = error(name);
    CHECK(problem.substr(problem.find(' ') + 1) == "expected " + codes + ", found 'Foo'");
  }
  CHECK(Read("switches: {wrongStateCode: OperationNotValidOnPool}").switches.wrong_state_code ==
        "OperationNotValidOnPool");
}

TEST_CASE("accounts have a name that the service would take, keys in base64, and come once") {
  for (const char* const name :
       {"ab", "Demo", "with-hyphen", "\"\"", "a2345678901234567890123456"}) {
    CAPTURE(name);
    CHECK(Error(std::string("accounts: [{name: ") + name + "}]")
              .find("emulator.yaml:1:19: expected the name of an account, 3 to 24 lower-case "
                    "letters and digits, found '") == 0);
  }
  const auto key = [](const char* text) {
    return Error(std::string("accounts:\n  - keys: [\"") + text + "\"]\n");
  };
  CHECK(key("") == "emulator.yaml:2:12: expected a key in base64, found nothing");
  CHECK(key("AAA-") ==
        "emulator.yaml:2:12: expected a key in base64, found '-' as its character 4");
  CHECK(key("AA=A") ==
        "emulator.yaml:2:12: expected a key in base64, found '=' as its character 3");
  CHECK(key("AAAAA") ==
        "emulator.yaml:2:12: expected a key in base64, whose length is a multiple "
        "of 4, found 5 characters");
  CHECK(key("A===") == "emulator.yaml:2:12: expected a key in base64, found 3 '='");
  CHECK(key("AA+/AA==") == "accepted");
  CHECK(Error("accounts: [{keys: AAAA}]") ==
        "emulator.yaml:1:19: expected a list of keys in base64");
  CHECK(Error("accounts:\n  - {name: one}\n  - {}\n  - name: one\n") ==
        "emulator.yaml:4:5: a second account 'one', the first is at 2:5; an account without a name "
        "is 'demo'");
}

TEST_CASE("a key stands once in a mapping, and a file holds one document") {
  CHECK(Error("seed: 1\naccounts: []\nseed: 2\n") ==
        "emulator.yaml:3:1: the key 'seed' stands a second time, first at 1:1; keep one");
  CHECK(Error("accounts: [{name: one, keys: [AAAA]}, {name: two, name: two}]\n") ==
        "emulator.yaml:1:51: the key 'name' stands a second time, first at 1:40; keep one");
  CHECK(Error("seed: 1\n---\nseed: 2\n") ==
        "emulator.yaml:2:1: a second document begins here; one file holds one");
  CHECK(Error("accounts: [{name: seed}, {name: name}]\nseed: 1\n") == "accepted");
}

TEST_CASE("what is not YAML is told with the place where it begins") {
  CHECK(Error("accounts: [") ==
        "emulator.yaml:1:11: expected ',' or ']' in the list that begins "
        "here, found the end of the file");
  CHECK(Error("timings: {resize: 2s\nseed: 1\n") ==
        "emulator.yaml:1:10: expected ',' or '}' in the mapping that begins here, found 2:5");
  CHECK(Error("accounts:\n  - name: one\n    seed: 1\n   keys: [AAAA]\n") ==
        "emulator.yaml:4:4: expected what comes next in line with 2:3, where its list begins");
  CHECK(Error("seed: \"1") == "emulator.yaml:1:9: a text in quotes does not end");
  CHECK(Error("a: b: c\n") ==
        "emulator.yaml:1:5: a ':' where no key ends; a text that holds one needs quotes");
  CHECK(Error("seed: *one\n") ==
        "emulator.yaml:1:7: expected YAML, found the referenced anchor is not defined");
}

}  // namespace
}  // namespace emulator
