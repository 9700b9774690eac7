// The plan for people.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reconciler/core/json.h"
#include "reconciler/plan/change_text.h"
#include "reconciler/plan/name_list.h"
#include "reconciler/plan/render.h"
#include "reconciler/plan/render_table.h"
#include "reconciler/plan/value_text.h"

namespace reconciler::plan {
namespace {

constexpr std::size_t kValueColumnsMax = 60;
constexpr std::size_t kValueColumnsMin = 16;
constexpr std::size_t kOtherColumns = 60;  // about what path, place and cause take

class TextPlan {
 public:
  TextPlan(const AccountPlan& plan, const RenderOptions& options) : plan_(plan), options_(options) {
    const auto width = static_cast<std::size_t>(std::max(options.width, 0));
    if (width > kOtherColumns) {
      value_columns_ = std::clamp((width - kOtherColumns) / 2, kValueColumnsMin, kValueColumnsMax);
    } else if (width > 0) {
      value_columns_ = kValueColumnsMin;
    }
    for (const PoolPlan& pool : plan.pools) {
      if (const Hold* hold = OnlyFrozen(pool)) frozen_[hold->message].push_back(pool.pool);
    }
  }

  std::string Write() {
    if (plan_.parked) {
      Line(Paint('!',
                 fmt::format("! {}: {}", ReasonName(plan_.parked->reason), plan_.parked->message)));
    }
    for (const PoolPlan& pool : plan_.pools) {
      if (IsShown(pool) && !IsFolded(pool)) AddPool(pool);
    }
    AddFrozen();
    for (const UnreadableSpec& spec : plan_.unreadable) {
      Line(Paint('!', "!") + " pool " + spec.id + "   " + plan_.account +
           (spec.position.file ? ", " + *spec.position.file : ""));
      Line("    " + Paint('!', fmt::format("! {}: {}; it has no last good state, nothing is done",
                                           ReasonName(Reason::kSpecUnreadable), spec.problem)));
    }
    AddNotes();
    Line(Closing());
    return std::move(text_);
  }

 private:
  void Line(std::string_view line) {
    text_ += line;
    text_ += '\n';
  }
  std::string Paint(char mark, std::string text) const {
    if (!options_.color) return text;
    const char* code = mark == '+' ? "32" : mark == '~' ? "33" : mark == '!' ? "31" : "0";
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
  }

  /// Of a pool that does not differ and is only frozen, why; else null.
  static const Hold* OnlyFrozen(const PoolPlan& pool) {
    const bool alone = pool.holds.size() == 1 && !pool.Differs() && !pool.HasWork() &&
                       pool.released.empty() && pool.memory_damaged.empty();
    if (!alone || pool.holds.front().reason != Reason::kSpecUnreadable) return nullptr;
    return &pool.holds.front();
  }
  bool IsFolded(const PoolPlan& pool) const {
    const Hold* hold = OnlyFrozen(pool);
    return hold != nullptr && frozen_.at(hold->message).size() > 1;
  }
  /// Pools that one cause froze (a defaults file that broke) are one line.
  void AddFrozen() {
    for (const auto& [why, pools] : frozen_) {
      if (pools.size() < 2) continue;
      Line(Paint('!',
                 fmt::format("! {} pools frozen ({}): {}", pools.size(), NameSome(pools), why)));
    }
  }

  static char MarkOf(const PoolPlan& pool) {
    if (pool.presence != Presence::kPresent) return pool.IsBlocked() ? '!' : '+';
    if (pool.HasWork()) return '~';
    if (pool.IsBlocked()) return '!';
    return pool.Differs() ? '~' : '.';
  }

  void AddPool(const PoolPlan& pool) {
    const char mark = MarkOf(pool);
    std::string head =
        Paint(mark, std::string(1, mark)) + " pool " + pool.pool + "   " + plan_.account;
    if (pool.spec != nullptr && pool.spec->position.file) {
      head += ", " + *pool.spec->position.file;
    }
    if (pool.observe_only) head += "   (observe)";
    Line(head);
    if (pool.presence == Presence::kAbsent) {
      if (mark == '+') AddBody(pool);
    } else {
      AddChanges(pool);
    }
    for (const Step& step : pool.steps) {
      if (!step.summary.empty()) Line("    " + Paint('~', "~") + " " + step.summary);
    }
    for (const Released& released : pool.released) Line("    " + released.text);
    for (const Hold& hold : pool.holds) AddHold(pool, hold);
    if (!pool.memory_damaged.empty()) {
      Line(fmt::format("    . {}: {}", ReasonName(Reason::kMemoryDamaged), pool.memory_damaged));
    }
  }

  void AddBody(const PoolPlan& pool) {
    Table table;
    for (const Change& change : pool.changes) {
      table.Add({change.path, RenderValue(change.after, change.sensitive, value_columns_), "", ""});
    }
    for (const std::string& line : table.Lines()) Line(line);
  }

  void AddChanges(const PoolPlan& pool) {
    Table table;
    for (const Change& change : pool.changes) table.Add(Row(pool, change, change.note));
    for (const Change& change : pool.blocked) {
      table.Add(Row(pool, change, change.note.empty() ? "blocked" : "blocked, " + change.note));
    }
    for (const std::string& line : table.Lines()) Line(line);
  }

  TableRow Row(const PoolPlan& pool, const Change& change, std::string note) const {
    const TextPair values = RenderChange(change, value_columns_);
    return {change.path, values.left + " -> " + values.right, Place(pool, change), std::move(note)};
  }
  // "line 21, SpecChanged"; a place in another file with its name.
  static std::string Place(const PoolPlan& pool, const Change& change) {
    std::string place;
    const Position& position = change.position;
    const bool here = pool.spec != nullptr && position.file && pool.spec->position.file &&
                      *position.file == *pool.spec->position.file;
    if (position.line > 0) {
      place = here || !position.file ? fmt::format("line {}", position.line)
                                     : fmt::format("{}:{}", *position.file, position.line);
    }
    const std::string_view cause = CauseName(change.cause);
    if (!place.empty() && !cause.empty()) place += ", ";
    return place + std::string(cause);
  }

  void AddHold(const PoolPlan& pool, const Hold& hold) {
    if (hold.reason == Reason::kResizing && !pool.Differs()) return;
    if (hold.lifted_by_time && hold.reason != Reason::kSecretUnknown) {
      Line(fmt::format("    . waiting: {} ({})", hold.message, ReasonName(hold.reason)));
      return;
    }
    const char mark = hold.lifted_by_time ? '.' : '!';
    Line("    " +
         Paint(mark, fmt::format("{} {}: {}", mark, ReasonName(hold.reason), hold.message)));
  }

  void AddNotes() {
    for (const PoolPlan& pool : plan_.pools) {
      if (pool.renamed_from.empty()) continue;
      Line(
          fmt::format("rename: {} -> {}: the old pool stays as an orphan, nothing is deleted; "
                      "move its jobs, then delete it by hand",
                      pool.renamed_from, pool.pool));
    }
    for (const PoolPlan& pool : plan_.pools) {
      if (!pool.not_refreshed.empty()) Line(pool.pool + ": " + pool.not_refreshed);
    }
    for (const PoolPlan& pool : plan_.pools) {
      if (!pool.newer_sku.empty()) Line(pool.pool + ": " + NewerImageText(pool));
    }
    if (!plan_.orphans.empty()) {
      Line(fmt::format("{}: {} (ours, and no spec names {}); put the spec back, or delete by hand",
                       Count(plan_.orphans.size(), "orphan"), JoinSome(plan_.orphans),
                       plan_.orphans.size() == 1 ? "it" : "them"));
    }
    if (!plan_.unmanaged.empty()) {
      Line(fmt::format("{} without our owner and without a spec left alone",
                       Count(plan_.unmanaged.size(), "pool")));
    }
    if (!plan_.specs_complete) {
      Line("a part of the spec tree cannot be read: nothing counts as removed");
    }
    if (!plan_.nodes_max && Scales()) {
      Line(fmt::format("{} in all targets after this plan (the account has no maxNodes)",
                       Count(static_cast<std::size_t>(std::max(plan_.nodes_after, 0LL)), "node")));
    }
    if (plan_.Kept() > 0) {
      Line(fmt::format("{} kept by the service as another value", plan_.Kept()));
    }
  }
  bool Scales() const {
    return std::any_of(plan_.pools.begin(), plan_.pools.end(), [](const PoolPlan& pool) {
      return pool.HasWork() && (pool.Creates() || pool.nodes_after != pool.nodes_before);
    });
  }

  /// Time has to pass before something is asked for again: "match" is not all there is to say.
  static bool IsWaiting(const PoolPlan& pool) {
    return std::any_of(pool.holds.begin(), pool.holds.end(), [](const Hold& hold) {
      return hold.lifted_by_time && hold.reason != Reason::kSecretUnknown &&
             hold.reason != Reason::kResizing;
    });
  }

  std::string Closing() const {
    if (plan_.Empty()) {
      const auto is_unreadable = [](const PoolPlan& pool) {
        return std::any_of(pool.holds.begin(), pool.holds.end(),
                           [](const Hold& hold) { return hold.reason == Reason::kSpecUnreadable; });
      };
      const auto frozen = static_cast<std::size_t>(
          std::count_if(plan_.pools.begin(), plan_.pools.end(), is_unreadable));
      const std::size_t matching = plan_.checked - std::min(frozen, plan_.checked);
      const auto waiting = static_cast<std::size_t>(
          std::count_if(plan_.pools.begin(), plan_.pools.end(), IsWaiting));
      return fmt::format("No changes. {} {} {}{}{}.", Count(matching, "pool"),
                         matching == 1 ? "matches" : "match", plan_.revision,
                         frozen > 0 ? fmt::format(", {} frozen", frozen) : "",
                         waiting > 0 ? fmt::format(", {} waiting", waiting) : "");
    }
    const std::size_t to_adopt = plan_.ToAdopt();
    std::string line =
        fmt::format("Plan: {} to create, {}{} to change, {} blocked", plan_.ToCreate(),
                    to_adopt > 0 ? fmt::format("{} to adopt, ", to_adopt) : "", plan_.ToChange(),
                    plan_.Blocked());
    const auto without_changes = static_cast<std::size_t>(
        std::count_if(plan_.pools.begin(), plan_.pools.end(),
                      [](const PoolPlan& pool) { return OnlyFrozen(pool) != nullptr; }));
    const std::size_t frozen = plan_.Frozen() + without_changes;
    if (frozen > 0) line += fmt::format(", {} frozen", frozen);
    if (plan_.Observed() > 0) line += fmt::format(", {} observed", plan_.Observed());
    if (!plan_.unreadable.empty()) {
      line += fmt::format(", {} unreadable", plan_.unreadable.size());
    }
    if (plan_.parked) line += "; parked, nothing is carried out";
    return line + ".";
  }
  static std::string Count(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
  }

  const AccountPlan& plan_;
  const RenderOptions& options_;
  std::map<std::string, std::vector<std::string>, std::less<>> frozen_;  // by why
  std::size_t value_columns_ = kValueColumnsMax;
  std::string text_;
};

}  // namespace

std::string RenderPlan(const AccountPlan& plan, const RenderOptions& options) {
  return TextPlan(plan, options).Write();
}

std::string NewerImageText(const PoolPlan& pool) {
  return fmt::format("a new pool would get the newer image {} (policy.image.newest)",
                     pool.newer_sku);
}

std::string NameSome(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 3;
  const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, names.size()));
  std::string text = fmt::format("{}", fmt::join(names.begin(), end, ", "));
  if (names.size() > kShown) text += fmt::format(" and {} more", names.size() - kShown);
  return text;
}

bool IsShown(const PoolPlan& pool) {
  if (pool.Differs() || pool.HasWork() || !pool.released.empty()) return true;
  if (!pool.memory_damaged.empty()) return true;
  return std::any_of(pool.holds.begin(), pool.holds.end(), [](const Hold& hold) {
    return hold.reason != Reason::kFreezeFile && hold.reason != Reason::kResizing;
  });
}

std::string RenderValue(const std::optional<Value>& value, bool sensitive,
                        std::size_t columns_max) {
  if (sensitive) return "(sensitive)";
  if (!value) return std::string(kNoValue);
  return OneLine(WriteSortedJson(*value), columns_max);
}

}  // namespace reconciler::plan
