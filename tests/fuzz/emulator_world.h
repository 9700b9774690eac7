// A small emulated account for hostile input: a pool with two nodes, one that scales itself, a job
// with a task, a schedule; and what every answer must be.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/emulator/test/world.h"
#include "tests/emulator/wire_text.h"

namespace fuzz {

inline void Require(bool holds) {
  if (!holds) std::abort();
}

inline std::string_view Bytes(const std::uint8_t* data, std::size_t size) {
  return {static_cast<const char*>(static_cast<const void*>(data)), size};
}

/// Whole lines of printable headers, and a body that is JSON where it says so.
inline void RequireReadable(const emulator::Request& request, const emulator::Response& response) {
  Require(response.status >= 200 && response.status < 600 && !response.reason.empty());
  for (const auto& [name, value] : response.headers) {
    Require(!name.empty() && value.find_first_of("\r\n") == std::string::npos);
    if (name == "Content-Type" && value.find("json") != std::string::npos) {
      Require(emulator::ParseJson(response.body).has_value());
    }
  }
  Require(!emulator::WireText(response, request.method == "HEAD", true).empty());
}

/// Few cores, so that a wish for many nodes costs no time here.
inline emulator::ServiceConfig SmallConfig() {
  emulator::ServiceConfig config = emulator::TestConfig();
  config.accounts.front().dedicated_core_quota = 20;
  config.accounts.front().spot_core_quota = 20;
  return config;
}

class SmallWorld : public emulator::World {
 public:
  SmallWorld() : World(SmallConfig()) {
    Must("/pools", emulator::LinuxPool("p", R"(,"targetDedicatedNodes":2)"));
    Must("/pools",
         emulator::LinuxPool("auto",
                             R"(,"enableAutoScale":true,"autoScaleFormula":"$TargetDedicated=1")"));
    Must("/jobs", R"({"id":"j","poolInfo":{"poolId":"p"}})");
    Must("/jobs/j/tasks", R"({"id":"t","commandLine":"sleep 60"})");
    Must("/jobschedules", R"({"id":"s","schedule":{"recurrenceInterval":"PT1H"},)"
                          R"("jobSpecification":{"poolInfo":{"poolId":"p"}}})");
    Pass(std::chrono::seconds{20});
    node = Get("/pools/p/nodes").Find("value")->AsList()->front().Text("id");
  }
  /// Reads what calls may have changed, and requires that it can be read.
  void LookAround(const std::string& version) {
    for (const char* const path : {"/pools", "/pools/p/nodes", "/jobs", "/jobs/j/tasks",
                                   "/jobschedules", "/poolusagemetrics"}) {
      Require(RequireReadableCall("GET", path, "", version).status != 500);
    }
  }
  emulator::Response RequireReadableCall(const std::string& method, const std::string& path,
                                         const std::string& body, const std::string& version) {
    const emulator::Request request{
        method, path + "?api-version=" + version, {{"Content-Type", emulator::kBodyType}}, body};
    emulator::Response response = service.Handle(request);
    RequireReadable(request, response);
    return response;
  }

  /// The id of the first node of the pool p.
  std::string node;

 private:
  void Must(const char* path, const std::string& body) {
    Require(Call("POST", path, body).status == 201);
  }
};

}  // namespace fuzz
