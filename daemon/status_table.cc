#include "daemon/status_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "daemon/readiness.h"
#include "reconciler/core/duration.h"

namespace reconciler::daemon {
namespace {

using cycle::PoolStatus;

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
  // What parked the plan is the same for all its pools, and long: it stands once below the table.
  if (status.reason == Reason::kGuardTripped) return std::string(kParkedInShort);
  if (status.next.empty()) return Harmless(status.message);
  return Harmless(status.message.empty() ? status.next : status.message + "; " + status.next);
}

struct Column {
  std::string_view title;
  std::string (*text)(const PoolStatus& status, Instant wall);
  int dispensable;  // the greatest goes first where the screen is too narrow; 0: stays
};
constexpr std::size_t kConditionColumn = 2;
constexpr std::size_t kSinceColumn = 6;
constexpr std::array<Column, 7> kColumns = {{
    {"ACCOUNT", [](const PoolStatus& s, Instant) { return Harmless(s.account); }, 0},
    {"POOL", [](const PoolStatus& s, Instant) { return Harmless(s.pool); }, 0},
    {"CONDITION",
     [](const PoolStatus& s, Instant) { return std::string(ConditionName(s.condition)); }, 0},
    {"REASON", [](const PoolStatus& s, Instant) { return std::string(ReasonName(s.reason)); }, 0},
    {"NODES", [](const PoolStatus& s, Instant) { return NodesText(s); }, 1},
    {"IMAGE", [](const PoolStatus& s, Instant) { return ImageText(s); }, 3},
    {"SINCE", SinceText, 2},
}};
constexpr int kGap = 2;
constexpr std::string_view kMessageTitle = "MESSAGE";

class StatusTable {
 public:
  StatusTable(const std::vector<PoolStatus>& statuses, Instant wall, const Screen& screen)
      : statuses_(statuses), screen_(screen) {
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      std::vector<std::string>& cells = cells_[i];
      cells.emplace_back(kColumns[i].title);
      for (const PoolStatus& status : statuses) cells.push_back(kColumns[i].text(status, wall));
      for (const std::string& cell : cells) widths_[i] = std::max(widths_[i], DisplayWidth(cell));
      shown_[i] = true;
    }
    HideNeedless();
    for (const PoolStatus& status : statuses) messages_.push_back(MessageText(status));
    FitToScreen();
  }

  std::string Write() const {
    std::string text = Line(0, std::string(messages_inline_ ? kMessageTitle : ""), Color::kNone);
    for (std::size_t i = 0; i < statuses_.size(); ++i) {
      const std::string& message = messages_[i];
      text += Line(i + 1, messages_inline_ ? message : "", ColorOf(statuses_[i].condition));
      if (!messages_inline_) text += Below(message, 4);
      for (const std::string& note : statuses_[i].notes) text += Below(Harmless(note), 2);
    }
    return text;
  }

 private:
  void HideNeedless() {
    shown_[0] = std::any_of(statuses_.begin(), statuses_.end(), [&](const PoolStatus& status) {
      return status.account != statuses_.front().account;
    });
    shown_[kSinceColumn] = std::any_of(cells_[kSinceColumn].begin() + 1, cells_[kSinceColumn].end(),
                                       [](const std::string& cell) { return cell != "-"; });
  }

  int FixedWidth() const {
    int width = 0;
    for (std::size_t i = 0; i < kColumns.size(); ++i) width += shown_[i] ? widths_[i] + kGap : 0;
    return width;
  }

  /// A message that finds no room beside the columns goes below them, as do all others then.
  void FitToScreen() {
    if (screen_.width <= 0) return;
    int longest = static_cast<int>(kMessageTitle.size());
    for (const std::string& message : messages_) longest = std::max(longest, DisplayWidth(message));
    messages_inline_ = FixedWidth() + longest <= screen_.width;
    for (int rank = 3; rank > 0 && FixedWidth() - kGap > screen_.width; --rank) {
      for (std::size_t i = 0; i < kColumns.size(); ++i) {
        if (kColumns[i].dispensable == rank) shown_[i] = false;
      }
    }
  }

  std::string Line(std::size_t row, const std::string& message, Color color) const {
    std::string plain;
    std::string line;
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      if (!shown_[i]) continue;
      std::string cell = cells_[i][row];
      cell.append(static_cast<std::size_t>(widths_[i] - DisplayWidth(cell) + kGap), ' ');
      plain += cell;
      line += i == kConditionColumn ? Paint(screen_, color, cell) : cell;
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
    return text;
  }

  const std::vector<PoolStatus>& statuses_;
  const Screen& screen_;
  std::array<std::vector<std::string>, kColumns.size()> cells_;  // with the titles
  std::array<int, kColumns.size()> widths_{};
  std::array<bool, kColumns.size()> shown_{};
  std::vector<std::string> messages_;
  bool messages_inline_ = true;
};

}  // namespace

std::string RenderStatusTable(const std::vector<PoolStatus>& statuses, Instant wall,
                              const Screen& screen) {
  if (statuses.empty()) return {};
  return StatusTable(statuses, wall, screen).Write();
}

Value StatusesToJson(const std::vector<PoolStatus>& statuses) {
  Array list;
  for (const PoolStatus& status : statuses) {
    Array notes(status.notes.begin(), status.notes.end());
    Value item = Object{{"account", status.account},
                        {"condition", ConditionName(status.condition)},
                        {"exists", status.exists},
                        {"imageDaysLeft", status.image_days ? Value(*status.image_days) : Value()},
                        {"message", status.message},
                        {"next", status.next},
                        {"nodes", status.nodes_current},
                        {"notes", std::move(notes)},
                        {"pool", status.pool},
                        {"reason", ReasonName(status.reason)},
                        {"revision", status.revision}};
    if (status.position.file) item.Set("spec", FormatPosition(status.position));
    item.Set("targetNodes", status.nodes_target);
    list.push_back(std::move(item));
  }
  return list;
}

std::string CountStatuses(const std::vector<PoolStatus>& statuses) {
  std::map<Condition, std::size_t> counts;
  std::size_t orphans = 0;
  for (const PoolStatus& status : statuses) {
    const bool orphan = status.reason == Reason::kOrphaned;
    orphans += orphan ? 1 : 0;
    if (!orphan) ++counts[status.condition];
  }
  const std::size_t pools = statuses.size() - orphans;
  std::string text = fmt::format("{} of {} {} Ready", counts[Condition::kReady], pools,
                                 pools == 1 ? "pool" : "pools");
  for (const auto& [condition, count] : counts) {
    if (condition == Condition::kReady || count == 0) continue;
    text += fmt::format(", {} {}", count, ConditionName(condition));
  }
  if (orphans > 0) text += fmt::format(", {} {}", orphans, orphans == 1 ? "orphan" : "orphans");
  return text + ".";
}

}  // namespace reconciler::daemon
