// The rows of the other lists: node counts, supported images, applications, nodes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/result.h"

namespace reconciler::batch {

/// One node, as far as anybody here asks.
struct NodeSummary {
  std::string id;
  std::string state;  // lower case: "idle", "starttaskfailed"
  bool dedicated = true;
  std::optional<Instant> last_boot_time;  // absent while creating
  std::optional<Instant> allocation_time;
  std::string private_address;
  std::string vm_size;
  int running_tasks = 0;
  /// "running", "success", "failure", as far as the service tells; empty: no start task yet.
  std::string start_task;
  std::optional<int> start_task_exit_code;
  std::vector<std::string> errors;  // "DiskFull: ...", for people
  /// Why the start task failed, for people: "FailureExitCode: The task exited with an exit code
  /// representing a failure (exit code 1)"; empty: it did not.
  std::string start_task_failure;
};

// Errors: kTransient, naming the row and the property.
Result<NodeCounts> ReadNodeCounts(const Value& row);
Result<SupportedImage> ReadSupportedImage(const Value& row);
/// The row of an image as the service writes it: what ReadSupportedImage reads back.
Value WriteSupportedImage(const SupportedImage& image);
Result<Application> ReadApplication(const Value& row);
Result<NodeSummary> ReadNode(const Value& row);

/// Where a person logs in to a node.
struct RemoteLogin {
  std::string address;
  int port = 0;
  friend bool operator==(const RemoteLogin&, const RemoteLogin&) = default;
};
Result<RemoteLogin> ReadRemoteLogin(const Value& answer);

}  // namespace reconciler::batch
