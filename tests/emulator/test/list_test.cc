// Lists: pages, selections, filters; images; common headers and errors.
#include <doctest/doctest.h>

#include <chrono>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

/// Ids of a page.
std::string Ids(const Json& page, const char* name = "id") {
  std::string out;
  for (const Json& item : *page.Find("value")->AsList()) out += item.Text(name) + " ";
  return out;
}

struct Filled : World {
  explicit Filled(int count, ServiceConfig config = TestConfig()) : World(std::move(config)) {
    for (int i = count; i-- > 0;) Call("POST", "/pools", LinuxPool(fmt::format("p{:03}", i)));
  }
  /// Follows nextLink, which must carry the whole query.
  std::string Pages(std::string target) {
    std::string out;
    for (;;) {
      const Response response = service.Handle({"GET", target, {}, ""});
      CHECK(response.status == 200);
      const Json page = ParseJson(response.body).value();
      out += Ids(page, target.find("nodecounts") == std::string::npos ? "id" : "poolId") + "| ";
      const std::string next = page.Text("odata.nextLink");
      if (next.empty()) return out;
      CHECK(next.substr(0, 18) == "http://batch.local");
      target = next.substr(18);
    }
  }
};

TEST_CASE("pages follow each other in the order of ids") {
  Filled world{5};
  CHECK(world.Pages("/pools?api-version=2025-06-01&maxresults=2") ==
        "p000 p001 | p002 p003 | p004 | ");
  CHECK(world.Pages("/pools?api-version=2025-06-01&maxresults=5") == "p000 p001 p002 p003 p004 | ");
  CHECK(world.Pages("/pools?api-version=2025-06-01&maxresults=1&$filter=id%20gt%20%27p002%27") ==
        "p003 | p004 | ");
  CHECK(world.Pages("/nodecounts?api-version=2025-06-01&maxresults=3") ==
        "p000 p001 p002 | p003 p004 | ");
}

TEST_CASE("a next link spells names in lower case, none twice, none without value") {
  Filled world{2};
  const Json page = world.Get("/pools?maxResults=1&$Filter=&$select=id,state&maxresults=1");
  const std::string link = page.Text("odata.nextLink");
  const std::string rest = "&maxresults=1&$select=id%2Cstate&api-version=2025-06-01";
  CHECK(link.starts_with("http://batch.local/pools?$skiptoken="));
  CHECK(link.ends_with(rest));
  const std::string token = link.substr(36, link.size() - 36 - rest.size());
  CHECK(
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
      std::string::npos);
  CHECK(Ids(page) == "p000 ");
}

TEST_CASE("maxresults, skiptoken, select and filter are checked") {
  Filled world{1, DefaultSide()};
  const auto code = [&](const std::string& query) {
    return CodeOf(world.Call("GET", "/pools?" + query));
  };
  CHECK(code("maxresults=0") == "InvalidQueryParameterValue");
  CHECK(code("maxresults=x") == "InvalidQueryParameterValue");
  CHECK(code("maxresults=1001") == "OutOfRangeQueryParameterValue");
  CHECK(code("maxresults=1000").empty());
  CHECK(code("$skiptoken=%2B") == "InvalidQueryParameterValue");
  CHECK(code("$select=id,colour") == "InvalidQueryParameterValue");
  CHECK(code("$filter=metadata%20eq%20%27x%27") == "InvalidQueryParameterValue");
  CHECK(code("$expand=stats").empty());
  CHECK(code("$expand=nodes") == "InvalidQueryParameterValue");
}

TEST_CASE("a member of another api-version cannot be selected") {
  Filled world{1, DefaultSide()};
  const auto code = [&](const std::string& target, const std::string& version) {
    return CodeOf(world.Call("GET", target, "", {}, version));
  };
  for (const std::string path : {"/pools", "/pools/p000"}) {
    CAPTURE(path);
    CHECK(code(path + "?$select=resourceTags", "2025-06-01") == "InvalidQueryParameterValue");
    CHECK(code(path + "?$select=resourceTags", "2024-07-01.20.0").empty());
    CHECK(code(path + "?$select=upgradePolicy", "2023-11-01.18.0") == "InvalidQueryParameterValue");
    CHECK(code(path + "?$select=upgradePolicy", "2024-02-01.19.0").empty());
  }
  const std::string nodes = "/pools/p000/nodes?$select=ipv6Address";
  CHECK(code(nodes, "2024-07-01.20.0") == "InvalidQueryParameterValue");
  CHECK(code(nodes, "2025-06-01").empty());
  ServiceConfig lenient = DefaultSide();
  lenient.switches.reject_unknown_select = false;
  Filled other{1, lenient};
  CHECK(other.Get("/pools/p000?$select=id,resourceTags").Text("id") == "p000");
}

TEST_CASE("8 a filter of another type than the property is refused in each collection") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p"));
  world.Call("POST", "/jobs", R"({"id":"j","poolInfo":{"poolId":"p"}})");
  const auto reason = [&](const std::string& path, const std::string& filter) {
    const Response answer = world.Call("GET", path + "?$filter=" + PercentEncode(filter));
    if (answer.status == 200) return std::string{"taken"};
    CHECK(CodeOf(answer) == "InvalidQueryParameterValue");
    CHECK(DetailOf(answer, "QueryParameterName") == "$filter");
    CHECK(DetailOf(answer, "QueryParameterValue") == filter);
    const std::string text = DetailOf(answer, "Reason");
    return text.substr(0, text.find(" at "));
  };
  const std::string time = " is compared with a time such as DateTime'2025-01-01T00:00:00Z'";
  CHECK(reason("/pools", "enableAutoScale eq 'true'") ==
        "'enableAutoScale' is compared with true or false");
  CHECK(reason("/pools", "enableInterNodeCommunication eq false") == "taken");
  CHECK(reason("/pools", "creationTime gt 5") == "'creationTime'" + time);
  CHECK(reason("/pools", "state eq 5") == "'state' is compared with a text in single quotes");
  CHECK(reason("/pools/p/nodes", "lastBootTime gt 'x'") == "'lastBootTime'" + time);
  CHECK(reason("/pools/p/nodes", "startTaskInfo/exitCode eq '0'") ==
        "'startTaskInfo/exitCode' is compared with a number");
  CHECK(reason("/jobs", "priority ge 1") == "taken");
  CHECK(reason("/jobs/j/tasks", "executionInfo/retryCount gt 1") == "taken");
  CHECK(reason("/jobs/j/tasks", "executionInfo/startTime lt true") ==
        "'executionInfo/startTime'" + time);
}

TEST_CASE("a selection holds the members asked for, in answer order") {
  Filled world{1};
  const Response list = world.Call("GET", "/pools?$select=state,%20id,metadata");
  CHECK(list.body == R"({"odata.metadata":"http://batch.local/$metadata#pools","value":[)"
                     R"({"id":"p000","state":"active"}]})");
  const Response get = world.Call("GET", "/pools/p000?$select=metadata");
  CHECK(get.body == R"({"odata.metadata":"http://batch.local/$metadata#pools/@Element"})");
}

TEST_CASE("pools are filtered by state and prefix") {
  Filled world{3};
  world.Call("DELETE", "/pools/p001");
  CHECK(Ids(world.Get("/pools?$filter=state%20eq%20%27active%27")) == "p000 p002 ");
  CHECK(Ids(world.Get(
            "/pools?$filter=startswith(id,%27P00%27)%20and%20state%20eq%20%27deleting%27")) ==
        "p001 ");
  CHECK(Ids(world.Get("/pools?$filter=enableAutoScale%20eq%20true")).empty());
  CHECK(Ids(world.Get("/pools?$filter=vmSize%20eq%20%27STANDARD_D2_v3%27%20and%20"
                      "enableInterNodeCommunication%20eq%20false%20and%20id%20eq%20%27p000%27")) ==
        "p000 ");
  CHECK(Ids(world.Get("/pools?$filter=creationTime%20gt%20DateTime%272030-01-01T00:00:00Z%27"))
            .empty());
}

TEST_CASE("images are listed sorted, filtered, with dates relative to the start") {
  World world;
  const Json all = world.Get("/supportedimages");
  const Json::List& rows = *all.Find("value")->AsList();
  CHECK(rows.size() > 60);
  std::string before, guide, near;
  for (const Json& row : rows) {
    const Json& image = *row.Find("imageReference");
    const std::string key =
        image.Text("publisher") + "\n" + image.Text("offer") + "\n" + image.Text("sku");
    CHECK(before < key);
    before = key;
    if (image.Text("sku") == "18.04-lts") guide = JsonText(row);
    if (image.Text("sku") == "20_04-lts") near = row.Text("batchSupportEndOfLife");
    CHECK(image.Text("sku") != "16.04-lts");
  }
  CHECK(
      guide ==
      R"({"imageReference":{"publisher":"canonical","offer":"ubuntuserver","sku":"18.04-lts",)"
      R"("version":"latest"},"verificationType":"verified","nodeAgentSKUId":"batch.node.ubuntu 18.04",)"
      R"("osType":"linux"})");
  CHECK(near == "2025-08-30T00:00:00Z");
  const Json windows = world.Get(
      "/supportedimages?$filter=osType%20eq%20%27windows%27%20and%20(verificationType%20eq%20%"
      "27verified%27)");
  for (const Json& row : *windows.Find("value")->AsList()) {
    CHECK(row.Text("nodeAgentSKUId") == "batch.node.windows amd64");
    CHECK(row.Text("verificationType") == "verified");
  }
  const Json page = world.Get("/supportedimages?maxresults=10");
  CHECK(page.Find("value")->AsList()->size() == 10);
  CHECK(page.Find("odata.nextLink") != nullptr);
}

TEST_CASE("extra images are listed and may hide built-in ones") {
  ServiceConfig config = TestConfig();
  ImageConfig extra;
  extra.publisher = "Canonical";
  extra.offer = "ubuntuserver";
  extra.sku = "18.04-lts";
  extra.node_agent = "batch.node.ubuntu 18.04";
  extra.end_of_life = "2025-01-31";
  config.extra_images = {extra};
  World world{config};
  CHECK(world.Call("GET", "/supportedimages")
            .body.find(R"("batchSupportEndOfLife":"2025-01-31T00:00:00Z")") != std::string::npos);
}

TEST_CASE("an account has its own images beside those of the service, or none but its own") {
  ServiceConfig config = TestConfig();
  config.accounts.resize(3);
  ImageConfig row;
  row.publisher = "p";
  row.offer = "o";
  row.sku = "s";
  row.node_agent = "batch.node.ubuntu 22.04";
  config.accounts[1].name = "more";
  config.accounts[2].name = "only";
  config.accounts[1].images = config.accounts[2].images = {row};
  config.accounts[2].service_images = false;
  World world{config};
  const auto as = [](const std::string& account) {
    return Headers{{"Authorization", "SharedKey " + account + ":x"}};
  };
  const auto listed = [&](const std::string& account) {
    const Response list = world.Call("GET", "/supportedimages", "", as(account));
    return ParseJson(list.body)->Find("value")->AsList()->size();
  };
  CHECK(listed("more") == listed("demo") + 1);
  CHECK(listed("only") == 1);
  const std::string own =
      R"({"id":"q","vmSize":"Standard_D2_v3","virtualMachineConfiguration":{"imageReference":)"
      R"({"publisher":"p","offer":"o","sku":"s"},"nodeAgentSKUId":"batch.node.ubuntu 22.04"}})";
  const auto taken = [&](const std::string& account, const std::string& body) {
    return world.Call("POST", "/pools", body, as(account)).status;
  };
  CHECK(taken("demo", own) == 400);
  CHECK(taken("more", own) == 201);
  CHECK(taken("only", own) == 201);
  CHECK(taken("more", LinuxPool("p")) == 201);
  CHECK(taken("only", LinuxPool("p")) == 404);  // nor does it know the agent
}

TEST_CASE("every answer carries the common headers and echoes the client's id when asked") {
  World world;
  Response response = world.Call("GET", "/pools", "", {{"client-request-id", "c-1"}});
  CHECK(HeaderOf(response, "DataServiceVersion") == "3.0");
  CHECK(HeaderOf(response, "request-id").size() == 36);
  CHECK(HeaderOf(response, "Date") == "Tue, 01 Jul 2025 12:00:00 GMT");
  CHECK(HeaderOf(response, "client-request-id").empty());
  response = world.Call("GET", "/pools", "",
                        {{"client-request-id", "c-1"}, {"Return-Client-Request-Id", "True"}});
  CHECK(HeaderOf(response, "client-request-id") == "c-1");
}

TEST_CASE("an error's message ends with request id and time, its phrase is the sentence") {
  World world;
  const Response response = world.Call("GET", "/pools/none");
  CHECK(response.reason == "The specified pool does not exist.");
  CHECK(ParseJson(response.body)->Find("message")->Text("value") ==
        "The specified pool does not exist.\nRequestId:" + HeaderOf(response, "request-id") +
            "\nTime:2025-07-01T12:00:00.1234567Z");
  CHECK(HeaderOf(response, "Content-Length") == std::to_string(response.body.size()));
}

TEST_CASE("wrong methods and paths are told apart") {
  World world{DefaultSide()};
  world.Call("POST", "/pools", LinuxPool("p"));
  CHECK(world.Call("PUT", "/pools").status == 405);
  CHECK(world.Call("PUT", "/pools/p").status == 405);
  CHECK(world.Call("GET", "/pools/p/resize").status == 405);
  CHECK(CodeOf(world.Call("POST", "/nodecounts")) == "UnsupportedHttpVerb");
  CHECK(world.Call("GET", "/").status == 404);
  CHECK(world.Call("GET", "/pools/p/unknown").status == 404);
  CHECK(world.Call("GET", "pools").status == 404);
}

TEST_CASE("writes are counted, applied or not") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p"));
  world.Call("POST", "/pools", LinuxPool("p"));
  world.Call("GET", "/pools");
  CHECK(world.service.counters().requests == 3);
  CHECK(world.service.counters().writes == 2);
  CHECK(world.service.counters().writes_applied == 1);
  CHECK(world.service.PoolIds("demo") == std::vector<std::string>{"p"});
  CHECK(ParseJson(world.service.PoolJson("demo", "P"))->Text("id") == "p");
  CHECK(world.service.PoolJson("demo", "q").empty());
}

TEST_CASE("several accounts live side by side") {
  ServiceConfig config = TestConfig();
  config.accounts.resize(2);
  config.accounts[1].name = "other";
  World world{config};
  world.Call("POST", "/pools", LinuxPool("p"), {{"Authorization", "SharedKey other:x"}});
  world.Call("POST", "/pools", LinuxPool("q"), {{"Host", "demo.local:1"}});
  CHECK(world.service.PoolIds("other") == std::vector<std::string>{"p"});
  CHECK(world.service.PoolIds("demo") == std::vector<std::string>{"q"});
  CHECK(world.Call("GET", "/pools", "", {{"Authorization", "SharedKey third:x"}}).status == 403);
}

}  // namespace
}  // namespace emulator
