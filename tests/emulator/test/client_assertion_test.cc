#include "tests/emulator/client_assertion.h"

#include <doctest/doctest.h>

#include "tests/emulator/access_token.h"
#include "tests/emulator/test/signer.h"
#include "tests/emulator/test/token_world.h"

namespace emulator {
namespace {

const Signer& Owner() {
  static const Signer kOwner;
  return kOwner;
}
const Signer& Stranger() {
  static const Signer kStranger;
  return kStranger;
}

/// The demo application with the owner's certificate and two federated credentials.
ServiceConfig WithCertificate() {
  ServiceConfig config;
  EntraApplication& application = config.issuer.applications[0];
  application.certificates = Owner().certificate_pem();
  application.federated = {
      {"https://cluster", "system:pod", "api://AzureADTokenExchange", Owner().public_key_pem(), {}},
      {{}, {}, {}, {}, "an opaque text"}};
  return config;
}

struct Parts {
  const Signer* signer = &Owner();
  bool pss = true;
  std::string algorithm{}, thumbprints{};
  std::string audience = "http://127.0.0.1:1" + TokenWorld::TokenPath();
  std::string issuer = kWellKnownClient, subject = kWellKnownClient, id = "1";
  std::int64_t begins = 0, lasts = 600;  // seconds from now
};

struct AssertionWorld : TokenWorld {
  explicit AssertionWorld(ServiceConfig config = WithCertificate())
      : TokenWorld(std::move(config)) {}

  std::string Make(const Parts& parts) const {
    const std::string algorithm =
        !parts.algorithm.empty() ? parts.algorithm : (parts.pss ? "PS256" : "RS256");
    const std::string thumbprints =
        !parts.thumbprints.empty() ? parts.thumbprints
                                   : R"(,"x5t#S256":")" + parts.signer->Thumbprint("SHA256") + '"';
    const std::int64_t begins = EpochSeconds(now) + parts.begins;
    return parts.signer->Sign(R"({"typ":"JWT","alg":")" + algorithm + '"' + thumbprints + '}',
                              R"({"aud":")" + parts.audience + R"(","iss":")" + parts.issuer +
                                  R"(","sub":")" + parts.subject + R"(","jti":")" + parts.id +
                                  R"(","nbf":)" + std::to_string(begins) + R"(,"exp":)" +
                                  std::to_string(begins + parts.lasts) + '}',
                              parts.pss);
  }
  static Form FormOf(const std::string& assertion) {
    return SecretForm(
        {{"client_secret", ""},
         {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
         {"client_assertion", assertion}});
  }
  std::string Refusal(const Parts& parts) { return RefusalOf(Post(FormOf(Make(parts)))); }
  int Status(const std::string& assertion) { return Post(FormOf(assertion)).status; }
};

TEST_CASE("an assertion signed with the certificate gives a token that lists pools") {
  const std::string sha1 = R"(,"x5t":")" + Owner().Thumbprint("SHA1") + '"';
  for (const bool pss : {true, false}) {
    CAPTURE(pss);
    AssertionWorld world;
    const std::string newer = world.Token(AssertionWorld::FormOf(world.Make({.pss = pss})));
    CHECK(world.Call(newer).status == 200);
    const std::string older = world.Token(
        AssertionWorld::FormOf(world.Make({.pss = pss, .thumbprints = sha1, .id = "2"})));
    CHECK(world.Call(older).status == 200);
  }
}

TEST_CASE("an assertion that was used stays used when the service is saved and loaded") {
  AssertionWorld world, next;
  const std::string assertion = world.Make({});
  CHECK(world.Status(assertion) == 200);
  REQUIRE(std::holds_alternative<Instant>(next.service.LoadState(world.service.SaveState())));
  CHECK(next.Status(assertion) == 401);
}

TEST_CASE("a signature has to be the certificate's") {
  AssertionWorld world;
  CHECK(world.Refusal({.signer = &Stranger()}) == "401 invalid_client 700027");
  const std::string named = R"(,"x5t#S256":")" + Owner().Thumbprint("SHA256") + '"';
  CHECK(world.Refusal({.signer = &Stranger(), .thumbprints = named}) ==
        "401 invalid_client 700027");
  CHECK(world.Refusal({.thumbprints = R"(,"kid":"x")"}) == "401 invalid_client 700027");
  CHECK(world.Refusal({.pss = false, .algorithm = "PS256"}) == "401 invalid_client 700027");
  CHECK(world.Refusal({.pss = true, .algorithm = "RS256"}) == "401 invalid_client 700027");
  CHECK(world.Refusal({.algorithm = "none"}) == "401 invalid_client 5002738");
  CHECK(world.Refusal({.algorithm = "HS256"}) == "401 invalid_client 5002738");
}

TEST_CASE("an assertion that was changed on its way is refused") {
  AssertionWorld world;
  const std::string good = world.Make({});
  const auto first = good.find('.'), second = good.rfind('.');
  for (const std::size_t place : {first + 20, second + 20}) {
    std::string changed = good;
    changed[place] = changed[place] == 'A' ? 'B' : 'A';
    CHECK(world.Status(changed) == 401);
  }
  CHECK(RefusalOf(world.Post(AssertionWorld::FormOf("a.b"))) == "401 invalid_client 50027");
  CHECK(world.Status(good) == 200);
}

TEST_CASE("an assertion names its endpoint, its client and its time") {
  AssertionWorld world;
  CHECK(world.Refusal({.audience = "http://elsewhere" + TokenWorld::TokenPath()}) ==
        "401 invalid_client 700023");
  CHECK(world.Refusal({.audience = "http://127.0.0.1:1/other/oauth2/v2.0/token"}) ==
        "401 invalid_client 700023");
  CHECK(world.Refusal({.subject = "somebody"}) == "401 invalid_client 700021");
  CHECK(world.Refusal({.begins = -601}) == "401 invalid_client 700024");
  CHECK(world.Refusal({.begins = 2}) == "401 invalid_client 700024");
}

TEST_CASE("an assertion counts once, and twice where that is configured") {
  AssertionWorld world;
  const std::string assertion = world.Make({});
  CHECK(world.Status(assertion) == 200);
  CHECK(RefusalOf(world.Post(AssertionWorld::FormOf(assertion))) == "401 invalid_client 700027");
  CHECK(world.Status(world.Make({.id = "2"})) == 200);
  ServiceConfig config = WithCertificate();
  config.issuer.reject_replayed_assertions = false;
  AssertionWorld tolerant(config);
  CHECK(tolerant.Status(assertion) == 200);
  CHECK(tolerant.Status(assertion) == 200);
}

TEST_CASE("a certificate past its end opens nothing") {
  AssertionWorld world;
  world.now = *ParseTime("2026-01-02T00:00:00Z");
  CHECK(world.Refusal({}) == "401 invalid_client 700027");
}

TEST_CASE("both certificates of a rotation count") {
  ServiceConfig config = WithCertificate();
  config.issuer.applications[0].certificates =
      Stranger().certificate_pem() + Owner().certificate_pem();
  AssertionWorld world(config);
  CHECK(world.Status(world.Make({})) == 200);
  CHECK(world.Status(world.Make({.signer = &Stranger(), .id = "2"})) == 200);
}

TEST_CASE("the endpoint has many spellings") {
  const AssertionPlace place{"T", "localhost:80", {}};
  CHECK(NamesEndpoint("https://127.0.0.1:10001/t/oauth2/v2.0/token", place));
  CHECK(NamesEndpoint("http://[::1]/T/oauth2/token/", place));
  CHECK(NamesEndpoint("http://demo.localhost/T/v2.0", place));
  CHECK_FALSE(NamesEndpoint("http://localhost/T", place));
  CHECK_FALSE(NamesEndpoint("/T/oauth2/token", place));
}

TEST_CASE("tokens of another issuer sign in where they are registered") {
  const Parts pod{.audience = "api://AzureADTokenExchange",
                  .issuer = "https://cluster",
                  .subject = "system:pod"};
  AssertionWorld world;
  const auto with = [&](auto change) {
    Parts parts = pod;
    change(parts);
    return world.Refusal(parts);
  };
  const std::string token = world.Make(pod);
  CHECK(world.Call(world.Token(AssertionWorld::FormOf(token))).status == 200);
  CHECK(world.Status(token) == 200);  // such a token counts until it expires
  CHECK(world.Status("an opaque text") == 200);
  CHECK(with([](Parts& p) { p.issuer = "https://other"; }) == "401 invalid_client 700211");
  CHECK(with([](Parts& p) { p.audience = "other"; }) == "401 invalid_client 700212");
  CHECK(with([](Parts& p) { p.subject = "system:other"; }) == "401 invalid_client 700213");
  CHECK(with([](Parts& p) { p.signer = &Stranger(); }) == "401 invalid_client 50013");
  CHECK(with([](Parts& p) { p.begins = -600; }) == "401 invalid_client 700024");
}

}  // namespace
}  // namespace emulator
