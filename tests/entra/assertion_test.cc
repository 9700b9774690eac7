#include "reconciler/entra/assertion.h"

#include <doctest/doctest.h>

#include "reconciler/core/json.h"
#include "reconciler/core/text.h"
#include "tests/entra/test_certificates.h"

namespace reconciler::entra {
namespace {

const Instant kNow = *ParseTime("2026-07-01T12:00:00Z");
const Instant kLater = *ParseTime("2027-07-01T00:00:00Z");

Identity Application(AssertionAlgorithm algorithm) {
  Identity identity;
  identity.flow = Flow::kClientCertificate;
  identity.server = {"https", "login.microsoftonline.com", 443};
  identity.resource = "https://batch.core.windows.net/";
  identity.tenant = "contoso.com";
  identity.client_id = "11111111-2222-3333-4444-555555555555";
  identity.algorithm = algorithm;
  return identity;
}

struct Jwt {
  Value header, claims;
  std::string signed_text, signature;
};

Jwt TakeApart(const std::string& text) {
  const auto parts = SplitText(text, '.');
  REQUIRE(parts.size() == 3);
  return {*ParseJson(FromBase64Url(std::string(parts[0]))),
          *ParseJson(FromBase64Url(std::string(parts[1]))), text.substr(0, text.rfind('.')),
          std::string(parts[2])};
}

TEST_CASE("assertion: PS256 names the certificate by its SHA-256 thumbprint") {
  const TestKey key = MakeRsaKey();
  const std::string pem = PemOfKey(key.get()) + PemOfCertificate(key.get(), kLater);
  const auto certificate = ClientCertificate::Parse(pem, "");
  REQUIRE(certificate);
  CHECK(certificate->NotAfter() == kLater);
  const auto assertion =
      MakeAssertion(Application(AssertionAlgorithm::kPs256), *certificate, "id-1", kNow);
  REQUIRE(assertion);
  const Jwt jwt = TakeApart(*assertion);
  CHECK(jwt.header.StringOr("alg") == "PS256");
  CHECK(jwt.header.StringOr("typ") == "JWT");
  CHECK(jwt.header.StringOr("x5t#S256") == certificate->ThumbprintSha256());
  CHECK(jwt.header.Find("x5t") == nullptr);
  CHECK(jwt.claims.StringOr("aud") ==
        "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token");
  CHECK(jwt.claims.StringOr("iss") == "11111111-2222-3333-4444-555555555555");
  CHECK(jwt.claims.StringOr("sub") == jwt.claims.StringOr("iss"));
  CHECK(jwt.claims.StringOr("jti") == "id-1");
  CHECK(jwt.claims.IntOr("exp", 0) - jwt.claims.IntOr("nbf", 0) == 600);
  CHECK(Verifies(key.get(), jwt.signed_text, jwt.signature, true));
  CHECK_FALSE(Verifies(key.get(), jwt.signed_text + "x", jwt.signature, true));
}

TEST_CASE("assertion: RS256 names it by its SHA-1 thumbprint") {
  const TestKey key = MakeRsaKey();
  const std::string pem = PemOfCertificate(key.get(), kLater) + PemOfKey(key.get());
  const auto certificate = ClientCertificate::Parse(pem, "");
  REQUIRE(certificate);
  const auto assertion =
      MakeAssertion(Application(AssertionAlgorithm::kRs256), *certificate, "id", kNow);
  REQUIRE(assertion);
  const Jwt jwt = TakeApart(*assertion);
  CHECK(jwt.header.StringOr("alg") == "RS256");
  CHECK(jwt.header.StringOr("x5t") == certificate->ThumbprintSha1());
  CHECK(FromBase64Url(certificate->ThumbprintSha1()).size() == 20);
  CHECK(Verifies(key.get(), jwt.signed_text, jwt.signature, false));
}

TEST_CASE("client certificate: PEM finds the certificate of its key among others") {
  const TestKey key = MakeRsaKey();
  const TestKey other = MakeRsaKey();
  const auto certificate =
      ClientCertificate::Parse(PemOfCertificate(other.get(), kNow) +
                                   PemOfCertificate(key.get(), kLater) + PemOfKey(key.get()),
                               "");
  REQUIRE(certificate);
  CHECK(certificate->NotAfter() == kLater);
}

TEST_CASE("client certificate: an encrypted key and PKCS#12 open with their password alone") {
  const TestKey key = MakeRsaKey();
  const std::string pem = PemOfKey(key.get(), "s3cret") + PemOfCertificate(key.get(), kLater);
  const std::string certificate = PemOfCertificate(key.get(), kLater);
  const std::string pfx = Pkcs12Of(key.get(), certificate, "s3cret");
  CHECK(ClientCertificate::Parse(pem, "s3cret"));
  CHECK(ClientCertificate::Parse(pfx, "s3cret"));
  CHECK(ClientCertificate::Parse(Pkcs12Of(key.get(), certificate, ""), ""));
  for (const char* wrong : {"", "S3cret"}) {
    CHECK(ClientCertificate::Parse(pem, wrong).error().message ==
          "the certificate has an encrypted key that the password does not open");
    CHECK(ClientCertificate::Parse(pfx, wrong).error().message ==
          "the certificate file is PKCS#12 that the password does not open");
  }
}

TEST_CASE("client certificate: what it is not is said") {
  const TestKey key = MakeRsaKey();
  const TestKey other = MakeRsaKey();
  const TestKey elliptic = MakeEcKey();
  const auto problem = [](const std::string& bytes) {
    const auto parsed = ClientCertificate::Parse(bytes, "");
    return parsed ? std::string() : parsed.error().message;
  };
  CHECK(problem("hello") == "the certificate file is neither PEM nor PKCS#12");
  CHECK(problem("") == "the certificate file is neither PEM nor PKCS#12");
  CHECK(problem(PemOfCertificate(key.get(), kLater)) ==
        "the certificate file has no private key: put the key and the certificate into one PEM "
        "file");
  CHECK(problem(PemOfKey(key.get())) ==
        "the certificate file has a private key and no certificate of it");
  CHECK(problem(PemOfKey(key.get()) + PemOfCertificate(other.get(), kLater)) ==
        "the certificate file has a private key and no certificate of it");
  CHECK(problem(PemOfKey(elliptic.get()) + PemOfCertificate(elliptic.get(), kLater)) ==
        "the certificate has a key that is not RSA, which Entra ID does not take");
  CHECK(problem(std::string((1U << 20U) + 1, 'x')) == "the certificate file is larger than 1 MiB");
}

}  // namespace
}  // namespace reconciler::entra
