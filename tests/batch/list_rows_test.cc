#include "reconciler/batch/list_rows.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "reconciler/core/json.h"

namespace reconciler::batch {
namespace {

Value Json(const std::string& text) { return std::move(ParseJson(text)).value(); }

TEST_CASE("rows: node counts of both kinds are added, zeros left out") {
  const auto counts = ReadNodeCounts(Json(R"({"poolId": "p1",
      "dedicated": {"idle": 2, "running": 0, "startTaskFailed": 1, "total": 3},
      "lowPriority": {"idle": 1, "preempted": 4, "total": 5}})"));
  REQUIRE(counts);
  CHECK(counts->pool_id == "p1");
  CHECK(counts->total == 8);
  CHECK(counts->by_state.size() == 3);
  CHECK(counts->Of("idle") == 3);
  CHECK(counts->Of("preempted") == 4);
  CHECK(counts->Of("running") == 0);
}

TEST_CASE("rows: wrong node counts name pool and member") {
  CHECK(
      ReadNodeCounts(Json(R"({"poolId": "p1", "dedicated": {"idle": "many"}})")).error().message ==
      "node counts of pool 'p1': property 'dedicated.idle': expected a count, found string "
      "'many'");
  CHECK(ReadNodeCounts(Json("{}")).error().message ==
        "node counts of a pool: property 'poolId': expected a string, found nothing");
}

TEST_CASE("rows: a supported image") {
  const auto image = ReadSupportedImage(Json(R"({"imageReference":
      {"publisher": "canonical", "offer": "ubuntuserver", "sku": "18.04-lts", "version": "latest"},
      "verificationType": "verified", "nodeAgentSKUId": "batch.node.ubuntu 18.04",
      "capabilities": ["DockerCompatible"], "batchSupportEndOfLife": "2023-05-30T00:00:00Z",
      "osType": "Linux"})"));
  REQUIRE(image);
  CHECK(image->publisher == "canonical");
  CHECK(image->offer == "ubuntuserver");
  CHECK(image->sku == "18.04-lts");
  CHECK(image->version == "latest");
  CHECK(image->node_agent == "batch.node.ubuntu 18.04");
  CHECK(image->os_type == "linux");
  CHECK(image->verified);
  REQUIRE(image->capabilities.size() == 1);
  CHECK(FormatTime(*image->end_of_life) == "2023-05-30T00:00:00Z");
  const auto again = ReadSupportedImage(WriteSupportedImage(*image));
  REQUIRE(again);
  CHECK(again->sku == image->sku);
  CHECK(again->node_agent == image->node_agent);
  CHECK(again->verified == image->verified);
  CHECK(again->os_type == image->os_type);
  CHECK(again->capabilities == image->capabilities);
  CHECK(again->end_of_life == image->end_of_life);
}

TEST_CASE("rows: a wrong supported image names its SKU and the property") {
  CHECK(ReadSupportedImage(Json(R"({"imageReference": {"publisher": "a", "offer": "b", "sku": "c"},
                                    "nodeAgentSKUId": 1})"))
            .error()
            .message ==
        "supported image 'c': property 'nodeAgentSKUId': expected a string, found integer 1");
  CHECK(ReadSupportedImage(Json("{}")).error().message ==
        "a supported image: property 'imageReference.publisher': expected a string, found nothing");
}

TEST_CASE("rows: a node tells why its start task failed") {
  const auto node = ReadNode(Json(R"({"id": "tvm_1_d", "state": "StartTaskFailed",
      "isDedicated": true, "lastBootTime": "2025-07-01T12:00:00Z",
      "startTaskInfo": {"state": "completed", "exitCode": 1, "result": "failure",
        "failureInfo": {"category": "usererror", "code": "FailureExitCode",
                        "message": "The task exited with an exit code representing a failure."}}})"));
  REQUIRE(node);
  CHECK(node->id == "tvm_1_d");
  CHECK(node->state == "starttaskfailed");
  CHECK(node->dedicated);
  CHECK(node->start_task_failure ==
        "FailureExitCode: The task exited with an exit code representing a failure (exit code 1)");
  CHECK(FormatTime(*node->last_boot_time) == "2025-07-01T12:00:00Z");
}

TEST_CASE("rows: a node that boots has neither a boot time nor a failure") {
  const auto node = ReadNode(Json(R"({"id": "n", "state": "creating", "isDedicated": false})"));
  REQUIRE(node);
  CHECK(!node->dedicated);
  CHECK(!node->last_boot_time);
  CHECK(node->start_task_failure.empty());
  CHECK(ReadNode(Json(R"({"id": "n"})")).error().message ==
        "node 'n': property 'state': expected a string, found nothing");
  // A row that is no object at all.
  CHECK(!ReadNode(Value(5)));
  CHECK(!ReadNodeCounts(Value("x")));
  CHECK(!ReadSupportedImage(Value(Array{})));
}

}  // namespace
}  // namespace reconciler::batch
