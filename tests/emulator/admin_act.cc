#include "tests/emulator/admin_act.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
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

enum class Form { kText, kCount, kFlag, kErrors };

bool IsErrors(const Json& value) {
  const Json::List* const list = value.AsList();
  return list != nullptr && std::all_of(list->begin(), list->end(), [](const Json& error) {
           return !error.Text("code").empty();
         });
}

bool HasForm(const Json& value, Form form) {
  switch (form) {
    case Form::kText:
      return value.AsString() != nullptr;
    case Form::kCount:
      return value.AsInteger() != nullptr && *value.AsInteger() >= 0;
    case Form::kFlag:
      return value.AsBool() != nullptr;
    case Form::kErrors:
      return IsErrors(value);
  }
  return false;
}

std::string_view Expected(Form form) {
  switch (form) {
    case Form::kText:
      return "a text";
    case Form::kCount:
      return "a whole number from 0";
    case Form::kFlag:
      return "true or false";
    case Form::kErrors:
      return R"(a list of {"code", "message"})";
  }
  return "";
}

struct Known {
  Doing doing;
  std::map<std::string_view, Form> members;  // beside do, account and pool
  std::vector<std::string_view> required;
};

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
  for (const Json& error : *act.body.Find("errors")->AsList()) {
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

const std::map<std::string, Known, std::less<>>& Doings() {
  using enum Form;
  static const std::map<std::string, Known, std::less<>> kDoings{
      {"drop", {Drop, {}, {}}},
      {"failAllocation",
       {FailAllocation, {{"code", kText}, {"dedicated", kCount}, {"spot", kCount}}, {}}},
      {"failEvaluation", {FailEvaluation, {{"code", kText}, {"message", kText}}, {"code"}}},
      {"failStartTasks", {FailStartTasks, {{"fail", kFlag}}, {}}},
      {"forceNodes", {ForceNodes, {{"state", kText}, {"count", kCount}, {"errors", kFlag}}, {}}},
      {"preempt", {Preempt, {{"count", kCount}}, {}}},
      {"recreate", {Recreate, {}, {}}},
      {"setResizeErrors", {SetResizeErrors, {{"errors", kErrors}}, {"errors"}}},
      {"setTargets", {SetTargets, {{"dedicated", kCount}, {"spot", kCount}}, {}}},
      {"touch", {Touch, {}, {}}}};
  return kDoings;
}

/// What is wrong with the members of a call; empty: nothing.
std::string WrongMember(const Json& body, const std::string& name, const Known& known) {
  for (const JsonMember& member : *body.AsObject()) {
    if (member.name == "do" || member.name == "account" || member.name == "pool") continue;
    const auto form = known.members.find(member.name);
    if (form == known.members.end()) return fmt::format("{} takes no '{}'", name, member.name);
    if (!HasForm(member.value, form->second)) {
      return fmt::format("'{}' of {}: expected {}, found {}", member.name, name,
                         Expected(form->second), JsonText(member.value));
    }
  }
  for (const std::string_view needed : known.required) {
    if (body.Find(needed) == nullptr) return fmt::format("{} needs '{}'", name, needed);
  }
  return "";
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
  std::string problem = WrongMember(*body, doing->first, doing->second);
  if (problem.empty()) problem = doing->second.doing({doors, account, pool, *body});
  if (!problem.empty()) return AdminBadRequest(std::move(problem));
  const auto after = ParseJson(doors.service.PoolJson(account, pool));
  return AdminOk(Json(Json::Object{{"pool", after.value_or(Json{})}}));
}

}  // namespace emulator
