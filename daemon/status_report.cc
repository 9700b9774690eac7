#include "daemon/status_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/session.h"

namespace reconciler::daemon {
namespace {

using cycle::PoolStatus;
using cycle::StatusDifference;
using cycle::StatusHold;

Value TimeToJson(const std::optional<Instant>& time) {
  return time && *time != Instant{} ? Value(FormatTime(*time)) : Value();
}

Value WholeFailureToJson(const AccountFailure& failure) {
  return Object{{"kind", ErrorKindName(failure.error.kind)},
                {"message", failure.error.message},
                {"since", TimeToJson(failure.since)},
                {"status", failure.error.status}};
}

Value DifferencesToJson(const std::vector<StatusDifference>& differences) {
  Array list;
  for (const StatusDifference& difference : differences) {
    list.push_back(Object{{"cause", difference.cause},
                          {"desired", difference.desired},
                          {"live", difference.live},
                          {"path", difference.path},
                          {"spec", difference.place},
                          {"what", difference.what}});
  }
  return list;
}

Value HoldsToJson(const std::vector<StatusHold>& holds) {
  Array list;
  for (const StatusHold& hold : holds) {
    list.push_back(Object{{"liftedByTime", hold.lifted_by_time},
                          {"message", hold.message},
                          {"property", hold.property},
                          {"reason", ReasonName(hold.reason)}});
  }
  return list;
}

Value PoolToJson(const PoolStatus& status) {
  Object states;
  for (const auto& [state, nodes] : status.node_states) states.push_back({state, Value(nodes)});
  return Object{{"account", status.account},
                {"condition", ConditionName(status.condition)},
                {"differences", DifferencesToJson(status.differences)},
                {"exists", status.exists},
                {"failures", status.failures},
                {"holds", HoldsToJson(status.holds)},
                {"imageDaysLeft", status.image_days ? Value(*status.image_days) : Value()},
                {"message", status.message},
                {"next", status.next},
                {"nextAt", TimeToJson(status.next_at)},
                {"nodeStates", std::move(states)},
                {"nodes", status.nodes_current},
                {"notes", Array(status.notes.begin(), status.notes.end())},
                {"pool", status.pool},
                {"reason", ReasonName(status.reason)},
                {"revision", status.revision},
                {"since", TimeToJson(status.since)},
                {"spec", status.position.file ? Value(FormatPosition(status.position)) : Value()},
                {"targetNodes", status.nodes_target}};
}

Array ProblemsToJson(const std::vector<DaemonProblem>& problems) {
  Array list;
  for (const DaemonProblem& problem : problems) {
    list.push_back(Object{{"message", problem.message}, {"since", TimeToJson(problem.since)}});
  }
  return list;
}

Value SourceToJson(const StatusReport& report) {
  Object source{{"kind", report.FromDaemon() ? "daemon" : "look"},
                {"made", TimeToJson(report.made)}};
  if (!report.FromDaemon()) return source;
  source.push_back({"owner", report.owner});
  source.push_back({"pid", Value(report.pid)});
  source.push_back({"source", report.source});
  source.push_back({"started", TimeToJson(report.started)});
  source.push_back({"version", report.version});
  return source;
}

/// Reads members; what is missing or of another type is remembered as the problem.
class Reader {
 public:
  Reader(const Value& value, std::string at, std::string& problem)
      : value_(value), at_(std::move(at)), problem_(problem) {}

  std::string Text(std::string_view name) {
    const Value* member = value_.Find(name);
    if (member != nullptr && member->IsString()) return member->AsString();
    return Miss(name, "text"), "";
  }
  std::int64_t Number(std::string_view name) {
    const Value* member = value_.Find(name);
    if (member != nullptr && member->IsInt()) return member->AsInt();
    return Miss(name, "a number"), 0;
  }
  bool Flag(std::string_view name) {
    const Value* member = value_.Find(name);
    if (member != nullptr && member->IsBool()) return member->AsBool();
    return Miss(name, "true or false"), false;
  }
  const Array& List(std::string_view name) {
    static const Array kNothing;
    const Value* member = value_.Find(name);
    if (member != nullptr && member->IsArray()) return member->AsArray();
    return Miss(name, "a list"), kNothing;
  }
  std::vector<std::string> Texts(std::string_view name) {
    std::vector<std::string> texts;
    for (const Value& item : List(name)) {
      if (!item.IsString()) return Miss(name, "a list of texts"), texts;
      texts.push_back(item.AsString());
    }
    return texts;
  }
  std::optional<Instant> Time(std::string_view name) {
    const Value* member = value_.Find(name);
    if (member == nullptr || member->IsNull()) return std::nullopt;
    const auto time = member->IsString() ? ParseTime(member->AsString()) : std::nullopt;
    if (!time) Miss(name, "a time");
    return time;
  }
  template <typename Enum>
  Enum Named(std::string_view name, std::optional<Enum> (*find)(std::string_view), Enum fallback) {
    const auto found = find(Text(name));
    if (!found) Miss(name, "a known name");
    return found.value_or(fallback);
  }
  const Value* Find(std::string_view name) const { return value_.Find(name); }
  const std::string& at() const { return at_; }

 private:
  void Miss(std::string_view name, std::string_view wanted) {
    if (problem_.empty()) problem_ = fmt::format("{}{} is not {}", at_, name, wanted);
  }

  const Value& value_;
  std::string at_;
  std::string& problem_;
};

std::optional<ErrorKind> ErrorKindNamed(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorKind::kCancelled); ++i) {
    if (ErrorKindName(static_cast<ErrorKind>(i)) == name) return static_cast<ErrorKind>(i);
  }
  return std::nullopt;
}

PoolStatus PoolFromJson(const Value& value, std::string& problem) {
  Reader reader(value, "pools[].", problem);
  PoolStatus status;
  status.account = reader.Text("account");
  status.pool = reader.Text("pool");
  status.condition = reader.Named("condition", &ConditionNamed, Condition::kBlocked);
  status.reason = reader.Named("reason", &ReasonNamed, Reason::kNone);
  status.message = reader.Text("message");
  status.next = reader.Text("next");
  status.next_at = reader.Time("nextAt");
  status.since = reader.Time("since").value_or(Instant{});
  status.revision = reader.Text("revision");
  status.exists = reader.Flag("exists");
  status.nodes_current = static_cast<int>(reader.Number("nodes"));
  status.nodes_target = static_cast<int>(reader.Number("targetNodes"));
  status.failures = static_cast<int>(reader.Number("failures"));
  status.notes = reader.Texts("notes");
  if (const Value* days = value.Find("imageDaysLeft"); days != nullptr && days->IsInt()) {
    status.image_days = static_cast<int>(days->AsInt());
  }
  if (const Value* place = value.Find("spec"); place != nullptr && place->IsString()) {
    // Only ever shown: the place as a whole stands for its file.
    status.position.file = std::make_shared<const std::string>(place->AsString());
  }
  if (const Value* states = value.Find("nodeStates"); states != nullptr && states->IsObject()) {
    for (const Member& member : states->AsObject()) {
      if (member.value.IsInt())
        status.node_states[member.name] = static_cast<int>(member.value.AsInt());
    }
  }
  for (const Value& item : reader.List("differences")) {
    Reader inner(item, "differences[].", problem);
    status.differences.push_back({.path = inner.Text("path"),
                                  .live = inner.Text("live"),
                                  .desired = inner.Text("desired"),
                                  .what = inner.Text("what"),
                                  .cause = inner.Text("cause"),
                                  .place = inner.Text("spec")});
  }
  for (const Value& item : reader.List("holds")) {
    Reader inner(item, "holds[].", problem);
    status.holds.push_back({.reason = inner.Named("reason", &ReasonNamed, Reason::kNone),
                            .message = inner.Text("message"),
                            .property = inner.Text("property"),
                            .lifted_by_time = inner.Flag("liftedByTime")});
  }
  return status;
}

AccountStatus AccountFromJson(const Value& value, std::string& problem) {
  Reader reader(value, "accounts[].", problem);
  AccountStatus account;
  account.account = reader.Text("account");
  account.looked = reader.Time("looked").value_or(Instant{});
  account.next_look = reader.Time("nextLook");
  account.unmanaged = reader.Texts("unmanaged");
  account.pools_of_specs =
      static_cast<std::size_t>(std::max<std::int64_t>(reader.Number("poolsOfSpecs"), 0));
  if (const Value* parked = value.Find("parked"); parked != nullptr && parked->IsString()) {
    account.parked = parked->AsString();
  }
  if (const Value* failure = value.Find("failure"); failure != nullptr && failure->IsObject()) {
    Reader inner(*failure, "accounts[].failure.", problem);
    AccountFailure read;
    read.error.kind = inner.Named("kind", &ErrorKindNamed, ErrorKind::kTerminal);
    read.error.message = inner.Text("message");
    read.error.status = static_cast<int>(inner.Number("status"));
    read.since = inner.Time("since").value_or(Instant{});
    account.failure = std::move(read);
  }
  return account;
}

}  // namespace

Value StatusReportToJson(const StatusReport& report) {
  Array accounts;
  Array errors;
  Array pools;
  for (const AccountStatus& account : report.accounts) {
    accounts.push_back(
        Object{{"account", account.account},
               {"failure", account.failure ? WholeFailureToJson(*account.failure) : Value()},
               {"looked", TimeToJson(account.looked)},
               {"nextLook", TimeToJson(account.next_look)},
               {"parked", account.parked.empty() ? Value() : Value(account.parked)},
               {"poolsOfSpecs", static_cast<std::int64_t>(account.pools_of_specs)},
               {"unmanaged", Array(account.unmanaged.begin(), account.unmanaged.end())}});
    if (account.failure) {
      errors.push_back(FailureToJson(account.account, account.failure->error));
    }
    for (const PoolStatus& status : account.pools) pools.push_back(PoolToJson(status));
  }
  return Object{{"accounts", std::move(accounts)},
                {"errors", std::move(errors)},
                {"formatVersion", "1"},
                {"pools", std::move(pools)},
                {"problems", ProblemsToJson(report.problems)},
                {"source", SourceToJson(report)}};
}

Result<StatusReport> StatusReportFromJson(const Value& document) {
  std::string problem;
  const std::string_view version = document.StringOr("formatVersion");
  if (version != "1") {
    return Error{ErrorKind::kTerminal,
                 fmt::format("formatVersion is '{}', this poolkeeper reads '1'", version)};
  }
  Reader reader(document, "", problem);
  StatusReport report;
  if (const Value* source = document.Find("source"); source != nullptr) {
    Reader inner(*source, "source.", problem);
    report.made = inner.Time("made").value_or(Instant{});
    if (inner.Text("kind") == "daemon") {
      report.pid = inner.Number("pid");
      report.version = inner.Text("version");
      report.owner = inner.Text("owner");
      report.source = inner.Text("source");
      report.started = inner.Time("started").value_or(Instant{});
    }
  }
  for (const Value& account : reader.List("accounts")) {
    report.accounts.push_back(AccountFromJson(account, problem));
  }
  for (const Value& item : reader.List("problems")) {
    Reader inner(item, "problems[].", problem);
    report.problems.push_back({inner.Time("since").value_or(Instant{}), inner.Text("message")});
  }
  for (const Value& pool : reader.List("pools")) {
    PoolStatus status = PoolFromJson(pool, problem);
    const auto account =
        std::find_if(report.accounts.begin(), report.accounts.end(),
                     [&](const AccountStatus& known) { return known.account == status.account; });
    if (account != report.accounts.end()) account->pools.push_back(std::move(status));
  }
  if (!problem.empty()) return Error{ErrorKind::kTerminal, problem};
  return report;
}

}  // namespace reconciler::daemon
