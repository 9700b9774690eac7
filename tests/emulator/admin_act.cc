#include "tests/emulator/admin_act.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "tests/emulator/admin_answer.h"
#include "tests/emulator/node_json.h"

namespace emulator {

namespace {

struct Act {
  const AdminDoors& doors;
  const std::string& account;
  const std::string& pool;
  const Json& body;

  std::int64_t Number(std::string_view name, std::int64_t otherwise) const {
    const Json* const value = body.Find(name);
    return value == nullptr || value->AsInteger() == nullptr ? otherwise : *value->AsInteger();
  }
  bool Flag(std::string_view name, bool otherwise) const {
    const Json* const value = body.Find(name);
    return value == nullptr || value->AsBool() == nullptr ? otherwise : *value->AsBool();
  }
  PerKind Kinds() const { return {Number("dedicated", 0), Number("spot", 0)}; }
};

/// What is wrong with it; empty: nothing.
using Doing = std::string (*)(const Act&);

std::string FailAllocation(const Act& act) {
  act.doors.service.FailNextAllocation(act.account, act.pool, {act.body.Text("code"), act.Kinds()});
  return "";
}

std::string FailStartTasks(const Act& act) {
  act.doors.service.FailStartTasks(act.account, act.pool, act.Flag("fail", true));
  return "";
}

std::string Preempt(const Act& act) {
  const auto count = static_cast<int>(act.Number("count", std::numeric_limits<int>::max()));
  (void)act.doors.service.Preempt(act.account, act.pool, count);
  return "";
}

std::string ForceNodes(const Act& act) {
  const std::string text = act.body.Text("state");
  std::optional<NodeState> state;
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kNodeStates; ++i) {
    names.push_back(NodeStateText(static_cast<NodeState>(i)));
    if (names.back() == text) state = static_cast<NodeState>(i);
  }
  if (!text.empty() && !state) {
    return fmt::format("unknown state '{}': {}", text, fmt::join(names, ", "));
  }
  (void)act.doors.service.ForceNodes(act.account, act.pool, state,
                                     act.Number("count", std::numeric_limits<std::int64_t>::max()),
                                     act.Flag("errors", false));
  return "";
}

std::string SetResizeErrors(const Act& act) {
  std::vector<ResizeError> errors;
  const Json* const list = act.body.Find("errors");
  if (list == nullptr || list->AsList() == nullptr) return "expected a list of errors";
  for (const Json& error : *list->AsList()) {
    errors.push_back({error.Text("code"), error.Text("message")});
  }
  act.doors.service.SetResizeErrors(act.account, act.pool, std::move(errors));
  return "";
}

std::string FailEvaluation(const Act& act) {
  act.doors.service.FailEvaluation(act.account, act.pool,
                                   {act.body.Text("code"), act.body.Text("message")});
  return "";
}

std::string SetTargets(const Act& act) {
  act.doors.service.SetTargets(act.account, act.pool, act.Kinds());
  return "";
}

std::string Drop(const Act& act) {
  act.doors.service.DropPool(act.account, act.pool);
  return "";
}

std::string Recreate(const Act& act) {
  act.doors.service.RecreatePool(act.account, act.pool);
  return "";
}

std::string Touch(const Act& act) {
  act.doors.service.TouchPool(act.account, act.pool);
  return "";
}

const std::map<std::string, Doing, std::less<>>& Doings() {
  static const std::map<std::string, Doing, std::less<>> kDoings{
      {"drop", Drop},
      {"failAllocation", FailAllocation},
      {"failEvaluation", FailEvaluation},
      {"failStartTasks", FailStartTasks},
      {"forceNodes", ForceNodes},
      {"preempt", Preempt},
      {"recreate", Recreate},
      {"setResizeErrors", SetResizeErrors},
      {"setTargets", SetTargets},
      {"touch", Touch}};
  return kDoings;
}

}  // namespace

Response AnswerAct(const Request& request, const AdminDoors& doors) {
  if (request.method != "POST") return AdminWrongMethod("/_emulator/act", "POST");
  const auto body = ParseJson(request.body);
  const auto doing = Doings().find(body ? body->Text("do") : "");
  if (doing == Doings().end()) {
    std::vector<std::string_view> names;
    for (const auto& [name, act] : Doings()) names.push_back(name);
    return AdminBadRequest(fmt::format(R"(expected {{"do": one of {}}})", fmt::join(names, ", ")));
  }
  const std::string named = body->Text("account"), pool = body->Text("pool");
  const std::string& account = named.empty() ? doors.accounts.front() : named;
  const auto phases = doors.service.PhasesOf(account, pool);
  if (phases.front() == "absent") {
    return AdminRefusal(404, "Not Found", fmt::format("no pool '{}' in '{}'", pool, account));
  }
  std::string problem = doing->second({doors, account, pool, *body});
  if (!problem.empty()) return AdminBadRequest(std::move(problem));
  const auto after = ParseJson(doors.service.PoolJson(account, pool));
  return AdminOk(Json(Json::Object{{"pool", after.value_or(Json{})}}));
}

}  // namespace emulator
