#include "reconciler/spec/freeze.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "reconciler/spec/build.h"
#include "reconciler/spec/identity.h"
#include "reconciler/spec/merge.h"

namespace reconciler::spec {
namespace {

GoodSpec Remember(const PoolSpec& pool, const std::string& path) {
  return {path,
          pool.account,
          pool.id,
          pool.body,
          pool.policy,
          pool.position.line,
          pool.position.column};
}

PoolSpec FrozenAt(const GoodSpec& last, const std::string& reason) {
  PoolSpec pool;
  pool.id = last.id;
  pool.account = last.account;
  pool.body = last.body;
  pool.policy = last.policy;
  pool.position = {std::make_shared<const std::string>(last.path), last.line, last.column};
  // Where its members stood is not known any more, only in which file.
  for (const Member& member : pool.body.AsObject()) {
    pool.positions[member.name] = {pool.position.file, 0, 0};
  }
  pool.frozen_reason = reason;
  pool.digest = SpecDigest(pool.body, pool.policy);
  return pool;
}

bool HasValue(const Value& body, std::string_view name) {
  const Value* value = body.Find(name);
  return value != nullptr && !value->IsNull();
}

/// What the scale group loses leaves no trace on the pool: only the last good spec knows.
void CompareScale(PoolSpec& pool, const GoodSpec* last) {
  if (last == nullptr) return;
  for (const Member& member : last->body.AsObject()) {
    if (!IsScaleProperty(member.name) || member.value.IsNull()) continue;
    if (pool.body.Find(member.name) == nullptr) pool.scale_left.push_back(member.name);
  }
  const bool is_fixed =
      HasValue(pool.body, "targetDedicatedNodes") || HasValue(pool.body, "targetLowPriorityNodes");
  pool.was_auto_scale = last->body.BoolOr("enableAutoScale", false) &&
                        !pool.body.BoolOr("enableAutoScale", false) && is_fixed;
}

class Freezer {
 public:
  Freezer(const AssembleInput& input, const LastGoodIndex& last_good, ReadOutcome& outcome,
          Assembled& assembled)
      : input_(input), last_good_(last_good), outcome_(outcome), assembled_(assembled) {}

  void Run() {
    TakeGood();
    FreezeBad();
    FreezeHidden();
  }

 private:
  void TakeGood() {
    for (PoolDocument& pool : outcome_.pools) {
      if (!pool.spec) continue;
      CompareScale(*pool.spec, last_good_.Find(pool.key, pool.path));
      placed_.insert(pool.key);
      assembled_.good.specs.push_back(Remember(*pool.spec, pool.path));
      assembled_.snapshot.pools.push_back(std::move(*pool.spec));
    }
  }

  void FreezeBad() {
    for (const PoolDocument& pool : outcome_.pools) {
      if (pool.spec || pool.key.empty() || placed_.contains(pool.key)) continue;
      const GoodSpec* last = last_good_.Find(pool.key, pool.path);
      if (last != nullptr) {
        PlaceFrozen(*last, pool.problem);
      } else {
        const std::size_t cut = pool.key.find('/');
        assembled_.snapshot.unreadable.push_back(
            {pool.key.substr(0, cut), pool.id, pool.position, pool.problem});
      }
    }
  }

  void FreezeHidden() {
    if (input_.last_good == nullptr) return;
    for (const GoodSpec& last : input_.last_good->specs) {
      const std::string key = PoolKey(last.account, last.id);
      if (placed_.contains(key)) continue;
      const std::string reason = WhyHidden(last.path);
      if (!reason.empty()) {
        PlaceFrozen(last, reason);
      } else if (!outcome_.complete) {
        assembled_.good.specs.push_back(last);
      }
    }
  }

  void PlaceFrozen(const GoodSpec& last, const std::string& reason) {
    placed_.insert(PoolKey(last.account, last.id));
    assembled_.good.specs.push_back(last);
    assembled_.snapshot.pools.push_back(FrozenAt(last, reason));
  }

  std::string WhyHidden(const std::string& path) const {
    if (outcome_.blind_files.contains(path)) return fmt::format("{} cannot be read", path);
    for (const TreeProblem& problem : input_.problems) {
      if (!problem.hides_pools || !IsWithin(path, problem.path)) continue;
      return fmt::format("{}: {}", problem.path.empty() ? "the spec tree" : problem.path,
                         problem.message);
    }
    if (input_.files.empty()) return "the spec tree holds no file";
    return {};
  }

  const AssembleInput& input_;
  const LastGoodIndex& last_good_;
  ReadOutcome& outcome_;
  Assembled& assembled_;
  std::set<std::string> placed_;
};

/// Defaults that are wrong now, or vanished and still freeze a pool, are remembered further.
void RememberDefaults(const AssembleInput& input, FolderDefaults& defaults, bool complete,
                      LastGood& good) {
  good.defaults = defaults.Good();
  if (input.last_good == nullptr) return;
  for (const GoodDefaults& entry : input.last_good->defaults) {
    const auto same = [&](const GoodDefaults& other) { return other.folder == entry.folder; };
    if (std::any_of(good.defaults.begin(), good.defaults.end(), same)) continue;
    const auto still_freezes = [&](const LostDefaults& lost) {
      return lost.folder == entry.folder && lost.frozen_pools > 0;
    };
    const auto& lost = defaults.lost();
    if (!complete || defaults.Has(entry.folder) ||
        std::any_of(lost.begin(), lost.end(), still_freezes)) {
      good.defaults.push_back(entry);
    }
  }
}

}  // namespace

void Freeze(const AssembleInput& input, const LastGoodIndex& last_good, FolderDefaults& defaults,
            ReadOutcome& outcome, Assembled& assembled) {
  Freezer(input, last_good, outcome, assembled).Run();
  RememberDefaults(input, defaults, outcome.complete, assembled.good);
  std::sort(assembled.snapshot.pools.begin(), assembled.snapshot.pools.end(),
            [](const PoolSpec& a, const PoolSpec& b) {
              return std::tie(a.account, a.id) < std::tie(b.account, b.id);
            });
  std::sort(assembled.good.specs.begin(), assembled.good.specs.end(),
            [](const GoodSpec& a, const GoodSpec& b) {
              return std::tie(a.path, a.account, a.id) < std::tie(b.path, b.account, b.id);
            });
}

}  // namespace reconciler::spec
