#include "reconciler/batch/pool_reader.h"

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <utility>

#include "reconciler/core/json.h"

namespace reconciler::batch {
namespace {

constexpr const char* kPool = R"({
  "id": "p1", "eTag": "0x8DC1", "lastModified": "2025-07-01T12:00:00.1234567Z",
  "creationTime": "2025-06-01T00:00:00Z", "state": "active", "allocationState": "Steady",
  "allocationStateTransitionTime": "2025-07-01T12:00:01Z", "vmSize": "standard_d2_v3",
  "currentDedicatedNodes": 1, "targetDedicatedNodes": "2", "currentLowPriorityNodes": 3,
  "targetLowPriorityNodes": 4, "enableAutoScale": true,
  "resizeErrors": [{"code": "AllocationTimedout", "message": "Not in time"}],
  "autoScaleRun": {"timestamp": "2025-07-01T12:00:02Z", "results": "$x=1",
                   "error": {"code": "InsufficientSampleData", "message": "Too few"}}})";

Value Pool() { return std::move(ParseJson(kPool)).value(); }

std::string ErrorWith(std::string_view name, Value value) {
  Value pool = Pool();
  pool.Set(name, std::move(value));
  const auto read = ReadPool(std::move(pool));
  return read ? "" : read.error().message;
}

std::string ErrorWithout(std::string_view name) {
  Value pool = Pool();
  pool.Erase(name);
  const auto read = ReadPool(std::move(pool));
  return read ? "" : read.error().message;
}

TEST_CASE("pool reader: a pool is read whole") {
  const auto pool = ReadPool(Pool());
  REQUIRE(pool);
  CHECK(pool->id == "p1");
  CHECK(pool->etag == "0x8DC1");
  CHECK(pool->creation_time == "2025-06-01T00:00:00Z");
  CHECK(!pool->deleting);
  CHECK(pool->allocation_state == AllocationState::kSteady);
  CHECK(pool->vm_size == "standard_d2_v3");
  CHECK(pool->current_dedicated == 1);
  CHECK(pool->target_dedicated == 2);
  CHECK(pool->current_low_priority == 3);
  CHECK(pool->target_low_priority == 4);
  CHECK(pool->auto_scale);
  REQUIRE(pool->resize_errors.size() == 1);
  CHECK(pool->resize_errors[0].code == "AllocationTimedout");
  REQUIRE(pool->auto_scale_run);
  CHECK(pool->auto_scale_run->results == "$x=1");
  CHECK(pool->auto_scale_run->error_code == "InsufficientSampleData");
  CHECK(FormatTime(*pool->allocation_transition) == "2025-07-01T12:00:01Z");
  CHECK(pool->body.StringOr("vmSize") == "standard_d2_v3");
}

TEST_CASE("pool reader: a missing member that a decision needs is an error that names it") {
  for (const char* name : {"eTag", "state", "vmSize", "allocationState"}) {
    CHECK(ErrorWithout(name) ==
          "pool 'p1': property '" + std::string(name) + "': expected a string, found nothing");
  }
  for (const char* name : {"currentDedicatedNodes", "currentLowPriorityNodes",
                           "targetDedicatedNodes", "targetLowPriorityNodes"}) {
    CHECK(ErrorWithout(name) ==
          "pool 'p1': property '" + std::string(name) + "': expected a count, found nothing");
  }
  CHECK(ErrorWithout("id") == "a pool: property 'id': expected a string, found nothing");
  for (const char* name : {"resizeErrors", "autoScaleRun", "enableAutoScale", "lastModified"}) {
    CAPTURE(name);
    CHECK(ErrorWithout(name).empty());
  }
}

TEST_CASE("pool reader: a wrong type is an error that names it and what came") {
  CHECK(ErrorWith("id", 5) == "a pool: property 'id': expected a string, found integer 5");
  CHECK(ErrorWith("eTag", "0x1\r\nX: 1") ==
        "pool 'p1': property 'eTag': expected an entity tag, found other characters");
  CHECK(ErrorWith("state", "") ==
        "pool 'p1': property 'state': expected a string, found an empty one");
  CHECK(ErrorWith("targetDedicatedNodes", "two") ==
        "pool 'p1': property 'targetDedicatedNodes': expected a count, found string 'two'");
  CHECK(ErrorWith("targetDedicatedNodes", -1) ==
        "pool 'p1': property 'targetDedicatedNodes': expected a count, found integer -1");
  CHECK(ErrorWith("targetDedicatedNodes", std::int64_t{3'000'000'000}) ==
        "pool 'p1': property 'targetDedicatedNodes': expected a count, found integer 3000000000");
  CHECK(ErrorWith("targetDedicatedNodes", 1.5) ==
        "pool 'p1': property 'targetDedicatedNodes': expected a count, found number");
  CHECK(ErrorWith("enableAutoScale", "yes") ==
        "pool 'p1': property 'enableAutoScale': expected true or false, found string 'yes'");
  CHECK(ErrorWith("lastModified", "yesterday") ==
        "pool 'p1': property 'lastModified': expected a time, found string 'yesterday'");
  CHECK(ErrorWith("resizeErrors", Object{}) ==
        "pool 'p1': property 'resizeErrors': expected a list, found object");
  CHECK(ErrorWith("resizeErrors", Array{1}) ==
        "pool 'p1': property 'resizeErrors': expected objects, found integer");
  CHECK(ErrorWith("autoScaleRun", Array{}) ==
        "pool 'p1': property 'autoScaleRun': expected an object, found list");
  CHECK(ReadPool(Value("p1")).error().message == "a pool: expected an object, found string");
  CHECK(ReadPool(Value(5)).error().kind == ErrorKind::kTransient);
}

TEST_CASE("pool reader: an unknown word is no error, a pool in deletion may lack members") {
  CHECK(ErrorWith("allocationState", "dreaming").empty());
  Value pool = Pool();
  pool.Set("allocationState", "dreaming");
  CHECK(ReadPool(std::move(pool))->allocation_state == AllocationState::kUnknown);
  const auto deleting = ReadPool(*ParseJson(R"({"id": "p1", "eTag": "0x1", "state": "deleting"})"));
  REQUIRE(deleting);
  CHECK(deleting->deleting);
}

}  // namespace
}  // namespace reconciler::batch
