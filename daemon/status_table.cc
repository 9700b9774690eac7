#include "daemon/status_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "reconciler/core/duration.h"

namespace reconciler::daemon {
namespace {

using cycle::PoolStatus;
using Row = std::vector<std::string>;

Color ColorOf(Condition condition) {
  switch (condition) {
    case Condition::kReady:
      return Color::kGreen;
    case Condition::kProgressing:
    case Condition::kProtected:
      return Color::kBlue;
    case Condition::kDrifted:
    case Condition::kFrozen:
      return Color::kYellow;
    case Condition::kDegraded:
    case Condition::kBlocked:
      return Color::kRed;
  }
  return Color::kNone;
}

std::string ImageText(const PoolStatus& status) {
  if (!status.image_days) return "-";
  return *status.image_days < 0 ? "ended" : fmt::format("{} d", *status.image_days);
}

std::string SinceText(const PoolStatus& status, Instant wall) {
  if (status.since == Instant{} || status.since > wall) return "-";
  return HumanDuration(std::chrono::duration_cast<std::chrono::seconds>(wall - status.since));
}

std::string NodesText(const PoolStatus& status) {
  return status.exists ? fmt::format("{}/{}", status.nodes_current, status.nodes_target) : "-";
}

std::string MessageText(const PoolStatus& status) {
  if (status.next.empty()) return Harmless(status.message);
  return Harmless(status.message.empty() ? status.next : status.message + "; " + status.next);
}

Row RowOf(const PoolStatus& status, Instant wall, bool with_account) {
  Row row;
  if (with_account) row.push_back(Harmless(status.account));
  row.push_back(Harmless(status.pool));
  row.emplace_back(ConditionName(status.condition));
  row.emplace_back(ReasonName(status.reason));
  row.push_back(NodesText(status));
  row.push_back(ImageText(status));
  row.push_back(SinceText(status, wall));
  row.push_back(MessageText(status));
  return row;
}

std::vector<int> WidthsOf(const std::vector<Row>& rows) {
  std::vector<int> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  return widths;
}

/// `painted`: the column that carries the colour.
std::string LineOf(const Row& row, const std::vector<int>& widths, std::size_t painted, Color color,
                   const Screen& screen) {
  std::string plain;
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    std::string cell = row[i];
    if (i + 1 < row.size()) {
      cell.append(static_cast<std::size_t>(widths[i] - DisplayWidth(cell) + 2), ' ');
    } else if (screen.width > 0) {
      cell = CutToWidth(cell, std::max(1, screen.width - DisplayWidth(plain)));
    }
    plain += cell;
    line += i == painted ? Paint(screen, color, cell) : cell;
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  // Where even the fixed columns do not fit, colours give way.
  const bool fits = screen.width == 0 || DisplayWidth(plain) <= screen.width;
  return (fits ? line : CutToWidth(plain, screen.width)) + "\n";
}

}  // namespace

std::string RenderStatusTable(const std::vector<PoolStatus>& statuses, Instant wall,
                              const Screen& screen) {
  if (statuses.empty()) return {};
  const bool with_account = std::any_of(
      statuses.begin(), statuses.end(),
      [&](const PoolStatus& status) { return status.account != statuses.front().account; });
  std::vector<Row> rows = {{"POOL", "CONDITION", "REASON", "NODES", "IMAGE", "SINCE", "MESSAGE"}};
  if (with_account) rows.front().insert(rows.front().begin(), "ACCOUNT");
  for (const PoolStatus& status : statuses) rows.push_back(RowOf(status, wall, with_account));
  const std::vector<int> widths = WidthsOf(rows);
  const std::size_t condition = with_account ? 2 : 1;
  std::string table = LineOf(rows.front(), widths, rows.front().size(), Color::kNone, screen);
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    table += LineOf(rows[i + 1], widths, condition, ColorOf(statuses[i].condition), screen);
    for (const std::string& note : statuses[i].notes) {
      table += CutToWidth("  " + Harmless(note), screen.width) + "\n";
    }
  }
  return table;
}

std::string CountStatuses(const std::vector<PoolStatus>& statuses) {
  std::map<Condition, std::size_t> counts;
  for (const PoolStatus& status : statuses) ++counts[status.condition];
  std::string text = fmt::format("{} of {} {} Ready", counts[Condition::kReady], statuses.size(),
                                 statuses.size() == 1 ? "pool" : "pools");
  for (const auto& [condition, count] : counts) {
    if (condition == Condition::kReady || count == 0) continue;
    text += fmt::format(", {} {}", count, ConditionName(condition));
  }
  return text + ".";
}

}  // namespace reconciler::daemon
