#include "daemon/status_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <utility>

#include "daemon/readiness.h"
#include "reconciler/core/duration.h"

namespace reconciler::daemon {
namespace {

using cycle::PoolStatus;

std::string SinceText(const PoolStatus& status, Instant wall) {
  if (status.since == Instant{} || status.since > wall) return "-";
  return HumanDuration(std::chrono::duration_cast<std::chrono::seconds>(wall - status.since));
}

std::string NodesText(const PoolStatus& status) {
  return status.exists ? fmt::format("{}/{}", status.nodes_current, status.nodes_target) : "-";
}

std::string MessageText(const PoolStatus& status) {
  // What parked the plan is the same for all its pools, and long: it stands once below the table.
  if (status.reason == Reason::kGuardTripped) return std::string(kParkedInShort);
  return Harmless(status.message);
}

struct Column {
  std::string_view title;
  int dispensable;  // the greatest goes first where the screen is too narrow; 0: stays
};
enum ColumnIndex : std::size_t {
  kAccount,
  kPool,
  kCondition,
  kReason,
  kNodes,
  kImage,
  kSince,
  kNext,
  kColumnCount
};
constexpr std::array<Column, kColumnCount> kColumns = {{{"ACCOUNT", 0},
                                                        {"POOL", 0},
                                                        {"CONDITION", 0},
                                                        {"REASON", 1},
                                                        {"NODES", 2},
                                                        {"IMAGE", 5},
                                                        {"SINCE", 4},
                                                        {"NEXT", 3}}};
constexpr int kRankMax = 5;
constexpr int kNameMin = 8;  // columns that a name keeps on the narrowest screen
constexpr int kGap = 2;
constexpr std::string_view kMessageTitle = "MESSAGE";

struct Row {
  std::array<std::string, kColumnCount> cells;
  Color color = Color::kNone;
  std::string message;
  std::vector<std::string> notes;
};

Row RowOf(const PoolStatus& status, Instant wall) {
  return {.cells = {Harmless(status.account), Harmless(status.pool),
                    std::string(ConditionName(status.condition)),
                    std::string(ReasonName(status.reason)), NodesText(status), ImageText(status),
                    SinceText(status, wall), NextText(status, wall)},
          .color = ColorOf(status.condition),
          .message = MessageText(status),
          .notes = status.notes};
}

Row RowOf(const UnknownPools& unknown) {
  return {.cells = {Harmless(unknown.account),
                    fmt::format("({} {})", unknown.pools, unknown.pools == 1 ? "pool" : "pools"),
                    "Unknown", unknown.reason, "-", "-", "-", "-"},
          .color = Color::kRed,
          .message = Harmless(unknown.message),
          .notes = {}};
}

class StatusTable {
 public:
  StatusTable(std::vector<Row> rows, const Screen& screen)
      : rows_(std::move(rows)), screen_(screen) {
    shown_.fill(true);
    for (std::size_t i = 0; i < kColumnCount; ++i) {
      widths_[i] = DisplayWidth(kColumns[i].title);
      for (const Row& row : rows_) widths_[i] = std::max(widths_[i], DisplayWidth(row.cells[i]));
    }
    HideNeedless();
    FitToScreen();
  }

  /// `lines_max`: of the text, 0 for no limit. The last line counts what found no room then.
  std::string Write(std::size_t lines_max) const {
    Row titles;
    for (std::size_t i = 0; i < kColumnCount; ++i) titles.cells[i] = kColumns[i].title;
    std::string text = Line(titles, messages_inline_ ? kMessageTitle : "");
    std::size_t lines = 1;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::string row = Whole(rows_[i]);
      lines += static_cast<std::size_t>(std::count(row.begin(), row.end(), '\n'));
      const bool last = i + 1 == rows_.size();
      if (lines_max > 0 && lines + (last ? 0 : 1) > lines_max) {
        return text + CutToWidth(CountFrom(i), screen_.width) + "\n";
      }
      text += row;
    }
    return text;
  }

 private:
  std::string Whole(const Row& row) const {
    std::string text = Line(row, messages_inline_ ? row.message : "");
    if (!messages_inline_) text += Below(WhatIsHidden(row), 4);
    for (const std::string& note : row.notes) text += Below(Harmless(note), 2);
    return text;
  }

  /// "and 476 more: 470 Ready, 6 Progressing"
  std::string CountFrom(std::size_t first) const {
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = first; i < rows_.size(); ++i) ++counts[rows_[i].cells[kCondition]];
    std::string text;
    for (const auto& [condition, count] : counts) {
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, condition);
    }
    return fmt::format("... and {} more: {}", rows_.size() - first, text);
  }

  bool IsEmpty(std::size_t column) const {
    return std::all_of(rows_.begin(), rows_.end(),
                       [&](const Row& row) { return row.cells[column] == "-"; });
  }
  void HideNeedless() {
    shown_[kAccount] = std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
      return row.cells[kAccount] != rows_.front().cells[kAccount];
    });
    shown_[kSince] = !IsEmpty(kSince);
    shown_[kNext] = !IsEmpty(kNext);
  }

  int FixedWidth() const {
    int width = 0;
    for (std::size_t i = 0; i < kColumnCount; ++i) width += shown_[i] ? widths_[i] + kGap : 0;
    return width;
  }

  /// A message that finds no room beside the columns goes below them, as do all others then.
  void FitToScreen() {
    if (screen_.width <= 0) return;
    int longest = static_cast<int>(kMessageTitle.size());
    for (const Row& row : rows_) longest = std::max(longest, DisplayWidth(row.message));
    messages_inline_ = FixedWidth() + longest <= screen_.width;
    for (int rank = kRankMax; rank > 0 && FixedWidth() - kGap > screen_.width; --rank) {
      for (std::size_t i = 0; i < kColumnCount; ++i) {
        if (kColumns[i].dispensable == rank) shown_[i] = false;
      }
    }
    // Names give way before the condition does.
    for (const std::size_t name : {kPool, kAccount}) {
      const int over = FixedWidth() - kGap - screen_.width;
      if (over > 0 && shown_[name]) widths_[name] = std::max(kNameMin, widths_[name] - over);
    }
  }

  /// The message, with the columns that found no room and that nobody can do without.
  std::string WhatIsHidden(const Row& row) const {
    std::string text = row.message;
    if (!shown_[kReason]) text = row.cells[kReason] + (text.empty() ? "" : ": " + text);
    const std::string& next = row.cells[kNext];
    if (!shown_[kNext] && next != "-") text += (text.empty() ? "next: " : "; next: ") + next;
    return text;
  }

  std::string Line(const Row& row, std::string_view message) const {
    std::string plain;
    std::string line;
    for (std::size_t i = 0; i < kColumnCount; ++i) {
      if (!shown_[i]) continue;
      const std::string cell = CutToWidth(row.cells[i], widths_[i]);
      const std::string gap(static_cast<std::size_t>(widths_[i] - DisplayWidth(cell) + kGap), ' ');
      plain += cell + gap;
      line += (i == kCondition ? Paint(screen_, row.color, cell) : cell) + gap;
    }
    plain += message;
    line += message;
    while (!plain.empty() && plain.back() == ' ') plain.pop_back();
    while (!line.empty() && line.back() == ' ') line.pop_back();
    // Where even the columns that stay do not fit, colours give way.
    const bool fits = screen_.width == 0 || DisplayWidth(plain) <= screen_.width;
    return (fits ? line : CutToWidth(plain, screen_.width)) + "\n";
  }

  std::string Below(const std::string& message, int indent) const {
    if (message.empty()) return {};
    const int width = screen_.width > 0 ? std::max(1, screen_.width - indent) : 0;
    std::string text;
    for (const std::string& line : WrapToWidth(message, width)) {
      text += std::string(static_cast<std::size_t>(indent), ' ') + line + "\n";
    }
    return screen_.width > 0 && screen_.width <= indent ? std::string() : text;
  }

  const std::vector<Row> rows_;
  const Screen& screen_;
  std::array<int, kColumnCount> widths_{};
  std::array<bool, kColumnCount> shown_{};
  bool messages_inline_ = true;
};

}  // namespace

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

std::string NextText(const PoolStatus& status, Instant wall) {
  if (status.next.empty()) return "-";
  const std::string next = Harmless(status.next);
  if (!status.next_at) return next;
  if (*status.next_at <= wall) return next + " now";
  return next + " in " +
         HumanDuration(std::chrono::ceil<std::chrono::seconds>(*status.next_at - wall));
}

std::string RenderStatusTable(const std::vector<PoolStatus>& statuses, Instant wall,
                              const Screen& screen, const std::vector<UnknownPools>& unknown,
                              std::size_t lines_max) {
  std::vector<Row> rows;
  // Where not all find room, what is not known comes first.
  if (lines_max > 0) {
    for (const UnknownPools& pools : unknown) rows.push_back(RowOf(pools));
  }
  for (const PoolStatus& status : statuses) rows.push_back(RowOf(status, wall));
  if (lines_max == 0) {
    for (const UnknownPools& pools : unknown) rows.push_back(RowOf(pools));
  }
  return rows.empty() ? std::string() : StatusTable(std::move(rows), screen).Write(lines_max);
}

void ConditionCounts::Add(const PoolStatus& status) {
  const bool orphan = status.reason == Reason::kOrphaned;
  ++(orphan ? orphans_ : pools_);
  if (!orphan) ++counts_[status.condition];
}

std::string ConditionCounts::Text() const {
  const auto ready = counts_.find(Condition::kReady);
  std::string text = fmt::format("{} of {} {} Ready", ready == counts_.end() ? 0 : ready->second,
                                 pools_, pools_ == 1 ? "pool" : "pools");
  for (const auto& [condition, count] : counts_) {
    if (condition == Condition::kReady) continue;
    text += fmt::format(", {} {}", count, ConditionName(condition));
  }
  if (orphans_ > 0) text += fmt::format(", {} {}", orphans_, orphans_ == 1 ? "orphan" : "orphans");
  return text;
}

std::string CountStatuses(const std::vector<PoolStatus>& statuses) {
  ConditionCounts counts;
  for (const PoolStatus& status : statuses) counts.Add(status);
  return counts.Text() + ".";
}

}  // namespace reconciler::daemon
