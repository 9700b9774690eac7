#include "tests/emulator/managed_identity.h"

#include <doctest/doctest.h>

#include "tests/emulator/test/token_world.h"

namespace emulator {
namespace {

constexpr char kQuery[] =
    "?api-version=2018-02-01&resource=https%3A%2F%2Fbatch.core.windows.net%2F";

Response Ask(TokenWorld& world, const std::string& more = "", const std::string& query = kQuery,
             const Headers& headers = {{"Metadata", "true"}}) {
  return world.service.Handle({"GET", kIdentityPath + query + more, headers, ""});
}
std::string Field(const Response& response, std::string_view name) {
  return ParseJson(response.body).value_or(Json{}).Text(name);
}

ServiceConfig With(std::vector<ManagedIdentity> identities) {
  ServiceConfig config;
  config.issuer.identities = std::move(identities);
  return config;
}

TEST_CASE("a machine's identity gets a token that lists pools") {
  TokenWorld world;
  const Response answer = Ask(world);
  CHECK(answer.status == 200);
  CHECK(Field(answer, "expires_in") == "3600");
  CHECK(Field(answer, "expires_on") == "1751374800");
  CHECK(Field(answer, "resource") == "https://batch.core.windows.net/");
  CHECK(Field(answer, "client_id") == kWellKnownIdentity);
  CHECK(world.Call(Field(answer, "access_token")).status == 200);
}

TEST_CASE("each selector finds its identity") {
  TokenWorld world(With({{"c1", "o1", "/r1", {}}, {"c2", "o2", "/r2", {}}}));
  for (const char* const selector :
       {"&client_id=C2", "&object_id=o2", "&msi_res_id=/R2", "&mi_res_id=%2Fr2"}) {
    CAPTURE(selector);
    CHECK(Field(Ask(world, selector), "client_id") == "c2");
  }
  const Response other = Ask(world, "&client_id=c3");
  CHECK(other.status == 400);
  CHECK(Field(other, "error") == "invalid_request");
  CHECK(Field(other, "error_description") == "Identity not found");
  CHECK(Field(Ask(world), "error_description").rfind("Multiple user assigned", 0) == 0);
}

TEST_CASE("without a selector the system's identity answers") {
  TokenWorld world(With({{"c1", "o1", "/r1", {}}, {"system", "o2", "", {}}}));
  CHECK(Field(Ask(world), "client_id") == "system");
  TokenWorld none(With({}));
  CHECK(Field(Ask(none), "error_description") == "Identity not found");
}

TEST_CASE("the identity endpoint wants its header, a version and a resource") {
  TokenWorld world;
  CHECK(Ask(world, "", kQuery, {}).status == 400);
  CHECK(Ask(world, "", kQuery, {{"Metadata", "false"}}).status == 400);
  CHECK(Ask(world, "", kQuery, {{"Metadata", "true"}, {"X-Forwarded-For", "x"}}).status == 400);
  CHECK(Ask(world, "", "?api-version=2018-02-01").status == 400);
  CHECK(Ask(world, "", "?resource=https://batch.core.windows.net/").status == 400);
  CHECK(Field(Ask(world, "", "?api-version=2018-02-01&resource=https://nowhere"), "error") ==
        "invalid_resource");
  CHECK(world.service.Handle({"POST", std::string(kIdentityPath) + kQuery, {}, ""}).status == 405);
}

TEST_CASE("configured failures come first, one a call") {
  ServiceConfig config;
  config.issuer.identity_failures = {410, 429, 503};
  TokenWorld world(config);
  CHECK(Ask(world).status == 410);
  CHECK(Ask(world).status == 429);
  CHECK(Ask(world).status == 503);
  CHECK(Ask(world).status == 200);
}

TEST_CASE("an identity has a role, too") {
  TokenWorld world(With({{"c", "o", "/r", {Role::kReader, {}}}}));
  const std::string token = Field(Ask(world), "access_token");
  CHECK(world.Call(token).status == 200);
  CHECK(world.Call(token, "POST", "/pools", LinuxPool("p")).status == 403);
}

}  // namespace
}  // namespace emulator
