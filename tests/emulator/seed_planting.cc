// How a service comes to have what a seed says: the creates are carried out a day ago, so that
// pools have grown up by now.
#include <fmt/format.h>

#include <array>
#include <functional>
#include <utility>

#include "tests/emulator/content_type.h"
#include "tests/emulator/pool_json.h"
#include "tests/emulator/seed.h"
#include "tests/emulator/service_state.h"

namespace emulator {

namespace {

constexpr std::chrono::hours kAge{24};
constexpr std::array kTargets{"targetDedicatedNodes", "targetLowPriorityNodes"};
constexpr std::array kCurrents{"currentDedicatedNodes", "currentLowPriorityNodes"};

/// Without what only answers have.
Json CreateBody(const Json& sent) {
  Json body{Json::Object{}};
  for (const JsonMember& member : *sent.AsObject()) {
    const Member* const row = PoolMember().Child(member.name);
    if (row == nullptr || row->type != MemberType::kRead) body.Set(member.name, member.value);
  }
  return body;
}

std::int64_t CountIn(const Json& body, const char* name, std::int64_t otherwise) {
  const Json* const value = body.Find(name);
  return value == nullptr ? otherwise : IntegerOf(*value).value_or(otherwise);
}

bool FollowsFormula(const Json& body) {
  const Json* const value = body.Find("enableAutoScale");
  return value != nullptr && value->AsBool() != nullptr && *value->AsBool();
}

struct NodeNumbers {
  PerKind target{}, current{};
};
NodeNumbers NumbersOf(const Json& body) {
  NodeNumbers out;
  for (const NodeKind kind : kNodeKinds) {
    out.target[kind] = CountIn(body, kTargets[kind], 0);
    out.current[kind] = CountIn(body, kCurrents[kind], out.target[kind]);
  }
  return out;
}

/// Creates things in one account; keeps the first complaint.
class Planter {
 public:
  using Ask = std::function<Reply(const Request&)>;

  Planter(Account& account, std::string api_version, Ask ask)
      : account_(account), query_("?api-version=" + std::move(api_version)), ask_(std::move(ask)) {}

  const std::string& complaint() const { return complaint_; }

  void Create(const std::string& path, const SeedItem& item, const Json& body) {
    if (!complaint_.empty()) return;
    const Reply reply =
        ask_({"POST", path + query_, {{"Content-Type", kBodyType}}, JsonText(body)});
    if (!reply.error) return;
    complaint_ = fmt::format("{}: '{}': {}", item.place, body.Text("id"), reply.error->code);
    for (const ErrorDetail& detail : reply.error->details) {
      complaint_ += fmt::format(", {}: {}", detail.key, detail.value.value_or(""));
    }
  }
  void CreatePool(const SeedItem& item) {
    Json body = CreateBody(item.body);
    const NodeNumbers numbers = NumbersOf(item.body);
    bool lacks = false;
    for (const NodeKind kind : kNodeKinds) {
      lacks = lacks || numbers.current[kind] < numbers.target[kind];
      if (FollowsFormula(body)) {
        body.Remove(kTargets[kind]);
      } else if (numbers.current[kind] > numbers.target[kind]) {
        body.Set(kTargets[kind], Json(numbers.current[kind]));
      }
    }
    if (lacks && !FollowsFormula(body)) {
      account_.FailNextAllocation(body.Text("id"), {"AllocationTimedout", numbers.current});
    }
    Create("/pools", item, body);
  }
  void CreatePools(const std::vector<SeedItem>& items) {
    for (const SeedItem& item : items) CreatePool(item);
  }
  /// Once the pools have grown up.
  void CreateRest(const SeedAccount& account, Instant now) {
    account_.Advance(now);
    for (const SeedItem& pool : account.pools) LowerTargets(pool);
    for (const SeedItem& schedule : account.schedules) {
      Create("/jobschedules", schedule, schedule.body);
    }
    for (const SeedJob& job : account.jobs) CreateJob(job);
  }

 private:
  /// The targets of a pool that has more nodes than it is to have.
  void LowerTargets(const SeedItem& item) {
    Pool* const pool = account_.Find(item.body.Text("id"));
    if (pool != nullptr && !pool->auto_scale) pool->target = NumbersOf(item.body).target;
  }
  void CreateJob(const SeedJob& item) {
    Create("/jobs", item.job, item.job.body);
    const std::string path = "/jobs/" + PercentEncode(item.job.body.Text("id")) + "/tasks";
    for (const SeedItem& task : item.tasks) Create(path, task, task.body);
  }

  Account& account_;
  std::string query_;
  Ask ask_;
  std::string complaint_;
};

}  // namespace

std::optional<std::string> Service::Plant(const Seed& seed) {
  auto planted = std::make_unique<State>(state_->config, state_->now, state_->wall);
  const Instant now = planted->now();
  Instant instant = now - kAge;
  std::vector<Planter> planters;
  for (const SeedAccount& one : seed.accounts) {
    Account* const account =
        planted->Find(one.name.empty() ? planted->config.accounts.front().name : one.name);
    if (account == nullptr) {
      return fmt::format("{}: the configuration has no account '{}'", one.place, one.name);
    }
    planters.emplace_back(*account, seed.api_version, [&, account](const Request& request) {
      return planted->Answer(request, *account, instant);
    });
    planters.back().CreatePools(one.pools);
  }
  instant = now;
  for (std::size_t i = 0; i < planters.size(); ++i) planters[i].CreateRest(seed.accounts[i], now);
  for (const Planter& planter : planters) {
    if (!planter.complaint().empty()) return planter.complaint();
  }
  Adopt(std::move(planted), {});
  return std::nullopt;
}

}  // namespace emulator
