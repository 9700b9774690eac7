#include "reconciler/batch/list_rows.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "reconciler/batch/answer_text.h"
#include "reconciler/batch/row_reader.h"
#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

void AddCounts(RowReader& row, const std::string& group, NodeCounts& counts) {
  const Value* members = row.Object(group);
  if (members == nullptr) return;
  for (const Member& member : members->AsObject()) {
    const std::string path = fmt::format("{}.{}", group, member.name);
    const int count = row.Count(path);
    if (EqualFolded(member.name, "total")) {
      counts.total += count;
    } else if (count > 0) {
      counts.by_state[member.name] += count;
    }
  }
}

std::string StartTaskFailure(RowReader& row) {
  const Value* failure = row.Object("startTaskInfo.failureInfo");
  const bool failed = EqualFolded(row.Text("startTaskInfo.result"), "failure");
  if (failure == nullptr && !failed) return {};
  std::string text = "the start task failed";
  if (failure != nullptr) {
    text = Printable(failure->StringOr("code", "Unknown"), 100);
    const std::string message = Printable(failure->StringOr("message"), 300);
    if (!message.empty()) text += ": " + message;
    while (text.ends_with('.')) text.pop_back();
  }
  const Value* info = row.Object("startTaskInfo");
  const Value* exit_code = info == nullptr ? nullptr : info->Find("exitCode");
  if (exit_code != nullptr && exit_code->IsInt()) {
    text += fmt::format(" (exit code {})", exit_code->AsInt());
  }
  return text;
}

void AddStartTask(RowReader& row, NodeSummary& node) {
  const Value* info = row.Object("startTaskInfo");
  if (info == nullptr) return;
  node.start_task = FoldCase(row.Text("startTaskInfo.result"));
  if (node.start_task.empty()) node.start_task = FoldCase(row.Text("startTaskInfo.state"));
  const Value* exit_code = info->Find("exitCode");
  if (exit_code != nullptr && exit_code->IsInt()) {
    node.start_task_exit_code = static_cast<int>(exit_code->AsInt());
  }
}

void AddErrors(RowReader& row, NodeSummary& node) {
  const Array* errors = row.List("errors");
  if (errors == nullptr) return;
  for (const Value& error : *errors) {
    std::string text = Printable(error.StringOr("code", "Unknown"), 100);
    const std::string message = Printable(error.StringOr("message"), 300);
    if (!message.empty()) text += ": " + message;
    while (text.ends_with('.')) text.pop_back();
    node.errors.push_back(std::move(text));
  }
}

std::vector<std::string> Texts(RowReader& row, std::string_view name) {
  std::vector<std::string> texts;
  const Array* const items = row.List(name);
  if (items == nullptr) return texts;
  for (const Value& item : *items) {
    if (!item.IsString()) {
      row.Fail(name, "strings", item.TypeName());
      break;
    }
    texts.push_back(item.AsString());
  }
  return texts;
}

std::string Named(std::string_view kind, std::string_view id) {
  return id.empty() ? fmt::format("a {}", kind) : fmt::format("{} '{}'", kind, Printable(id, 100));
}

}  // namespace

Result<NodeCounts> ReadNodeCounts(const Value& value) {
  const std::string id(value.StringOr("poolId"));
  RowReader row(value, "node counts of " + Named("pool", id));
  NodeCounts counts;
  counts.pool_id = row.RequiredText("poolId");
  AddCounts(row, "dedicated", counts);
  AddCounts(row, "lowPriority", counts);
  if (row.error()) return *row.error();
  return counts;
}

Result<SupportedImage> ReadSupportedImage(const Value& value) {
  const Value* sku = value.FindPath("imageReference.sku");
  const bool named = sku != nullptr && sku->IsString();
  RowReader row(value, Named("supported image", named ? sku->AsString() : ""));
  SupportedImage image;
  image.publisher = row.RequiredText("imageReference.publisher");
  image.offer = row.RequiredText("imageReference.offer");
  image.sku = row.RequiredText("imageReference.sku");
  image.version = row.Text("imageReference.version");
  image.node_agent = row.RequiredText("nodeAgentSKUId");
  image.os_type = FoldCase(row.Text("osType"));
  image.verified = EqualFolded(row.Text("verificationType"), "verified");
  image.end_of_life = row.Time("batchSupportEndOfLife");
  image.capabilities = Texts(row, "capabilities");
  if (row.error()) return *row.error();
  return image;
}

Value WriteSupportedImage(const SupportedImage& image) {
  Array capabilities(image.capabilities.begin(), image.capabilities.end());
  Value row = Object{{"nodeAgentSKUId", image.node_agent},
                     {"imageReference", Object{{"publisher", image.publisher},
                                               {"offer", image.offer},
                                               {"sku", image.sku},
                                               {"version", image.version}}},
                     {"osType", image.os_type},
                     {"verificationType", image.verified ? "verified" : "unverified"},
                     {"capabilities", std::move(capabilities)}};
  if (image.end_of_life) row.Set("batchSupportEndOfLife", FormatTime(*image.end_of_life));
  return row;
}

Result<Application> ReadApplication(const Value& value) {
  RowReader row(value, Named("application", value.StringOr("id")));
  Application application{row.RequiredText("id"), Texts(row, "versions")};
  if (row.error()) return *row.error();
  return application;
}

Result<NodeSummary> ReadNode(const Value& value) {
  RowReader row(value, Named("node", value.StringOr("id")));
  NodeSummary node;
  node.id = row.RequiredText("id");
  node.state = FoldCase(row.RequiredText("state"));
  node.dedicated = value.BoolOr("isDedicated", true);
  node.last_boot_time = row.Time("lastBootTime");
  node.allocation_time = row.Time("allocationTime");
  node.private_address = row.Text("ipAddress");
  node.vm_size = row.Text("vmSize");
  node.running_tasks = row.Count("runningTasksCount");
  AddStartTask(row, node);
  AddErrors(row, node);
  node.start_task_failure = StartTaskFailure(row);
  if (row.error()) return *row.error();
  return node;
}

Result<RemoteLogin> ReadRemoteLogin(const Value& answer) {
  RowReader row(answer, "remote login settings");
  RemoteLogin login;
  login.address = row.RequiredText("remoteLoginIPAddress");
  login.port = row.RequiredCount("remoteLoginPort");
  if (row.error()) return *row.error();
  if (login.port < 1 || login.port > 65'535) {
    row.Fail("remoteLoginPort", "a port", std::to_string(login.port));
    return *row.error();
  }
  return login;
}

}  // namespace reconciler::batch
