#include "daemon/diff_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/text_table.h"
#include "reconciler/core/json.h"
#include "reconciler/plan/line_diff.h"
#include "reconciler/plan/render.h"

namespace reconciler::daemon {
namespace {

using plan::DiffRow;
using plan::DiffState;
using plan::PoolDiff;

constexpr std::size_t kWholeValue = 1'000'000;
constexpr int kLabelWidth = 15;  // "      applied  "

bool Differs(const DiffRow& row) {
  return row.state == DiffState::kPlanned || row.state == DiffState::kBlocked ||
         row.state == DiffState::kObserved || row.state == DiffState::kKept;
}

Color ColorOf(DiffState state) {
  switch (state) {
    case DiffState::kPlanned:
      return Color::kYellow;
    case DiffState::kBlocked:
      return Color::kRed;
    case DiffState::kObserved:
    case DiffState::kKept:
      return Color::kBlue;
    default:
      return Color::kNone;
  }
}

const std::string* LinesIn(const std::optional<Value>& value) {
  if (!value || !value->IsString()) return nullptr;
  const std::string& text = value->AsString();
  return text.find('\n') == std::string::npos ? nullptr : &text;
}

std::string TextOf(const std::optional<Value>& value) {
  return value && value->IsString() ? value->AsString() : std::string();
}

std::string OwnershipText(const PoolDiff& diff) {
  if (diff.presence == plan::Presence::kAbsent) return "does not exist";
  if (diff.presence == plan::Presence::kDeleting) return "is being deleted";
  if (diff.ownership != plan::Ownership::kOurs) {
    return fmt::format("{}, its differences are not touched",
                       ReasonName(plan::ReasonOf(diff.ownership)));
  }
  return diff.revision.empty() ? "" : "last written at revision " + diff.revision;
}

class DiffText {
 public:
  DiffText(const std::string& account, const PoolDiff& diff, const Screen& screen)
      : account_(account), diff_(diff), screen_(screen) {}

  std::string Write() {
    AddHead();
    std::size_t differing = 0;
    for (const DiffRow& row : diff_.rows) {
      if (!Differs(row)) continue;
      ++differing;
      AddBlock(row);
    }
    AddTable();
    for (const plan::Released& released : diff_.released) Add("  . ", released.text);
    for (const plan::Hold& hold : diff_.holds) {
      Add(hold.lifted_by_time ? "  . waiting: " : "  ! ",
          fmt::format("{}: {}", ReasonName(hold.reason), hold.message));
    }
    if (differing == 0) Line("  no differences");
    return std::move(text_);
  }

 private:
  void Line(const std::string& line) { text_ += CutToWidth(line, screen_.width) + "\n"; }

  void Add(std::string_view front, const std::string& what) {
    text_ += HangingText(front, Harmless(what), screen_);
  }
  void AddLabelled(std::string_view label, const std::string& what) {
    if (!what.empty()) Add(fmt::format("      {:<{}}", label, kLabelWidth - 6), what);
  }

  void AddHead() {
    std::string head = fmt::format("pool {}   {}, {}", Harmless(diff_.pool), account_,
                                   Harmless(FormatPosition(diff_.position)));
    const std::string ownership = OwnershipText(diff_);
    if (!ownership.empty()) head += "   " + ownership;
    Add("", head);
  }

  void AddBlock(const DiffRow& row) {
    const bool creates = diff_.presence == plan::Presence::kAbsent;
    const std::string front = fmt::format("  {} ", creates ? '+' : '~');
    std::string head = Harmless(row.path);
    if (row.position.file) head += "   " + Harmless(FormatPosition(row.position));
    // The end of a path says which property it is: broken where it has to be, never cut.
    if (screen_.width > 0 && static_cast<int>(front.size() + head.size()) > screen_.width) {
      Add(front, head);
    } else {
      Line(Paint(screen_, creates ? Color::kGreen : ColorOf(row.state), front + head));
    }
    if (!row.sensitive && !creates &&
        (LinesIn(row.spec) != nullptr || LinesIn(row.live) != nullptr)) {
      AddUnified(row);
    } else {
      AddLabelled("spec", SpecText(row));
      if (!creates) AddLabelled("live", plan::RenderValue(row.live, row.sensitive, kWholeValue));
    }
    AddLabelled("applied", row.applied);
    if (creates) return;
    std::string state(plan::DiffStateName(row.state));
    if (row.cause != Cause::kNone) state += fmt::format(", cause {}", CauseName(row.cause));
    if (row.cost) state += fmt::format(", cost {}", CostName(*row.cost));
    if (!row.note.empty()) state += ": " + row.note;
    AddLabelled("state", state);
  }

  static std::string SpecText(const DiffRow& row) {
    const bool named = row.spec && !row.spec->IsNull();
    if (row.sensitive || named) return plan::RenderValue(row.spec, row.sensitive, kWholeValue);
    const std::string standard = plan::RenderValue(row.standard, false, kWholeValue);
    return row.standard ? standard + " (default)" : standard;
  }

  void AddUnified(const DiffRow& row) {
    Line("      --- live");
    Line("      +++ spec");
    for (const std::string& line : plan::UnifiedDiff(TextOf(row.live), TextOf(row.spec))) {
      const Color color = line.front() == '-'   ? Color::kRed
                          : line.front() == '+' ? Color::kGreen
                          : line.front() == '@' ? Color::kBlue
                                                : Color::kNone;
      const int width = screen_.width > 0 ? std::max(10, screen_.width - 6) : 0;
      text_ += "      " + Paint(screen_, color, CutToWidth(Harmless(line), width)) + "\n";
    }
  }

  /// Whether the values would be cut away beside the paths.
  bool IsTooNarrowForTable() const {
    constexpr std::size_t kRoomForValue = 30;
    std::size_t longest = 0;
    for (const DiffRow& row : diff_.rows) {
      if (!Differs(row)) longest = std::max(longest, row.path.size());
    }
    return screen_.width > 0 && longest + kRoomForValue > static_cast<std::size_t>(screen_.width);
  }

  void AddTable() {
    const bool narrow = IsTooNarrowForTable();
    std::vector<TableLine> lines;
    for (const DiffRow& row : diff_.rows) {
      if (Differs(row)) continue;
      if (narrow) {
        Add("    ", row.path);
        AddLabelled("live", plan::RenderValue(row.live, row.sensitive, kWholeValue));
        AddLabelled("state", std::string(plan::DiffStateName(row.state)));
        continue;
      }
      TableLine line;
      line.cells = {"  " + row.path, plan::RenderValue(row.live, row.sensitive, 40),
                    std::string(plan::DiffStateName(row.state)),
                    row.position.file ? FormatPosition(row.position) : "-",
                    row.applied.empty() ? "-" : row.applied};
      line.color = row.state == DiffState::kInSync ? Color::kNone : Color::kFaint;
      lines.push_back(std::move(line));
    }
    text_ += RenderTable({{"  PROPERTY"}, {"LIVE"}, {"STATE"}, {"SPEC", 1}, {"APPLIED", 2}}, lines,
                         screen_);
  }

  const std::string& account_;
  const PoolDiff& diff_;
  const Screen& screen_;
  std::string text_;
};

Value ValueToJson(const std::optional<Value>& value, bool sensitive) {
  if (sensitive) return "(sensitive)";
  return value ? *value : Value();
}

Value RowToJson(const DiffRow& row) {
  return Object{{"applied", row.applied},
                {"cause", CauseName(row.cause)},
                {"cost", row.cost ? Value(CostName(*row.cost)) : Value()},
                {"live", ValueToJson(row.live, row.sensitive)},
                {"note", row.note},
                {"path", row.path},
                {"position", row.position.file ? Value(FormatPosition(row.position)) : Value()},
                {"sensitive", row.sensitive},
                {"spec", ValueToJson(row.spec, row.sensitive)},
                {"state", plan::DiffStateName(row.state)}};
}

Value PoolToJson(const PoolDiff& diff) {
  Array rows;
  for (const DiffRow& row : diff.rows) rows.push_back(RowToJson(row));
  Array holds;
  for (const plan::Hold& hold : diff.holds) {
    holds.push_back(Object{{"liftedByTime", hold.lifted_by_time},
                           {"message", hold.message},
                           {"property", hold.property},
                           {"reason", ReasonName(hold.reason)}});
  }
  Array released;
  for (const plan::Released& item : diff.released) {
    released.push_back(Object{{"property", item.property}, {"text", item.text}});
  }
  const bool ours = diff.ownership == plan::Ownership::kOurs;
  return Object{{"holds", std::move(holds)},
                {"ownership", ours ? "Ours" : ReasonName(plan::ReasonOf(diff.ownership))},
                {"pool", diff.pool},
                {"position", FormatPosition(diff.position)},
                {"presence", plan::PresenceName(diff.presence)},
                {"properties", std::move(rows)},
                {"released", std::move(released)},
                {"revision", diff.revision}};
}

}  // namespace

std::string RenderDiff(const std::string& account, const PoolDiff& diff, const Screen& screen) {
  return DiffText(account, diff, screen).Write();
}

Value DiffsToJson(const std::vector<AccountDiff>& diffs, Array errors) {
  Array accounts;
  for (const AccountDiff& account : diffs) {
    Array pools;
    for (const PoolDiff& diff : account.pools) pools.push_back(PoolToJson(diff));
    accounts.push_back(Object{{"account", account.account}, {"pools", std::move(pools)}});
  }
  return Object{
      {"accounts", std::move(accounts)}, {"errors", std::move(errors)}, {"formatVersion", "1"}};
}

}  // namespace reconciler::daemon
