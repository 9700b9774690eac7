// Signing in with Entra ID: the program against the issuer of the emulator, over TLS.
#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <sstream>
#include <string>

#include "tests/daemon/stage.h"
#include "tests/entra/test_certificates.h"

namespace reconciler::daemon {
namespace {

constexpr const char* kTenant = "11111111-1111-4111-8111-111111111111";
constexpr const char* kClient = "22222222-2222-4222-8222-222222222222";
constexpr const char* kSecret = "public-secret-for-tests-only";

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// An account of an emulator with TLS, signed in to by `way`.
struct EntraStage : Stage {
  explicit EntraStage(const std::string& emulator_config = "")
      : Stage(emulator_config, Wire::kTls) {
    folder().Write("app.secret", kSecret);
    SignInWith("secret: {file: app.secret}", "clientSecret");
    WritePool("alpha", 1);
  }
  void SignInWith(const std::string& proof, const std::string& way,
                  const std::string& tenant = kTenant) const {
    WriteConfig("http: {caFile: ca.pem}\n", way + ": {tenant: " + tenant +
                                                ", clientId: " + kClient + ", authority: \"" +
                                                endpoint() + "\", " + proof + "}");
  }
};

TEST_CASE("entra story: a client secret brings a pool up, and no token is left anywhere") {
  const EntraStage stage;
  const Outcome applied = stage.Run({"apply", "--wait", "--log-level", "debug"});
  CAPTURE(applied.err);
  CHECK(applied.code == 0);
  for (const std::string& text :
       {applied.out, applied.err, stage.Run({"status", "--format", "json"}).out}) {
    CHECK_FALSE(Has(text, kSecret));
    CHECK_FALSE(Has(text, "Bearer "));
  }
  const Outcome check = stage.Run({"check"});
  CHECK(check.code == 0);
  CHECK(Has(check.out, "a token from Entra ID at "));
}

TEST_CASE(
    "entra story: a wrong secret is refused before the account is asked, and a rotated one is"
    " taken without a reload") {
  const EntraStage stage;
  stage.folder().Write("app.secret", "old");
  const Outcome status = stage.Run({"status", "--fresh"});
  CHECK(status.code == 3);
  CHECK(Has(status.out, "401 invalid_client: AADSTS7000215"));
  const auto daemon = stage.Start({"run", "--no-show"});
  REQUIRE(daemon->WaitForLog("AADSTS7000215"));
  stage.folder().Write("app.secret", kSecret);
  CHECK(daemon->WaitForLog("reason=InSync"));
  daemon->Signal(SIGTERM);
  CHECK(daemon->Wait() == 0);
}

TEST_CASE("entra story: an unknown tenant is named, and check says whose business it is") {
  const EntraStage stage;
  stage.SignInWith("secret: {file: app.secret}", "clientSecret", "nowhere.example");
  const Outcome check = stage.Run({"check"});
  CHECK(check.code == 3);
  CHECK(Has(check.out, "AADSTS90002"));
  CHECK(Has(check.out, "fix: mend `auth` of the account in the configuration"));
}

TEST_CASE("entra story: what only Entra ID opens is valid for such an account alone") {
  const EntraStage stage;
  stage.WritePool("beta", 0,
                  "  networkConfiguration: {subnetId: /subscriptions/s/resourceGroups/g/providers/"
                  "Microsoft.Network/virtualNetworks/v/subnets/n}\n");
  CHECK(stage.Run({"validate", "specs"}).code == 0);
  stage.WriteConfig("http: {caFile: ca.pem}\n");
  const Outcome with_key = stage.Run({"validate", "specs"});
  CHECK(with_key.code == 65);
  CHECK(
      Has(with_key.out + with_key.err, "a subnet needs Entra ID, and this account signs in with"));
}

/// An application with this certificate and no secret, in the emulator's configuration.
std::string IssuerWith(const std::string& certificate_pem) {
  std::string text = std::string("issuer:\n  applications:\n    - clientId: ") + kClient +
                     "\n      certificate: |\n";
  std::istringstream lines(certificate_pem);
  for (std::string line; std::getline(lines, line);) text += "        " + line + "\n";
  return text;
}

TEST_CASE("entra story: a certificate signs in, by both algorithms, from PEM and PKCS#12") {
  const entra::TestKey key = entra::MakeRsaKey();
  const Instant end = std::chrono::time_point_cast<Instant::duration>(
      std::chrono::system_clock::now() + std::chrono::hours(12));
  const std::string certificate = entra::PemOfCertificate(key.get(), end);
  const EntraStage stage(IssuerWith(certificate));
  stage.folder().Write("app.pem", entra::PemOfKey(key.get()) + certificate);
  stage.folder().Write("app.pfx", entra::Pkcs12Of(key.get(), certificate, "s3cret"));
  stage.folder().Write("app.password", "s3cret");
  for (const std::string& proof : {std::string("certificate: {file: app.pem}"),
                                   std::string("certificate: {file: app.pem}, algorithm: RS256"),
                                   std::string("certificate: {file: app.pfx}, password: {file: "
                                               "app.password}")}) {
    CAPTURE(proof);
    stage.SignInWith(proof, "clientCertificate");
    const Outcome check = stage.Run({"check"});
    CAPTURE(check.out);
    CHECK(check.code == 0);
  }
  CHECK(stage.Run({"apply", "--wait"}).code == 0);
  const entra::TestKey other = entra::MakeRsaKey();
  stage.folder().Write("app.pem",
                       entra::PemOfKey(other.get()) + entra::PemOfCertificate(other.get(), end));
  stage.SignInWith("certificate: {file: app.pem}", "clientCertificate");
  const Outcome refused = stage.Run({"status", "--fresh"});
  CHECK(refused.code == 3);
  CHECK(Has(refused.out, "AADSTS700027"));
}

TEST_CASE("entra story: the token of another issuer signs in, and is read again when it rotates") {
  const EntraStage stage(std::string("issuer:\n  applications:\n    - clientId: ") + kClient +
                         "\n      federated: [{token: good-token-text}]\n");
  stage.folder().Write("issuer.token", "stale");
  stage.SignInWith("token: {file: issuer.token}", "workloadIdentity");
  CHECK(stage.Run({"status", "--fresh"}).code == 3);
  stage.folder().Write("issuer.token", "good-token-text\n");
  CHECK(stage.Run({"apply", "--wait"}).code == 0);
}

TEST_CASE("entra story: a managed identity is asked for again where its endpoint is not ready") {
  const EntraStage stage("issuer: {imdsFailures: [410]}\n");
  const auto sign_in_as = [&](const std::string& which) {
    stage.WriteConfig("http: {caFile: ca.pem}\n",
                      "managedIdentity: {endpoint: \"" + stage.endpoint() + "\"" + which + "}");
    return stage.Run({"check"});
  };
  const Outcome own = sign_in_as("");
  CAPTURE(own.out);
  CHECK(own.code == 0);
  CHECK(Has(own.out, "a token from the managed identity at 127.0.0.1 is taken"));
  CHECK(sign_in_as(", clientId: 33333333-3333-4333-8333-333333333333").code == 0);
  CHECK(sign_in_as(", objectId: 44444444-4444-4444-8444-444444444444").code == 0);
  const Outcome unknown = sign_in_as(", clientId: 99999999-3333-4333-8333-333333333333");
  CHECK(unknown.code == 3);
  CHECK(Has(unknown.out, "with client id 99999999-3333-4333-8333-333333333333"));
}

}  // namespace
}  // namespace reconciler::daemon
