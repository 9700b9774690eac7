#include "reconciler/cycle/node_users.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "reconciler/core/json.h"
#include "reconciler/cycle/node_look.h"
#include "reconciler/cycle/secrets.h"

namespace reconciler::cycle {
namespace {

using Kind = NodeUserOutcome::Kind;
using Call = batch::Write::Kind;

/// Passes over the list, each for what appeared during the one before.
constexpr int kPassesMax = 20;
constexpr int kTriesMax = 4;
constexpr std::chrono::seconds kThrottlePause{5};

/// One node on its way to an outcome.
struct Lane {
  std::string node;
  std::string state;
  Call call = Call::kAddNodeUser;
  int tries = 0;
};

bool IsWorthAnotherTry(ErrorKind kind) {
  return kind == ErrorKind::kUnknownOutcome || kind == ErrorKind::kNotSent ||
         kind == ErrorKind::kThrottled || kind == ErrorKind::kTransient;
}

class UserPass {
 public:
  UserPass(const Account& account, Doors& doors, const std::string& pool, std::string user,
           const OnNodeUser& on_outcome, std::stop_token stop)
      : client_(ClientOf(account, doors)),
        clock_(doors.clock),
        pool_(pool),
        user_(std::move(user)),
        on_outcome_(on_outcome),
        stop_(std::move(stop)) {}

  /// `bodies`: of the call that adds and of the one that replaces; without them, delete.
  NodeUserReport Run(const std::vector<std::string>& chosen, bool removes);
  std::string add_body, replace_body;
  std::span<const Secret> sent;  // that stand in them

 private:
  /// False: a name is wrong.
  bool Choose(const std::vector<batch::NodeSummary>& nodes,
              const std::vector<std::string>& beginnings);
  std::vector<Lane> LanesOf(const std::vector<batch::NodeSummary>& nodes, bool removes) const;
  void Drive(std::vector<Lane> lanes);
  batch::Write WriteOf(const Lane& lane) const;
  /// True: the lane goes on with another call.
  bool Take(Lane& lane, const Result<batch::WriteAnswer>& answer);
  void Settle(const Lane& lane, Kind kind, std::string detail = {},
              ErrorKind error = ErrorKind::kTerminal);

  batch::Client client_;
  Clock& clock_;
  const std::string& pool_;
  const std::string user_;
  const OnNodeUser& on_outcome_;
  const std::stop_token stop_;
  std::set<std::string> chosen_;  // empty: all
  std::set<std::string> settled_;
  struct Skipped {
    Lane lane;
    std::string why;
  };
  std::map<std::string, Skipped> skipped_;  // tried again once they are in another state
  NodeUserReport report_;
};

batch::Write UserPass::WriteOf(const Lane& lane) const {
  batch::Write write;
  write.kind = lane.call;
  write.pool_id = pool_;
  write.node_id = lane.node;
  write.user = user_;
  if (lane.call == Call::kAddNodeUser) write.body = add_body;
  if (lane.call == Call::kReplaceNodeUser) write.body = replace_body;
  return write;
}

void UserPass::Settle(const Lane& lane, Kind kind, std::string detail, ErrorKind error) {
  settled_.insert(lane.node);
  report_.nodes.push_back({lane.node, kind, std::move(detail), error});
  on_outcome_(report_.nodes.back());
}

Kind DoneOf(Call call) {
  if (call == Call::kAddNodeUser) return Kind::kAdded;
  return call == Call::kReplaceNodeUser ? Kind::kUpdated : Kind::kRemoved;
}

bool UserPass::Take(Lane& lane, const Result<batch::WriteAnswer>& answer) {
  if (answer) {
    Settle(lane, DoneOf(lane.call));
    return false;
  }
  const Error error = WithoutSecrets(answer.error(), sent);
  if (error.code == "NodeUserExists" && lane.call == Call::kAddNodeUser) {
    lane.call = Call::kReplaceNodeUser;
    return true;
  }
  if (error.code == "NodeUserNotFound" && lane.call == Call::kReplaceNodeUser) {
    lane.call = Call::kAddNodeUser;  // somebody removed it in between
    return ++lane.tries < kTriesMax;
  }
  if (error.code == "NodeUserNotFound") {
    Settle(lane, Kind::kAbsent);
  } else if (error.code == "NodeNotFound" || error.code == "PoolNotFound") {
    Settle(lane, Kind::kGone);
  } else if (error.kind == ErrorKind::kConflict) {
    skipped_[lane.node] = {lane, fmt::format("the node is {} ({})", lane.state, error.code)};
  } else if (IsWorthAnotherTry(error.kind) && !stop_.stop_requested() && ++lane.tries < kTriesMax) {
    return true;
  } else {
    Settle(lane, Kind::kFailed, error.message, error.kind);
  }
  return false;
}

void UserPass::Drive(std::vector<Lane> lanes) {
  while (!lanes.empty()) {
    std::vector<batch::Write> writes;
    for (const Lane& lane : lanes) writes.push_back(WriteOf(lane));
    const auto answers = client_.Send(std::move(writes), Tick{}, stop_);
    std::chrono::milliseconds pause{0};
    std::vector<Lane> next;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      if (!answers[i] && answers[i].error().kind == ErrorKind::kThrottled) {
        pause = std::max(pause, answers[i].error().retry_after.value_or(kThrottlePause));
      }
      if (Take(lanes[i], answers[i])) next.push_back(std::move(lanes[i]));
    }
    lanes = std::move(next);
    if (pause.count() > 0 && !lanes.empty()) (void)clock_.SleepUntil(clock_.Now() + pause, stop_);
  }
}

bool UserPass::Choose(const std::vector<batch::NodeSummary>& nodes,
                      const std::vector<std::string>& beginnings) {
  for (const std::string& beginning : beginnings) {
    const std::vector<std::string> like = NodesLike(nodes, beginning);
    if (like.size() == 1) {
      chosen_.insert(like.front());
    } else if (like.empty()) {
      report_.wrong_nodes.push_back(fmt::format("no node '{}'", beginning));
    } else {
      report_.wrong_nodes.push_back(
          fmt::format("{} nodes begin with '{}'", like.size(), beginning));
    }
  }
  return report_.wrong_nodes.empty();
}

std::vector<Lane> UserPass::LanesOf(const std::vector<batch::NodeSummary>& nodes,
                                    bool removes) const {
  std::vector<Lane> lanes;
  for (const batch::NodeSummary& node : nodes) {
    const bool wanted = chosen_.empty() || chosen_.contains(node.id);
    if (!wanted || settled_.contains(node.id)) continue;
    const auto skipped = skipped_.find(node.id);
    if (skipped != skipped_.end() && skipped->second.lane.state == node.state) continue;
    lanes.push_back({node.id, node.state, removes ? Call::kDeleteNodeUser : Call::kAddNodeUser});
  }
  return lanes;
}

NodeUserReport UserPass::Run(const std::vector<std::string>& chosen, bool removes) {
  for (int pass = 0; pass < kPassesMax && !stop_.stop_requested(); ++pass) {
    auto nodes = client_.ListNodes(pool_, stop_);
    if (!nodes) {
      report_.failure = nodes.error();
      break;
    }
    if (pass == 0 && !Choose(*nodes, chosen)) break;
    std::vector<Lane> lanes = LanesOf(*nodes, removes);
    if (lanes.empty()) break;
    for (const Lane& lane : lanes) skipped_.erase(lane.node);
    Drive(std::move(lanes));
  }
  for (const auto& [node, skipped] : skipped_) {
    Settle(skipped.lane, Kind::kSkipped, skipped.why, ErrorKind::kConflict);
  }
  return std::move(report_);
}

/// `replaces`: without what cannot change.
std::string BodyOf(const NodeUser& user, bool replaces) {
  Value body = Object{{"expiryTime", FormatTime(user.expires)}};
  if (!replaces) {
    body.Set("name", user.name);
    body.Set("isAdmin", user.admin);
  }
  if (!user.ssh_public_key.empty()) body.Set("sshPublicKey", user.ssh_public_key);
  if (!user.password.empty()) body.Set("password", std::string(user.password.RevealText()));
  return WriteJson(body);
}

}  // namespace

std::string_view NodeUserOutcomeName(NodeUserOutcome::Kind kind) {
  switch (kind) {
    case Kind::kAdded:
      return "added";
    case Kind::kUpdated:
      return "updated";
    case Kind::kRemoved:
      return "removed";
    case Kind::kAbsent:
      return "not there";
    case Kind::kSkipped:
      return "skipped";
    case Kind::kGone:
      return "gone";
    case Kind::kFailed:
      break;
  }
  return "failed";
}

NodeUserReport AddNodeUser(const Account& account, Doors& doors, const std::string& pool,
                           const NodeUser& user, const std::vector<std::string>& nodes,
                           const OnNodeUser& on_outcome, std::stop_token stop) {
  UserPass pass(account, doors, pool, user.name, on_outcome, std::move(stop));
  pass.add_body = BodyOf(user, false);
  pass.replace_body = BodyOf(user, true);
  pass.sent = {&user.password, 1};
  return pass.Run(nodes, false);
}

NodeUserReport RemoveNodeUser(const Account& account, Doors& doors, const std::string& pool,
                              const std::string& user, const std::vector<std::string>& nodes,
                              const OnNodeUser& on_outcome, std::stop_token stop) {
  UserPass pass(account, doors, pool, user, on_outcome, std::move(stop));
  return pass.Run(nodes, true);
}

}  // namespace reconciler::cycle
