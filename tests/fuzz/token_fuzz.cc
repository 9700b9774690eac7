// What the emulator's issuer reads, as hostile input. The first byte says what the rest is: 'f' and
// 'g' a form for the two token endpoints, 'a' the header and (on the next line) the claims of an
// assertion that its key signs, 't' an assertion as it stands, 'b' a bearer token, 'i' the query of
// the identity endpoint.
#include "tests/emulator/test/signer.h"
#include "tests/emulator/test/token_world.h"
#include "tests/fuzz/emulator_world.h"

namespace {

using namespace emulator;

const Signer& Key() {
  static const Signer key;
  return key;
}

ServiceConfig Config() {
  ServiceConfig config;
  EntraApplication& application = config.issuer.applications.front();
  application.certificates = Key().certificate_pem();
  FederatedCredential other;
  other.issuer = "https://other.local";
  other.subject = "me";
  other.key = Key().public_key_pem();
  application.federated.push_back(other);
  return config;
}

Request Form(const std::string& path, std::string body) {
  return {"POST", path, {{"Host", "127.0.0.1:1"}}, std::move(body)};
}

Request AssertionForm(const std::string& assertion) {
  return Form(TokenWorld::TokenPath(),
              "grant_type=client_credentials&client_id=" + std::string(kWellKnownClient) +
                  "&scope=" + PercentEncode(kBatchScope) + "&client_assertion_type=" +
                  PercentEncode("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") +
                  "&client_assertion=" + PercentEncode(assertion));
}

/// A '*' of the header stands for the thumbprint of the certificate.
std::string Signed(std::string_view text) {
  const auto line = std::min(text.find('\n'), text.size());
  std::string header(text.substr(0, line));
  if (const auto star = header.find('*'); star != std::string::npos) {
    header.replace(star, 1, Key().Thumbprint("SHA256"));
  }
  return Key().Sign(header, std::string(text.substr(std::min(line + 1, text.size()))), false);
}

Request RequestOf(char kind, std::string_view text) {
  const std::string rest(text);
  switch (kind) {
    case 'f':
      return Form(TokenWorld::TokenPath(), rest);
    case 'g':
      return Form(std::string("/") + kWellKnownTenant + "/oauth2/token", rest);
    case 'a':
      return AssertionForm(Signed(text));
    case 't':
      return AssertionForm(rest);
    case 'b':
      return {"GET", "/pools?api-version=2025-06-01", {{"Authorization", "Bearer " + rest}}, {}};
    default:
      return {"GET", "/metadata/identity/oauth2/token?" + rest, {{"Metadata", "true"}}, {}};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const ServiceConfig config = Config();
  TokenWorld world(config);
  const Request request = RequestOf(static_cast<char>(data[0]), fuzz::Bytes(data + 1, size - 1));
  fuzz::RequireReadable(request, world.service.Handle(request));
  return 0;
}
