// Nodes through the client: many lists and logins at once, and the calls for users.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/batch/client.h"
#include "tests/batch/client_world.h"

namespace reconciler::batch {
namespace {

using World = ClientWorld;

bool Asks(const HttpRequest& request, const std::string& path) {
  return request.target.rfind(path + "?", 0) == 0;
}

TEST_CASE("nodes: lists of many pools stay apart, pages and errors included") {
  World world([](const HttpRequest& request) {
    if (Asks(request, "/pools/a/nodes") && request.target.find("skiptoken") == std::string::npos) {
      return Json(
          200,
          R"({"value":[{"id":"a1","state":"idle"}],"odata.nextLink":)"
          R"("https://demo.batch.azure.com/pools/a/nodes?api-version=2025-06-01&$skiptoken=1"})");
    }
    if (Asks(request, "/pools/a/nodes")) {
      return Json(200, R"({"value":[{"id":"a2","state":"starttaskfailed"}]})");
    }
    if (Asks(request, "/pools/b/nodes")) return ServiceSays(404, "PoolNotFound");
    return Json(200, R"({"value":[]})");
  });
  const auto lists = world.client.ListNodesOf({"a", "b", "c"}, {});
  REQUIRE(lists.size() == 3);
  REQUIRE_MESSAGE(lists[0], (lists[0] ? "" : lists[0].error().message));
  REQUIRE(lists[0]->size() == 2);
  CHECK(lists[0]->at(1).id == "a2");
  REQUIRE_FALSE(lists[1]);
  CHECK(lists[1].error().code == "PoolNotFound");
  CHECK(lists[1].error().message.find("list nodes of pool 'b'") != std::string::npos);
  REQUIRE(lists[2]);
  CHECK(lists[2]->empty());
}

TEST_CASE("nodes: a login is an address, nothing where the node left, or an error") {
  World world([](const HttpRequest& request) {
    if (Asks(request, "/pools/a/nodes/n1/remoteloginsettings")) {
      return Json(200, R"({"remoteLoginIPAddress":"203.0.113.7","remoteLoginPort":50001})");
    }
    if (Asks(request, "/pools/a/nodes/n2/remoteloginsettings")) {
      return ServiceSays(404, "NodeNotFound");
    }
    if (Asks(request, "/pools/b/nodes/n1/remoteloginsettings")) {
      return ServiceSays(404, "PoolNotFound");
    }
    if (Asks(request, "/pools/a/nodes/n3/remoteloginsettings")) {
      return ServiceSays(409, "OperationNotValidOnPool");
    }
    return Json(200, R"({"remoteLoginIPAddress":"203.0.113.7"})");
  });
  const auto logins = world.client.GetRemoteLogins(
      {{"a", "n1"}, {"a", "n2"}, {"b", "n1"}, {"a", "n3"}, {"a", "n4"}}, {});
  REQUIRE(logins.size() == 5);
  REQUIRE(logins[0]);
  REQUIRE(*logins[0]);
  CHECK((*logins[0])->address == "203.0.113.7");
  CHECK((*logins[0])->port == 50001);
  REQUIRE(logins[1]);
  CHECK_FALSE(*logins[1]);
  REQUIRE(logins[2]);
  CHECK_FALSE(*logins[2]);
  REQUIRE_FALSE(logins[3]);
  CHECK(logins[3].error().code == "OperationNotValidOnPool");
  REQUIRE_FALSE(logins[4]);  // no port is not port 0
  CHECK(logins[4].error().message.find("remoteLoginPort") != std::string::npos);
}

TEST_CASE("nodes: each call for a user is its method and its path") {
  World world([](const HttpRequest&) { return Json(200, "", {{"request-id", "r"}}); });
  using Kind = Write::Kind;
  const auto answers =
      world.client.Send({{Kind::kAddNodeUser, "p1", "", R"({"name":"ann"})", "n1", "ann"},
                         {Kind::kReplaceNodeUser, "p1", "", "{}", "n1", "a b/c"},
                         {Kind::kDeleteNodeUser, "p1", "", "", "n1", "ann"}},
                        {}, {});
  REQUIRE(answers.size() == 3);
  for (const auto& answer : answers) CHECK(answer);
  const char* calls[] = {"POST /pools/p1/nodes/n1/users", "PUT /pools/p1/nodes/n1/users/a%20b%2Fc",
                         "DELETE /pools/p1/nodes/n1/users/ann"};
  for (std::size_t i = 0; i < 3; ++i) {
    const HttpRequest& request = world.transport.sent[i];
    CHECK(request.method + " " + request.target ==
          std::string(calls[i]) + "?api-version=2025-06-01");
  }
}

}  // namespace
}  // namespace reconciler::batch
