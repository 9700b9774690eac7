#include "daemon/status_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "daemon/status_table.h"
#include "reconciler/core/duration.h"

namespace reconciler::daemon {
namespace {

using cycle::PoolStatus;
using cycle::StatusDifference;
using cycle::StatusHold;

constexpr int kLabelWidth = 12;  // "  differs   "

std::string Ago(Instant then, Instant now) {
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - then);
  return HumanDuration(std::max(age, std::chrono::seconds(0)));
}

class Explanation {
 public:
  Explanation(const PoolStatus& status, Instant wall, const Screen& screen,
              std::optional<Instant> seen)
      : status_(status), wall_(wall), screen_(screen), seen_(seen) {}

  std::string Write() {
    AddHeadline();
    Add("why", status_.message);
    AddMeaning();
    Add("next", NextSentence());
    Add("nodes", Nodes());
    if (status_.image_days) Add("image", Image());
    Add("account", status_.account);
    Add("spec", Place());
    for (const StatusDifference& difference : status_.differences) AddDifference(difference);
    for (const StatusHold& hold : status_.holds) AddHold(hold);
    for (const std::string& note : status_.notes) Add("note", note);
    if (status_.failures > 0) {
      Add("failures",
          fmt::format("{} call{} in a row", status_.failures, status_.failures == 1 ? "" : "s"));
    }
    return std::move(text_);
  }

 private:
  void AddHeadline() {
    std::string line =
        Harmless(status_.pool) + (seen_ ? " was " : " is ") +
        Paint(screen_, ColorOf(status_.condition), ConditionName(status_.condition)) +
        fmt::format(" ({})", ReasonName(status_.reason));
    if (seen_) {
      line += " when last seen, " + Ago(*seen_, wall_) + " ago";
    } else if (status_.since != Instant{}) {
      line += " for " + Ago(status_.since, wall_);
    }
    text_ += CutToWidth(line, screen_.width) + "\n";
  }

  /// `what` under its label; further lines are indented to where it begins.
  void Add(std::string_view label, const std::string& what) {
    if (what.empty()) return;
    text_ += HangingText(fmt::format("  {:<{}}", label, kLabelWidth - 2), Harmless(what), screen_);
  }

  void AddMeaning() {
    const ReasonText& text = TextOf(status_.reason);
    if (status_.message.find(text.meaning) == std::string::npos) {
      Add("meaning", std::string(text.meaning));
    }
    if (status_.message.find(text.remedy) == std::string::npos) {
      Add("to do", std::string(text.remedy));
    }
  }

  std::string NextSentence() const {
    if (status_.next == cycle::kNextIsAPerson) return "nothing by itself: a person has to act";
    if (status_.next.empty()) return {};
    std::string next = NextText(status_, wall_);
    if (status_.next_at) next += fmt::format(" ({})", FormatTime(*status_.next_at));
    return next;
  }

  std::string Nodes() const {
    if (!status_.exists)
      return status_.reason == Reason::kSpecUnreadable ? "" : "the pool does not exist";
    std::string nodes =
        fmt::format("{} there, target {}", status_.nodes_current, status_.nodes_target);
    std::string states;
    for (const auto& [state, count] : status_.node_states) {
      states += fmt::format("{}{} {}", states.empty() ? ": " : ", ", count, state);
    }
    return nodes + states;
  }

  std::string Image() const {
    if (*status_.image_days < 0) return "past its end of life";
    return fmt::format("reaches its end of life in {} day{}", *status_.image_days,
                       *status_.image_days == 1 ? "" : "s");
  }

  std::string Place() const {
    std::string place = status_.position.file ? FormatPosition(status_.position) : "none";
    return status_.revision.empty() ? place : place + ", revision " + status_.revision;
  }

  void AddDifference(const StatusDifference& difference) {
    std::string what = fmt::format("{}: {} -> {}, {}", difference.path, difference.live,
                                   difference.desired, difference.what);
    if (!difference.cause.empty()) what += ", " + difference.cause;
    if (!difference.place.empty()) what += ", " + difference.place;
    Add("differs", what);
  }

  void AddHold(const StatusHold& hold) {
    std::string what(ReasonName(hold.reason));
    if (!hold.property.empty()) what += " of " + hold.property;
    what += ": " + hold.message;
    Add(hold.lifted_by_time ? "waits" : "held", what);
  }

  const PoolStatus& status_;
  const Instant wall_;
  const Screen& screen_;
  const std::optional<Instant> seen_;
  std::string text_;
};

}  // namespace

std::string ExplainPool(const PoolStatus& status, Instant wall, const Screen& screen,
                        std::optional<Instant> seen) {
  return Explanation(status, wall, screen, seen).Write();
}

std::string DescribeSource(const StatusReport& report, const std::string& absence) {
  if (!report.FromDaemon()) {
    return fmt::format("From a look at the service just now; {}.", absence);
  }
  std::string text = fmt::format("From the daemon (process {}, up {})", report.pid,
                                 Ago(report.started, report.made));
  std::optional<Instant> oldest;
  std::optional<Instant> next;
  for (const AccountStatus& account : report.accounts) {
    if (!oldest || account.looked < *oldest) oldest = account.looked;
    if (account.next_look && (!next || *account.next_look < *next)) next = account.next_look;
  }
  if (!oldest) return text + ": it keeps no account.";
  text += *oldest == Instant{} ? std::string(": it has not seen all pools yet")
                               : fmt::format(": looked {} ago", Ago(*oldest, report.made));
  if (next) {
    text +=
        *next <= report.made ? ", looks again now" : ", looks again in " + Ago(report.made, *next);
  }
  return text + ".";
}

std::vector<std::string> DescribeProblems(const StatusReport& report) {
  std::vector<std::string> texts;
  for (const DaemonProblem& problem : report.problems) {
    texts.push_back(
        fmt::format("The daemon, since {}: {}", Ago(problem.since, report.made), problem.message));
  }
  return texts;
}

}  // namespace reconciler::daemon
