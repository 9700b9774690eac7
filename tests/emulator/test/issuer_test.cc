#include "tests/emulator/issuer.h"

#include <doctest/doctest.h>

#include "tests/emulator/authentication.h"
#include "tests/emulator/test/token_world.h"

namespace emulator {
namespace {

TEST_CASE("a client secret gives a token that lists pools") {
  TokenWorld world;
  const Response answer = world.Post(SecretForm());
  CHECK(answer.status == 200);
  const Json body = *ParseJson(answer.body);
  CHECK(body.Text("token_type") == "Bearer");
  CHECK(IntegerAt(body, "expires_in") == 3600);
  CHECK(IntegerAt(body, "ext_expires_in") == 3600);
  CHECK(body.Find("refresh_in") == nullptr);
  CHECK(world.Call(body.Text("access_token")).status == 200);
  CHECK(world.service.counters().requests == 1);
}

TEST_CASE("the metadata of the tenant names the endpoint of its tokens") {
  TokenWorld world;
  const auto metadata = [&](const std::string& tenant) {
    const std::string path = "/" + tenant + "/v2.0/.well-known/openid-configuration";
    return world.service.Handle({"GET", path, {{"Host", "127.0.0.1:1"}}, ""});
  };
  const Response answer = metadata(kWellKnownTenant);
  CHECK(answer.status == 200);
  const Json body = *ParseJson(answer.body);
  CHECK(body.Text("token_endpoint") == "http://127.0.0.1:1" + TokenWorld::TokenPath());
  CHECK(body.Text("issuer") == std::string("http://127.0.0.1:1/") + kWellKnownTenant + "/v2.0");
  CHECK(RefusalOf(metadata("other")) == "400 invalid_request 90002");
  const auto get = [&](const std::string& path) {
    return *ParseJson(world.service.Handle({"GET", path, {{"Host", "127.0.0.1:1"}}, ""}).body);
  };
  CHECK(get(body.Text("jwks_uri")).Find("keys")->AsList()->empty());
  const Json instance = get("/common/discovery/instance?api-version=1.1");
  CHECK(ParseTarget(instance.Text("tenant_discovery_endpoint")).path ==
        std::string("/") + kWellKnownTenant + "/v2.0/.well-known/openid-configuration");
  CHECK(instance.Find("metadata")->AsList()->front().Text("preferred_network") == "127.0.0.1:1");
}

TEST_CASE("refresh_in is sent when it is configured") {
  ServiceConfig config;
  config.issuer.refresh_in = std::chrono::minutes{30};
  TokenWorld world(config);
  CHECK(IntegerAt(*ParseJson(world.Post(SecretForm()).body), "refresh_in") == 1800);
}

TEST_CASE("the older endpoint takes a resource and spells numbers as texts") {
  TokenWorld world;
  const Response answer =
      world.Post(SecretForm({{"scope", ""}, {"resource", "https://batch.core.windows.net/"}}),
                 std::string("/") + kWellKnownTenant + "/oauth2/token");
  const Json body = *ParseJson(answer.body);
  CHECK(body.Text("expires_in") == "3600");
  CHECK(body.Text("expires_on") == "1751374800");
  CHECK(body.Text("resource") == "https://batch.core.windows.net/");
  CHECK(world.Call(body.Text("access_token")).status == 200);
}

TEST_CASE("the scopes of the other clouds are Batch, too") {
  for (const char* const host : {"batch.core.usgovcloudapi.net", "batch.chinacloudapi.cn"}) {
    TokenWorld world;
    const std::string scope = std::string("https://") + host + "//.default";
    CHECK(world.Call(world.Token(SecretForm({{"scope", scope}}))).status == 200);
  }
}

TEST_CASE("what is wrong with a request for a token is said as Entra ID says it") {
  TokenWorld world;
  const auto refusal = [&](const Form& changes) {
    return RefusalOf(world.Post(SecretForm(changes)));
  };
  CHECK(refusal({{"grant_type", ""}}) == "400 invalid_request 900144");
  CHECK(refusal({{"grant_type", "password"}}) == "400 unsupported_grant_type 70003");
  CHECK(refusal({{"client_id", ""}}) == "400 invalid_request 900144");
  CHECK(refusal({{"client_id", "nobody"}}) == "400 unauthorized_client 700016");
  CHECK(refusal({{"client_secret", "wrong"}}) == "401 invalid_client 7000215");
  CHECK(refusal({{"client_secret", ""}}) == "401 invalid_client 7000218");
  CHECK(refusal({{"scope", ""}}) == "400 invalid_request 900144");
  CHECK(refusal({{"scope", "https://batch.core.windows.net/"}}) == "400 invalid_scope 70011");
  CHECK(refusal({{"scope", "https://nowhere/.default"}}) == "400 invalid_resource 500011");
  CHECK(RefusalOf(world.Post(SecretForm(), "/other/oauth2/v2.0/token")) ==
        "400 invalid_request 90002");
  CHECK(RefusalOf(world.service.Handle({"GET", TokenWorld::TokenPath(), {}, ""})) ==
        "400 invalid_request 900561");
  CHECK(RefusalOf(world.service.Handle({"POST",
                                        TokenWorld::TokenPath(),
                                        {{"Content-Type", "application/json"}},
                                        "grant_type=client_credentials"})) ==
        "400 invalid_request 900144");
}

TEST_CASE("a refusal has the members of Entra ID's") {
  TokenWorld world;
  const Response answer = world.Post(SecretForm({{"client_secret", "wrong"}}));
  const Json body = *ParseJson(answer.body);
  const std::string description = body.Text("error_description");
  CHECK(description.rfind("AADSTS7000215: Invalid client secret provided.", 0) == 0);
  CHECK(description.find("Trace ID: " + body.Text("trace_id")) != std::string::npos);
  CHECK(body.Text("timestamp") == "2025-07-01 12:00:00Z");
  CHECK(body.Text("correlation_id").size() == 36);
  CHECK(HeaderOf(answer, "Content-Type") == "application/json; charset=utf-8");
}

TEST_CASE("an application without a secret is not opened by an empty one") {
  ServiceConfig config;
  config.issuer.applications[0].secret.clear();
  TokenWorld world(config);
  CHECK(RefusalOf(world.Post(SecretForm())) == "401 invalid_client 7000215");
}

TEST_CASE("a token counts until it expires, by the wall clock") {
  TokenWorld world;
  const std::string token = world.Token(SecretForm());
  world.now += std::chrono::minutes{59};
  CHECK(world.Call(token).status == 200);
  world.now += std::chrono::minutes{1};
  const Response late = world.Call(token);
  CHECK(late.status == 401);
  CHECK(CodeOf(late) == "AuthenticationFailed");
  CHECK(DetailOf(late, "AuthenticationErrorDetail") ==
        "The token expired at Tue, 01 Jul 2025 13:00:00 GMT");
  CHECK(HeaderOf(late, "WWW-Authenticate") ==
        "Bearer authorization_uri=\"http://127.0.0.1:1/11111111-1111-4111-8111-111111111111\"");
}

TEST_CASE("tokens that are changed, foreign or for something else are refused") {
  TokenWorld world;
  const std::string token = world.Token(SecretForm());
  std::string changed = token;
  changed[token.find('.') + 5] ^= 1;
  CHECK(world.Call(changed).status == 401);
  CHECK(world.Call(token.substr(0, token.rfind('.') + 1)).status == 401);
  CHECK(world.Call("").status == 401);
  ServiceConfig other;
  other.seed = 2;
  CHECK(world.Call(TokenWorld(other).Token(SecretForm())).status == 401);
  for (const char* const scope :
       {"https://batch.core.windows.net/.default", "https://management.azure.com/.default"}) {
    CAPTURE(scope);
    CHECK(world.Call(world.Token(SecretForm({{"scope", scope}}))).status == 401);
  }
}

/// The demo application with this grant, on the accounts `one` and `two`.
ServiceConfig Granting(Role role, std::vector<std::string> accounts) {
  ServiceConfig config;
  config.accounts = {AccountConfig{}, AccountConfig{}};
  config.accounts[0].name = "one";
  config.accounts[1].name = "two";
  config.issuer.applications[0].grant = {role, std::move(accounts)};
  return config;
}

TEST_CASE("the role decides what a good token may do") {
  const auto codes = [](Role role) {
    TokenWorld world(Granting(role, {}));
    const std::string token = world.Token(SecretForm());
    const Response write = world.Call(token, "POST", "/pools", LinuxPool("p"));
    return std::to_string(world.Call(token).status) + ' ' + std::to_string(write.status) + ' ' +
           CodeOf(write);
  };
  CHECK(codes(Role::kContributor) == "200 201 ");
  CHECK(codes(Role::kReader) == "200 403 AuthorizationFailure");
  CHECK(codes(Role::kNone) == "403 403 AuthorizationFailure");
}

TEST_CASE("the account is the host's, else the first one with a role") {
  TokenWorld world(Granting(Role::kContributor, {"two"}));
  const std::string token = world.Token(SecretForm());
  const auto create = [&](const std::string& host) {
    return world.Call(token, "POST", "/pools", LinuxPool("p"), host).status;
  };
  CHECK(create("one.localhost:1") == 403);
  CHECK(create("127.0.0.1:1") == 201);
  CHECK(world.service.PoolIds("two") == std::vector<std::string>{"p"});
  CHECK(create("two.localhost") == 409);
}

/// `POST /pools` signed with the well-known key.
Response CreateWithKey(TokenWorld& world, const std::string& body) {
  Request request{"POST", "/pools?api-version=2025-06-01",
                  Typed({{"ocp-date", FormatHttpDate(world.now)}}, body), body};
  request.headers.emplace_back(
      "Authorization",
      "SharedKey demo:" + *Sign(StringToSign(request, "demo", true), kWellKnownKey));
  return world.service.Handle(request);
}

TEST_CASE("an account takes the callers that its modes allow") {
  ServiceConfig config;
  config.accounts[0].modes = {true, false};
  TokenWorld keys(config);
  CHECK(keys.Call(keys.Token(SecretForm())).status == 403);
  CHECK(CreateWithKey(keys, LinuxPool("p")).status == 201);
  config.accounts[0].modes = {false, true};
  TokenWorld tokens(config);
  CHECK(tokens.Call(tokens.Token(SecretForm())).status == 200);
  CHECK(CodeOf(CreateWithKey(tokens, LinuxPool("p"))) == "AuthenticationFailed");
}

TEST_CASE("subnets and gallery images that a key may not use are open to tokens") {
  const std::string prefix = "/subscriptions/s/resourceGroups/r/providers/Microsoft.";
  const std::string subnet = LinuxPool("a", R"(,"networkConfiguration":{"subnetId":")" + prefix +
                                                R"(Network/virtualNetworks/v/subnets/n"})");
  const std::string gallery =
      R"({"id":"b","vmSize":"STANDARD_D2_V3","virtualMachineConfiguration":{"imageReference":)"
      R"({"virtualMachineImageId":")" +
      prefix + R"(Compute/galleries/g/images/i"},"nodeAgentSKUId":"batch.node.ubuntu 18.04"}})";
  ServiceConfig config;
  config.switches.reject_subnets = config.switches.reject_gallery_images = true;
  TokenWorld world(config);
  const std::string token = world.Token(SecretForm());
  for (const std::string& body : {subnet, gallery}) {
    CHECK(CodeOf(CreateWithKey(world, body)) == "InvalidPropertyValue");
    CHECK(world.Call(token, "POST", "/pools", body).status == 201);
  }
}

}  // namespace
}  // namespace emulator
