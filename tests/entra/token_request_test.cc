#include "reconciler/entra/token_request.h"

#include <doctest/doctest.h>

namespace reconciler::entra {
namespace {

Identity Application(Flow flow) {
  Identity identity;
  identity.flow = flow;
  identity.server = {"https", "login.microsoftonline.com", 443};
  identity.resource = "https://batch.core.windows.net/";
  identity.tenant = "contoso.com";
  identity.client_id = "client";
  return identity;
}

std::string HeaderOf(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return "(absent)";
}

TEST_CASE("token request: a client secret is a form, encoded") {
  const HttpRequest request =
      TokenRequest(Application(Flow::kClientSecret), "a&b=c d~\xc3\xa4", "i");
  CHECK(request.method == "POST");
  CHECK(request.target == "/contoso.com/oauth2/v2.0/token");
  CHECK(HeaderOf(request, "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(HeaderOf(request, "client-request-id") == "i");
  CHECK(request.body ==
        "grant_type=client_credentials&client_id=client&scope=https%3A%2F%2Fbatch.core.windows.net"
        "%2F%2F.default&client_secret=a%26b%3Dc%20d~%C3%A4");
}

TEST_CASE("token request: certificates and other issuers send an assertion") {
  for (const Flow flow : {Flow::kClientCertificate, Flow::kWorkload}) {
    const HttpRequest request = TokenRequest(Application(flow), "a.b.c", "i");
    CHECK(request.body.find("&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion"
                            "-type%3Ajwt-bearer&client_assertion=a.b.c") != std::string::npos);
    CHECK(request.body.find("client_secret") == std::string::npos);
  }
}

TEST_CASE("token request: a managed identity is asked for by header and query") {
  Identity identity = Application(Flow::kManagedIdentity);
  identity.client_id.clear();
  const std::string base =
      "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fbatch.core."
      "windows.net%2F";
  const HttpRequest request = TokenRequest(identity, "", "i");
  CHECK(request.method == "GET");
  CHECK(request.target == base);
  CHECK(request.body.empty());
  CHECK(HeaderOf(request, "Metadata") == "true");
  identity.object_id = "o";
  CHECK(TokenRequest(identity, "", "i").target == base + "&object_id=o");
  identity.object_id.clear();
  identity.resource_id = "/subscriptions/s";
  CHECK(TokenRequest(identity, "", "i").target == base + "&msi_res_id=%2Fsubscriptions%2Fs");
  identity.resource_id.clear();
  identity.client_id = "c";
  CHECK(TokenRequest(identity, "", "i").target == base + "&client_id=c");
}

TEST_CASE("identity: the cloud follows from the account's host") {
  CHECK(CloudOfHost("a.westeurope.batch.azure.com").authority == "login.microsoftonline.com");
  CHECK(CloudOfHost("a.usgovvirginia.batch.usgovcloudapi.net").name == "usGov");
  CHECK(CloudOfHost("A.chinaeast.batch.ChinaCloudAPI.cn").resource ==
        "https://batch.chinacloudapi.cn/");
  CHECK(CloudOfHost("127.0.0.1").name == "public");
  CHECK(FindCloud("mars") == nullptr);
}

}  // namespace
}  // namespace reconciler::entra
