// Signing in with Entra ID: the program against the issuer of the emulator, over TLS.
#include <doctest/doctest.h>
#include <signal.h>

#include <string>

#include "tests/daemon/stage.h"

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

}  // namespace
}  // namespace reconciler::daemon
