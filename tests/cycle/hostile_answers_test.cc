// Answers that the service would never give, and the next cycle after them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/cycle/scenario.h"

namespace {

using namespace reconciler;

constexpr char kOne[] = "  targetDedicatedNodes: 1\n";
constexpr char kTwo[] = "  targetDedicatedNodes: 2\n";

struct Hostile {
  const char* name;
  std::string body;
};

const std::vector<Hostile>& Pages() {
  static const std::vector<Hostile> kPages = {
      {"no JSON", "<html>hello</html>"},
      {"nothing", ""},
      {"cut", R"({"value":[{"id":"linux","eT)"},
      {"no list", R"({"value":{"id":"linux"}})"},
      {"no value", R"({"odata.metadata":"x"})"},
      {"a list at the top", R"([{"id":"linux"}])"},
      {"rows of numbers", R"({"value":[1,2,3]})"},
      {"no id", R"({"value":[{"eTag":"0x1","state":"active"}]})"},
      {"id of a wrong type", R"({"value":[{"id":7,"eTag":"0x1"}]})"},
      {"no state", R"({"value":[{"id":"linux"}]})"},
      {"targets of a wrong type",
       R"({"value":[{"id":"linux","eTag":"0x1","state":"active","allocationState":"steady",)"
       R"("targetDedicatedNodes":"many"}]})"},
      {"the same pool twice",
       R"({"value":[{"id":"linux","eTag":"0x1"},{"id":"LINUX","eTag":"0x1"}]})"},
      {"a link that is no link", R"({"value":[],"odata.nextLink":"http://demo.local/pools"})"},
      {"a link of a wrong type", R"({"value":[],"odata.nextLink":{"a":1}})"},
      {"deep", R"({"value":)" + std::string(5'000, '[') + std::string(5'000, ']') + "}"},
      {"text behind the end", R"({"value":[]} {"value":[]})"},
  };
  return kPages;
}

void Answer(keeper::Keeper& world, const std::string& kind, const std::string& body) {
  world.bent.on_answer = [kind, body](const HttpRequest& request, HttpAnswer& answer) {
    if (keeper::KindOf(request) != kind) return;
    answer.status = 200;  // where it follows a link that was made up, too
    answer.body = body;
  };
}

}  // namespace

TEST_CASE("a pool list that cannot be believed allows no action; the next good one goes on") {
  for (const Hostile& page : Pages()) {
    CAPTURE(page.name);
    keeper::Keeper world;
    world.Spec("linux", kOne);
    world.Settle();
    world.Spec("linux", kTwo);
    world.Spec("new", kOne);
    Answer(world, "list", page.body);
    world.Run();
    CHECK_FALSE(world.last.observed);
    REQUIRE(world.last.failure);
    CHECK(world.last.failure->message.find("account 'demo': list pools") != std::string::npos);
    CHECK(world.TakeWrites().empty());
    CHECK(world.Events(EventKind::kCycleFailed).size() == 1);
    world.bent.on_answer = nullptr;
    REQUIRE(world.RunUntilReady());
    CHECK(world.TakeWrites().size() == 2);
  }
}

TEST_CASE("a list without end is given up, not followed for ever") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  int page = 0;
  world.bent.on_answer = [&](const HttpRequest& request, HttpAnswer& answer) {
    if (keeper::KindOf(request) != "list") return;
    answer.status = 200;
    answer.body = fmt::format(
        R"({{"value":[],"odata.nextLink":"http://demo.local/pools?$skiptoken={}"}})", ++page);
  };
  world.Run();
  CHECK_FALSE(world.last.observed);
  CHECK(world.TakeWrites().empty());
  CHECK(world.last.failure->message.find("no end after") != std::string::npos);
  world.bent.on_answer = nullptr;
  REQUIRE(world.RunUntilReady());
}

TEST_CASE("a list that leads in a circle is given up") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  Answer(world, "list", R"({"value":[],"odata.nextLink":"http://demo.local/pools?$skiptoken=1"})");
  world.Run();
  CHECK_FALSE(world.last.observed);
  CHECK(world.last.failure->message.find("leads back") != std::string::npos);
}

TEST_CASE("of a link to another host only the token is taken") {
  keeper::Keeper world;
  for (int i = 0; i < 4; ++i) world.Spec(fmt::format("pool-{}", i), kOne);
  world.Settle();
  world.bent.on_request = [](HttpRequest& request) {
    if (keeper::KindOf(request) == "list") request.target += "&maxresults=2";
    CHECK(request.target.rfind('/', 0) == 0);
    CHECK(request.target.find("evil") == std::string::npos);
  };
  world.bent.on_answer = [](const HttpRequest&, HttpAnswer& answer) {
    const std::size_t at = answer.body.find("\"odata.nextLink\":\"http://demo.local");
    if (at != std::string::npos) answer.body.replace(at + 18, 17, "https://evil.example");
  };
  CHECK(world.WritesOfCycles(2).empty());
  CHECK(world.last.observed);
  CHECK(world.last.statuses.size() == 4);
}

TEST_CASE("node counts and image lists that cannot be believed are as good as missing") {
  for (const Hostile& page : Pages()) {
    const std::string name = page.name;
    if (name.find("pool") != std::string::npos || name == "no state" || name == "no id" ||
        name == "id of a wrong type" || name == "targets of a wrong type") {
      continue;  // rows of the other list
    }
    CAPTURE(name);
    keeper::Keeper world;
    world.Spec("linux", kOne);
    world.Settle();
    Answer(world, "counts", page.body);
    world.Run();
    CHECK(world.last.observed);
    CHECK(world.StatusOf("linux").reason == Reason::kNodeCountsUnknown);
    world.Spec("new", kOne);
    world.Restart();
    world.state.blobs.clear();
    Answer(world, "images", page.body);
    world.Run();
    CHECK(world.last.observed);
    CHECK(world.StatusOf("new").reason == Reason::kImageListMissing);
    CHECK(world.TakeWrites().empty());
    world.bent.on_answer = nullptr;
    REQUIRE(world.RunUntilReady(200));
  }
}

TEST_CASE("the answer to the look after a write may lie too: nothing is learned from it") {
  for (const char* body : {"", "[]", R"({"id":"other","eTag":"0x1"})", R"({"id":"linux"})"}) {
    CAPTURE(body);
    keeper::Keeper world;
    world.Spec("linux", kOne);
    world.Settle();
    world.Spec("linux", kTwo);
    Answer(world, "get", body);
    world.Run();
    CHECK(world.TakeWrites().size() == 1);
    CHECK(world.StatusOf("linux").condition != Condition::kReady);
    world.bent.on_answer = nullptr;
    REQUIRE(world.RunUntilReady());
    CHECK(world.TakeWrites().empty());
    CHECK(world.last.plan.Kept() == 0);
  }
}
