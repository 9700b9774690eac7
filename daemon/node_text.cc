#include "daemon/node_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "daemon/text_table.h"
#include "reconciler/core/duration.h"

namespace reconciler::daemon {
namespace {

/// In the simplified mode of communication a node has a way in only through a NAT pool.
constexpr std::string_view kNoLoginHint =
    "; its networkConfiguration.endpointConfiguration names no inbound NAT pool for port 22";

using cycle::NodeRow;

std::string AgeText(const NodeRow& row, Instant now) {
  if (!row.node.allocation_time) return "-";
  const auto age =
      std::chrono::duration_cast<std::chrono::seconds>(now - *row.node.allocation_time);
  return HumanDuration(std::max(age, std::chrono::seconds{0}));
}

/// "success", "failure (1)", "running", "-"
std::string StartTaskText(const NodeRow& row) {
  if (row.node.start_task.empty()) return "-";
  const bool failed = row.node.start_task == "failure";
  if (!failed || !row.node.start_task_exit_code) return row.node.start_task;
  return fmt::format("{} ({})", row.node.start_task, *row.node.start_task_exit_code);
}

Color ColorOf(const NodeRow& row) {
  const std::string& state = row.node.state;
  if (state == "starttaskfailed" || state == "unusable" || state == "unknown") return Color::kRed;
  if (row.gone || state == "preempted" || state == "offline" || state == "leavingpool") {
    return Color::kYellow;
  }
  return state == "idle" || state == "running" ? Color::kNone : Color::kFaint;
}

constexpr std::size_t kIdLettersMin = 12;

/// The ids of a pool, cut to the shortest beginnings that still tell them apart, all of one length:
/// real ones have 73 letters.
std::size_t LettersOfIds(const cycle::PoolNodes& pool) {
  std::size_t letters = kIdLettersMin;  // rows are sorted: neighbours share most
  for (std::size_t i = 1; i < pool.rows.size(); ++i) {
    const std::string &a = pool.rows[i - 1].node.id, &b = pool.rows[i].node.id;
    const auto differs = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    letters = std::max(letters, static_cast<std::size_t>(differs.first - a.begin()) + 1);
  }
  return letters;
}

/// What all nodes of a pool have in common is said once, under the table. Those that left meanwhile
/// have a reason of their own.
std::string SharedProblem(const cycle::PoolNodes& pool) {
  std::string shared;
  for (const NodeRow& row : pool.rows) {
    if (row.gone) continue;
    if (row.login) return {};
    if (shared.empty()) shared = row.no_login;
  }
  return shared;
}

TableLine LineOf(const NodesOfPool& pool, const NodeRow& row, Instant now, bool all_without,
                 std::size_t id_letters) {
  TableLine line;
  line.cells = {pool.nodes.pool,
                row.node.id.substr(0, id_letters),
                row.gone ? "gone" : row.node.state,
                row.login ? row.login->address : "-",
                row.login ? std::to_string(row.login->port) : "-",
                row.node.dedicated ? "" : "spot",
                row.node.vm_size,
                AgeText(row, now),
                StartTaskText(row),
                std::to_string(row.node.running_tasks)};
  line.color = ColorOf(row);
  if (!row.node.start_task_failure.empty()) line.below.push_back(row.node.start_task_failure);
  for (const std::string& error : row.node.errors) line.below.push_back(error);
  if (!row.no_login.empty() && (row.gone || !all_without)) line.below.push_back(row.no_login);
  return line;
}

/// "3 nodes: 2 idle, 1 starttaskfailed."
std::string Closing(const std::vector<NodesOfPool>& pools) {
  std::map<std::string, int> states;
  int total = 0;
  for (const NodesOfPool& pool : pools) {
    for (const NodeRow& row : pool.nodes.rows) {
      ++states[row.gone ? "gone" : row.node.state];
      ++total;
    }
  }
  std::string text = fmt::format("{} node{}", total, total == 1 ? "" : "s");
  const char* separator = ": ";
  for (const auto& [state, count] : states) {
    text += fmt::format("{}{} {}", separator, count, Harmless(state));
    separator = ", ";
  }
  return text + ".\n";
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string TimeOrEmpty(const std::optional<Instant>& time) {
  return time ? FormatTime(*time) : std::string();
}

Value TimeOrNull(const std::optional<Instant>& time) {
  return time ? Value(FormatTime(*time)) : Value();
}

Value RowToJson(const NodeRow& row) {
  const batch::NodeSummary& node = row.node;
  Value login;
  if (row.login) login = Object{{"address", row.login->address}, {"port", row.login->port}};
  const auto text_or_null = [](const std::string& text) {
    return text.empty() ? Value() : Value(text);
  };
  return Object{
      {"allocationTime", TimeOrNull(node.allocation_time)},
      {"dedicated", node.dedicated},
      {"errors", Array(node.errors.begin(), node.errors.end())},
      {"gone", row.gone},
      {"id", node.id},
      {"lastBootTime", TimeOrNull(node.last_boot_time)},
      {"login", std::move(login)},
      {"noLogin", text_or_null(row.no_login)},
      {"privateAddress", text_or_null(node.private_address)},
      {"runningTasks", node.running_tasks},
      {"startTask",
       Object{{"exitCode", node.start_task_exit_code ? Value(*node.start_task_exit_code) : Value()},
              {"failure", text_or_null(node.start_task_failure)},
              {"result", text_or_null(node.start_task)}}},
      {"state", node.state},
      {"vmSize", node.vm_size}};
}

}  // namespace

std::string RenderNodes(const std::vector<NodesOfPool>& pools, Instant now, const Screen& screen) {
  std::set<std::string> accounts;
  for (const NodesOfPool& pool : pools) accounts.insert(pool.account);
  const std::vector<TableColumn> columns = {
      {"POOL", pools.size() == 1 ? 2 : 0},  // who asked for one knows its name
      {"NODE", 0},
      {"STATE", 0},
      {"IP", 0},
      {"PORT", 0},
      {"KIND", 3},
      {"SIZE", 4},
      {"AGE", 2},
      {"START TASK", 1},
      {"TASKS", 3}};
  std::vector<TableLine> lines;
  std::string notes;
  for (const NodesOfPool& pool : pools) {
    const std::string shared = SharedProblem(pool.nodes);
    const std::size_t letters =
        screen.width > 0 ? LettersOfIds(pool.nodes) : std::string::npos;  // a pipe wants them whole
    for (const NodeRow& row : pool.nodes.rows) {
      lines.push_back(LineOf(pool, row, now, !shared.empty(), letters));
    }
    if (!shared.empty()) {
      for (const std::string& line :
           WrapToWidth(fmt::format("Pool {} has no remote login: {}{}", pool.nodes.pool,
                                   Harmless(shared), shared.starts_with("409") ? kNoLoginHint : ""),
                       screen.width)) {
        notes += line + '\n';
      }
    }
  }
  return RenderTable(columns, lines, screen) + notes + Closing(pools);
}

std::string NodesToCsv(const std::vector<NodesOfPool>& pools) {
  std::string text =
      "account,pool,node,state,ip,port,dedicated,vmSize,allocationTime,lastBootTime,startTask,"
      "startTaskExitCode,runningTasks,privateAddress,problem\n";
  for (const NodesOfPool& pool : pools) {
    for (const NodeRow& row : pool.nodes.rows) {
      const batch::NodeSummary& node = row.node;
      std::string problem = node.start_task_failure;
      for (const std::string& error : node.errors) problem += (problem.empty() ? "" : "; ") + error;
      const std::string fields[] = {
          pool.account,
          pool.nodes.pool,
          node.id,
          row.gone ? "gone" : node.state,
          row.login ? row.login->address : "",
          row.login ? std::to_string(row.login->port) : "",
          node.dedicated ? "true" : "false",
          node.vm_size,
          TimeOrEmpty(node.allocation_time),
          TimeOrEmpty(node.last_boot_time),
          node.start_task,
          node.start_task_exit_code ? std::to_string(*node.start_task_exit_code) : "",
          std::to_string(node.running_tasks),
          node.private_address,
          problem};
      const char* separator = "";
      for (const std::string& field : fields) {
        text += separator + CsvField(field);
        separator = ",";
      }
      text += '\n';
    }
  }
  return text;
}

Value NodesToJson(const std::vector<NodesOfPool>& pools, Array failures) {
  Array list;
  for (const NodesOfPool& pool : pools) {
    Array nodes;
    for (const NodeRow& row : pool.nodes.rows) nodes.push_back(RowToJson(row));
    list.push_back(
        Object{{"account", pool.account}, {"nodes", std::move(nodes)}, {"pool", pool.nodes.pool}});
  }
  return Object{
      {"errors", std::move(failures)}, {"formatVersion", "1"}, {"pools", std::move(list)}};
}

}  // namespace reconciler::daemon
