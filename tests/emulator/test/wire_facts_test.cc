// What the reference tells of the wire, fact by fact: headers, conditions, odata.metadata, errors.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/emulator/test/job_world.h"

namespace emulator {
namespace {

using std::chrono::seconds;

/// Names of the headers that tell answers apart: `ETag Last-Modified`, in the order of the
/// alphabet.
std::string Telling(const Response& response) {
  std::vector<std::string> names;
  for (const auto& [name, value] : response.headers) {
    if (name != "Server" && name != "Date" && name != "DataServiceVersion" &&
        name != "request-id" && name != "Strict-Transport-Security" &&
        name != "X-Content-Type-Options") {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return fmt::format("{}", fmt::join(names, " "));
}

constexpr char kRead[] = "Content-Type ETag Last-Modified Transfer-Encoding";
constexpr char kList[] = "Content-Type Transfer-Encoding";
constexpr char kActed[] = "DataServiceId ETag Last-Modified Transfer-Encoding";
constexpr char kRefused[] = "Content-Length Content-Type";

TEST_CASE("2.4 each operation of pools has its headers, and DataServiceId is its target") {
  JobWorld world{2};
  const auto call = [&](const std::string& method, const std::string& path,
                        const std::string& body = "") {
    const Response response = world.Call(method, path, body);
    const std::string id = HeaderOf(response, "DataServiceId");
    const std::string target = path == "/pools" ? "/pools/q" : path;
    if (!id.empty()) CHECK(id == "http://batch.local" + target);
    return fmt::format("{} {}", response.status, Telling(response));
  };
  const auto ok = [](int status, const std::string& headers) {
    return fmt::format("{} {}", status, headers);
  };
  CHECK(call("POST", "/pools", LinuxPool("q")) ==
        ok(201, "DataServiceId ETag Last-Modified Location Transfer-Encoding"));
  CHECK(call("GET", "/pools/p") == ok(200, kRead));
  CHECK(call("HEAD", "/pools/p") == ok(200, "ETag Last-Modified Transfer-Encoding"));
  CHECK(call("GET", "/pools") == ok(200, kList));
  CHECK(call("GET", "/pools/p/nodes") == ok(200, kList));
  CHECK(call("GET", "/nodecounts") == ok(200, kList));
  CHECK(call("GET", "/supportedimages") == ok(200, kList));
  CHECK(call("PATCH", "/pools/p", R"({"metadata":[]})") == ok(200, kActed));
  CHECK(call("POST", "/pools/p/updateproperties",
             R"({"applicationPackageReferences":[],"metadata":[]})") ==
        ok(204, "Content-Length DataServiceId ETag Last-Modified"));
  CHECK(call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":3})") == ok(202, kActed));
  CHECK(call("POST", "/pools/p/stopresize") == ok(202, kActed));
  world.Pass(seconds{20});
  CHECK(call("POST", "/pools/p/removenodes",
             R"({"nodeList":[")" + world.Node().Text("id") + R"("]})") == ok(202, kActed));
  world.Pass(seconds{20});
  const std::string formula = R"({"autoScaleFormula":"$TargetDedicatedNodes=1"})";
  CHECK(call("POST", "/pools/p/enableautoscale", formula) == ok(200, kActed));
  CHECK(call("POST", "/pools/p/evaluateautoscale", formula) ==
        ok(200, "Content-Type DataServiceId Transfer-Encoding"));
  CHECK(call("POST", "/pools/p/disableautoscale") == ok(200, kActed));
  CHECK(call("DELETE", "/pools/q") == ok(202, "Transfer-Encoding"));
  CHECK(call("DELETE", "/pools/q") == ok(409, kRefused));
  CHECK(call("GET", "/pools/none") == ok(404, kRefused));
  CHECK(call("HEAD", "/pools/none") == ok(404, "Content-Length"));
}

TEST_CASE(
    "2.4 every answer says who serves, in which version, and that it is to be taken as told") {
  World world;
  const std::string id = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
  for (const char* const path : {"/pools", "/pools/none", "/nowhere"}) {
    CAPTURE(path);
    const Response response = world.Call(
        "GET", path, "", {{"client-request-id", id}, {"return-client-request-id", "true"}});
    CHECK(HeaderOf(response, "Server") == "Microsoft-HTTPAPI/2.0");
    CHECK(HeaderOf(response, "Date") == "Tue, 01 Jul 2025 12:00:00 GMT");
    CHECK(HeaderOf(response, "DataServiceVersion") == "3.0");
    CHECK(HeaderOf(response, "Strict-Transport-Security").rfind("max-age=31536000", 0) == 0);
    CHECK(HeaderOf(response, "X-Content-Type-Options") == "nosniff");
    CHECK(HeaderOf(response, "Content-Type") == "application/json;odata=minimalmetadata");
    CHECK(HeaderOf(response, "client-request-id") == id);
    CHECK(HeaderOf(response, "request-id").size() == 36);
  }
  const Headers asked_not{{"client-request-id", id}, {"return-client-request-id", "false"}};
  CHECK(HeaderOf(world.Call("GET", "/pools", "", asked_not), "client-request-id").empty());
}

TEST_CASE("2.5 every operation with conditions looks at all four, and a refused one does nothing") {
  JobWorld world{1};
  const std::string etag = world.Get("/pools/p").Text("eTag");
  const std::string past = "Mon, 30 Jun 2025 12:00:00 GMT", future = FormatHttpDate(world.now);
  const Headers unmet{{"If-Match", "0x1"},
                      {"If-None-Match", etag},
                      {"If-Modified-Since", future},
                      {"If-Unmodified-Since", past}};
  const Headers met{{"If-Match", etag},
                    {"If-None-Match", "0x1"},
                    {"If-Modified-Since", past},
                    {"If-Unmodified-Since", future}};
  const std::string node = world.Node().Text("id");
  const std::vector<std::array<std::string, 3>> writes{
      {"DELETE", "", ""},
      {"PATCH", "", R"({"metadata":[]})"},
      {"POST", "/resize", R"({"targetDedicatedNodes":2})"},
      {"POST", "/stopresize", ""},
      {"POST", "/enableautoscale", R"({"autoScaleFormula":"$TargetDedicatedNodes=1"})"},
      {"POST", "/removenodes", R"({"nodeList":[")" + node + R"("]})"}};
  for (const auto& condition : unmet) {
    CAPTURE(condition.first);
    CHECK(world.Call("GET", "/pools/p", "", {condition}).status == 304);
    CHECK(world.Call("HEAD", "/pools/p", "", {condition}).status == 304);
    for (const auto& [method, action, body] : writes) {
      CAPTURE(action);
      const Response response = world.Call(method, "/pools/p" + action, body, {condition});
      CHECK(response.status == 412);
      CHECK(CodeOf(response) == "ConditionNotMet");
    }
  }
  CHECK(world.Get("/pools/p").Text("eTag") == etag);
  for (const auto& condition : met) {
    CAPTURE(condition.first);
    CHECK(world.Call("HEAD", "/pools/p", "", {condition}).status == 200);
    const Response response = world.Call("POST", "/pools/p/stopresize", "", {condition});
    CHECK(CodeOf(response) != "ConditionNotMet");  // the pool is steady, which is another matter
  }
}

TEST_CASE("2.6 an answer begins with what it is") {
  JobWorld world{1};
  const auto kind = [&](const std::string& path) {
    const Json body = world.Get(path);
    const JsonMember& first = body.AsObject()->front();
    CHECK(first.name == "odata.metadata");
    return first.value.AsString()->substr(std::string("http://batch.local/$metadata").size());
  };
  CHECK(kind("/pools") == "#pools");
  CHECK(kind("/pools/p") == "#pools/@Element");
  CHECK(kind("/pools/p/nodes") == "#nodes");
  CHECK(kind("/pools/p/nodes/" + world.Node().Text("id")) == "#nodes/@Element");
  CHECK(kind("/supportedimages") == "#supportedimages");
  CHECK(kind("/nodecounts") == "#poolnodecounts");
  CHECK(kind("/poolusagemetrics") == "#poolusagemetrics");
  CHECK(kind("/pools/none") ==
        "#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element");
}

TEST_CASE("2.6 unset members are left out, null in a request is none") {
  JobWorld world{1, R"(,"displayName":null,"metadata":null,"startTask":null)", DefaultSide()};
  for (const char* const path : {"/pools/p", "/pools/p/nodes", "/nodecounts", "/supportedimages"}) {
    CAPTURE(path);
    const std::string body = world.Call("GET", path).body;
    CHECK(body.find("null") == std::string::npos);
    CHECK(body.find("[]") == std::string::npos);
  }
}

TEST_CASE("9.2 the sentences of the pool codes are the known ones, as message and as phrase") {
  ServiceConfig config = TestConfig();
  config.accounts[0].pool_quota = 1;
  World world{config};
  world.Call("POST", "/pools", LinuxPool("p"));
  const auto says = [](const Response& response) {
    const std::string text = ParseJson(response.body)->Find("message")->Text("value");
    CHECK(response.reason == text.substr(0, text.find('\n')));
    return response.reason;
  };
  CHECK(says(world.Call("POST", "/pools", LinuxPool("P"))) == "The specified pool already exists.");
  CHECK(says(world.Call("GET", "/pools/q")) == "The specified pool does not exist.");
  CHECK(says(world.Call("POST", "/pools/p/resize", R"({"targetDedicatedNodes":1})")) ==
        "The specified pool has an ongoing resize operation.");
  CHECK(says(world.Call("POST", "/pools", LinuxPool("q"))) ==
        "Pool quota for the account has been reached.");
  world.Call("DELETE", "/pools/p");
  CHECK(says(world.Call("DELETE", "/pools/p")) ==
        "The specified pool has been marked for deletion and is being reclaimed.");
}

TEST_CASE("13.7 checks come in their order: body, existence, condition, value, state") {
  World world;
  world.Call("POST", "/pools", LinuxPool("p"));
  const Headers wrong{{"If-Match", "0x1"}};
  const auto code = [&](const std::string& pool, const std::string& body, const Headers& headers) {
    return CodeOf(world.Call("POST", "/pools/" + pool + "/resize", body, headers));
  };
  const std::string missing = "{}", bad = R"({"targetDedicatedNodes":-1})",
                    good = R"({"targetDedicatedNodes":1})";
  CHECK(code("none", missing, wrong) == "MissingRequiredProperty");
  CHECK(code("none", bad, wrong) == "PoolNotFound");
  CHECK(code("p", bad, wrong) == "ConditionNotMet");
  CHECK(code("p", bad, {}) == "InvalidPropertyValue");
  CHECK(code("p", good, {}) == "PoolBeingResized");
  CHECK(DetailOf(world.Call("POST", "/pools/none/resize", missing), "PropertyName") ==
        "targetDedicatedNodes and/or targetLowPriorityNodes");
}

TEST_CASE("9.1 the value of a list of a wrong length is its length") {
  JobWorld world{1};
  const auto told = [&](const std::string& path, const std::string& body) {
    const Response answer = world.Call("POST", path, body);
    return fmt::format("{} {} {}", CodeOf(answer), DetailOf(answer, "PropertyName"),
                       DetailOf(answer, "PropertyValue"));
  };
  CHECK(told("/pools/p/removenodes", R"({"nodeList":[]})") == "InvalidPropertyValue nodeList 0");
  std::string packages = R"({"applicationId":"a0"})";
  for (int i = 1; i <= 10; ++i) packages += fmt::format(R"(,{{"applicationId":"a{}"}})", i);
  CHECK(told("/pools", LinuxPool("q", ",\"applicationPackageReferences\":[" + packages + "]")) ==
        "InvalidPropertyValue applicationPackageReferences 11");
}

TEST_CASE("2.3 a POST without Content-Length is taken, or 411 where that is wanted") {
  const auto create = [](bool required, Headers headers) {
    ServiceConfig config = TestConfig();
    config.switches.require_content_length = required;
    World world{config};
    return world.Call("POST", "/pools", LinuxPool("p"), std::move(headers));
  };
  CHECK(create(false, {}).status == 201);
  CHECK(create(true, {{"Content-Length", "1"}}).status == 201);
  const Response missing = create(true, {});
  CHECK(missing.status == 411);
  CHECK(CodeOf(missing) == "MissingContentLengthHeader");
}

TEST_CASE("2.3 a body of another type is refused before it is read, or taken") {
  const auto change = [](bool rejects, const std::string& type) {
    ServiceConfig config = TestConfig();
    config.switches.reject_other_content_types = rejects;
    World world{config};
    Headers headers;
    if (!type.empty()) headers.emplace_back("Content-Type", type);
    return world.service.Handle(
        {"PATCH", "/pools/p?api-version=2025-06-01", headers, R"({"metadata":[]})"});
  };
  for (const char* const other :
       {"text/plain", "application/xml", "application/json", "application/json; charset=utf-8",
        "application/json; odata=verbose", "text/json; odata=minimalmetadata"}) {
    CAPTURE(other);
    const Response refused = change(true, other);
    CHECK(refused.status == 400);
    CHECK(CodeOf(refused) == "InvalidHeaderValue");
    CHECK(DetailOf(refused, "HeaderName") == "Content-Type");
    CHECK(DetailOf(refused, "HeaderValue") == other);
    CHECK(CodeOf(change(false, other)) == "PoolNotFound");
  }
  const Response missing = change(true, "");
  CHECK(missing.status == 400);
  CHECK(CodeOf(missing) == "MissingRequiredHeader");
  CHECK(CodeOf(change(false, "")) == "PoolNotFound");
  CHECK(CodeOf(change(true, "Application/JSON;charset=utf-8;ODATA=MinimalMetadata")) ==
        "PoolNotFound");
}

struct Side : JobWorld {
  explicit Side(Switches switches) : JobWorld(1, "", With(std::move(switches))) {}
  static ServiceConfig With(Switches switches) {
    ServiceConfig config = TestConfig();
    config.switches = std::move(switches);
    return config;
  }
  std::string Code(const std::string& method, const std::string& path,
                   const std::string& body = "") {
    const Response response = Call(method, path, body);
    return fmt::format("{} {}", response.status, CodeOf(response));
  }
};

TEST_CASE("what is unconfirmed has two sides") {
  Side strict{Switches{}}, other{OtherSide()};
  const auto both = [&](const std::string& method, const std::string& path,
                        const std::string& body = "") {
    return strict.Code(method, path, body) + ", " + other.Code(method, path, body);
  };
  CHECK(both("GET", "/nowhere") == "404 ResourceNotFound, 400 InvalidUri");
  CHECK(both("POST", "/pools/p/removenodes", R"({"nodeList":["x"]})") ==
        "404 NodeNotFound, 400 InvalidPropertyValue");
  CHECK(both("POST", "/pools", LinuxPool("q", R"(,"autoScaleFormula":"$a=1")")) ==
        "400 InvalidAutoScalingSettings, 400 InvalidPropertyValue");
  CHECK(both("POST", "/pools/p/disableautoscale") ==
        "409 OperationInvalidForCurrentState, 409 OperationNotValidOnPool");
  const std::string task =
      R"({"startTask":{"commandLine":"x","resourceFiles":[{"httpUrl":"https://a/b?sig=s",)"
      R"("filePath":"f"}]}})";
  both("PATCH", "/pools/p", task);
  const auto url = [](Side& side) {
    const Json pool = side.Get("/pools/p");
    return pool.At({"startTask", "resourceFiles"})->AsList()->front().Text("httpUrl");
  };
  CHECK(url(strict) == "https://a/b");
  CHECK(url(other) == "https://a/b?sig=s");
  both("POST", "/pools/p/enableautoscale", R"({"autoScaleFormula":"$TargetDedicatedNodes=1"})");
  const auto remove = [](Side& side) {
    return side.Code("POST", "/pools/p/removenodes",
                     R"({"nodeList":[")" + side.Node().Text("id") + R"("]})");
  };
  CHECK(remove(strict) == "409 OperationInvalidForCurrentState");
  CHECK(remove(other) == "202 ");
}

}  // namespace
}  // namespace emulator
