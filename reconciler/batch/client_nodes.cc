// The client's reads of nodes.
#include <fmt/format.h>

#include <utility>

#include "reconciler/batch/answer_text.h"
#include "reconciler/batch/client.h"
#include "reconciler/batch/paging.h"
#include "reconciler/core/json.h"
#include "reconciler/core/json_list.h"

namespace reconciler::batch {
namespace {

constexpr const char* kNodeMembers =
    "id,state,isDedicated,lastBootTime,allocationTime,ipAddress,vmSize,runningTasksCount,"
    "startTaskInfo,errors";

Status AddNode(std::string_view text, std::vector<NodeSummary>& rows) {
  const Result<Value> value = ParseJson(text);
  if (!value) return Error{ErrorKind::kTransient, value.error().message};
  Result<NodeSummary> node = ReadNode(*value);
  if (!node) return std::move(node).error();
  rows.push_back(std::move(node).value());
  return Ok{};
}

}  // namespace

Result<std::vector<NodeSummary>> Client::ListNodes(const std::string& pool_id,
                                                   std::stop_token stop) {
  return std::move(ListNodesOf({pool_id}, std::move(stop)).front());
}

std::vector<Result<std::vector<NodeSummary>>> Client::ListNodesOf(
    const std::vector<std::string>& pool_ids, std::stop_token stop) {
  std::vector<Read> reads;
  for (const std::string& id : pool_ids) {
    reads.push_back({WithParameter(Target(PoolPath(id, "nodes")), "$select", kNodeMembers),
                     fmt::format("list nodes of pool '{}'", id)});
  }
  std::vector<Result<HttpAnswer>> first = SendReads(reads, stop);
  std::vector<Result<std::vector<NodeSummary>>> lists;
  for (std::size_t i = 0; i < reads.size(); ++i) {
    std::vector<NodeSummary> rows;
    const PageReader read = [&](std::string_view body, std::size_t, bool& row_failed) {
      return SplitJsonList(body, [&](std::string_view row) {
        Status status = AddNode(row, rows);
        row_failed = row_failed || !status.has_value();
        return status;
      });
    };
    const auto report =
        ReadListFrom(std::move(first[i]), {reads[i].target, reads[i].what}, read, stop);
    if (report) {
      lists.emplace_back(std::move(rows));
    } else {
      lists.emplace_back(report.error());
    }
  }
  return lists;
}

Result<std::optional<RemoteLogin>> Client::ToRemoteLogin(const NodeName& node,
                                                         Result<HttpAnswer> answer) {
  if (!answer) {
    const Error& error = answer.error();
    const bool gone =
        error.status == 404 && (error.code == "NodeNotFound" || error.code == "PoolNotFound");
    if (gone) return std::optional<RemoteLogin>();
    return error;
  }
  const std::string what = What(fmt::format("remote login settings of node '{}' of pool '{}' ({})",
                                            node.node_id, node.pool_id, DescribeBody(*answer)));
  const Result<Value> body = ParseJson(answer->body);
  if (!body) return Error{ErrorKind::kTransient, what + ": " + body.error().message};
  Result<RemoteLogin> login = ReadRemoteLogin(*body);
  if (!login) return Annotate(std::move(login).error(), what);
  return std::optional<RemoteLogin>(std::move(login).value());
}

std::vector<Result<std::optional<RemoteLogin>>> Client::GetRemoteLogins(
    const std::vector<NodeName>& nodes, std::stop_token stop) {
  std::vector<Read> reads;
  for (const NodeName& node : nodes) {
    reads.push_back({Target(NodePath(node.pool_id, node.node_id, "remoteloginsettings")),
                     fmt::format("get remote login settings of node '{}' of pool '{}'",
                                 node.node_id, node.pool_id)});
  }
  std::vector<Result<HttpAnswer>> answers = SendReads(reads, stop);
  std::vector<Result<std::optional<RemoteLogin>>> logins;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    logins.push_back(ToRemoteLogin(nodes[i], std::move(answers[i])));
  }
  return logins;
}

}  // namespace reconciler::batch
