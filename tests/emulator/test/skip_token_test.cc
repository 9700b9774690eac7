// Tokens of pages: where they are good, and that nobody but the service makes one.
#include "tests/emulator/skip_token.h"

#include <doctest/doctest.h>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

constexpr char kList[] = "/pools?maxresults=1&$filter=id%20ge%20'a'&$select=id";

ServiceConfig TwoAccounts() {
  ServiceConfig config = TestConfig();
  config.accounts.emplace_back().name = "other";
  return config;
}

struct Lists : World {
  explicit Lists(ServiceConfig config = TwoAccounts()) : World(std::move(config)) {
    for (const char* const account : {"demo", "other"}) {
      for (const char* const id : {"a", "b", "c"}) {
        Call("POST", "/pools", LinuxPool(id), {{"Host", account}});
      }
    }
  }
  /// Of the second page.
  std::string Token(const std::string& list = kList) {
    return *ParseTarget(Get(list).Text("odata.nextLink")).Find("$skiptoken");
  }
  /// The first id of the page, or the code.
  std::string Page(const std::string& list, const std::string& token,
                   const std::string& account = "demo", const std::string& version = "2025-06-01") {
    const Response answer =
        Call("GET", list + "&$skiptoken=" + token, "", {{"Host", account}}, version);
    if (answer.status != 200) {
      CHECK(answer.status == 400);
      CHECK(DetailOf(answer, "QueryParameterName") == "$skiptoken");
      return CodeOf(answer);
    }
    const Json page = ParseJson(answer.body).value_or(Json{});
    const Json& first = page.Find("value")->AsList()->front();
    return first.Text("id") + first.Text("poolId");
  }
};

constexpr char kRefused[] = "InvalidQueryParameterValue";

TEST_CASE("8 a token is good for its list and query alone, and cannot be made up") {
  Lists world;
  const std::string token = world.Token();
  CHECK(world.Page(kList, token) == "b");
  CHECK(world.Page(kList, token, "other") == kRefused);
  CHECK(world.Page("/nodecounts?maxresults=1", token) == kRefused);
  CHECK(world.Page("/pools?maxresults=2&$filter=id%20ge%20'a'&$select=id", token) == kRefused);
  CHECK(world.Page("/pools?maxresults=1&$filter=id%20ge%20'b'&$select=id", token) == kRefused);
  CHECK(world.Page("/pools?maxresults=1&$filter=id%20ge%20'a'", token) == kRefused);
  for (const std::string& made :
       {std::string{"zzz"}, std::string{}, std::string{"!!!"}, Base64UrlEncode("a"),
        Base64UrlEncode(std::string(16, 'x') + "a"), token.substr(0, token.size() - 1), token + "A",
        Base64UrlEncode(Base64UrlDecode(token)->substr(0, 16) + "b")}) {
    CAPTURE(made);
    CHECK(world.Page(kList, made) == kRefused);
  }
}

TEST_CASE("a token stands a link that is sorted, of another spelling, version or patience") {
  Lists world;
  const std::string token = world.Token();
  CHECK(world.Page("/pools?%24select=id&$FILTER=id+ge+%27a%27&MaxResults=1&timeout=5", token) ==
        "b");
  CHECK(world.Page(kList, token, "demo", "2024-07-01.20.0") == "b");
  CHECK(world.Page(std::string(kList) + "&$expand=", token) == "b");
}

TEST_CASE("tokens of one seed are good in another process, those of another seed are not") {
  Lists world, again;
  CHECK(again.Page(kList, world.Token()) == "b");
  ServiceConfig config = TwoAccounts();
  config.seed = 2;
  Lists other{config};
  CHECK(other.Page(kList, world.Token()) == kRefused);
  const std::string state = world.service.SaveState();
  const std::string token = world.Token();
  World loaded{TwoAccounts()};
  REQUIRE(std::holds_alternative<Instant>(loaded.service.LoadState(state)));
  CHECK(loaded.Call("GET", std::string(kList) + "&$skiptoken=" + token).status == 200);
}

}  // namespace
}  // namespace emulator
