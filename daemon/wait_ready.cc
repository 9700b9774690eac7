#include "daemon/wait_ready.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "daemon/progress.h"

namespace reconciler::daemon {
namespace {

/// What one account's thread has found so far.
struct Lane {
  Readiness readiness;
  std::vector<cycle::PoolStatus> statuses;
  std::string failure;  // why the last look failed
  bool reported = false;
  bool ended = false;
};

class Waiter {
 public:
  Waiter(CommandContext& context, Session& session,
         const std::shared_ptr<const SpecSnapshot>& specs, const WaitOptions& options)
      : context_(context),
        session_(session),
        specs_(specs),
        options_(options),
        begun_(context.clock.Now()),
        lanes_(session.accounts.size()) {}

  WaitResult Run() {
    const std::stop_callback on_signal(context_.signals.stop(), [this] { stop_.request_stop(); });
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      threads.emplace_back([this, i] { RunLane(i); });
    }
    const bool timed_out = !Watch();
    stop_.request_stop();
    threads.clear();
    return Collect(timed_out);
  }

 private:
  void RunLane(std::size_t index) {
    AccountWorld& account = *session_.accounts[index];
    ReadinessJudge judge(options_.cycle.pools);
    cycle::CycleOptions cycle = options_.cycle;
    bool seen = false;
    while (!stop_.stop_requested()) {
      Doors doors = session_.world->DoorsOf(account);
      const auto report = cycle::RunCycle(account.account, specs_, doors, cycle, stop_.get_token());
      cycle.forget_backoff = false;
      // What was known before the stop says more.
      if (report.failure && report.failure->kind == ErrorKind::kCancelled) break;
      seen = seen || report.observed;
      if (Note(index, report, judge.Judge(report), seen)) break;
      if (!context_.clock.SleepUntil(report.next_due, stop_.get_token())) break;
    }
    const std::lock_guard lock(mutex_);
    lanes_[index].ended = true;
    changed_.notify_all();
  }

  /// True: nothing more is to be awaited in this account.
  bool Note(std::size_t index, const cycle::CycleReport& report, Readiness readiness, bool seen) {
    const bool auth = readiness.facts.auth;
    const bool throttled = report.failure && report.failure->kind == ErrorKind::kThrottled;
    const bool ended =
        readiness.AllReady() || readiness.stuck || auth || (!seen && report.failure && !throttled);
    const std::lock_guard lock(mutex_);
    Lane& lane = lanes_[index];
    lane.reported = true;
    lane.readiness = std::move(readiness);
    if (report.observed) lane.statuses = report.statuses;
    lane.failure = report.failure ? report.failure->message : std::string();
    changed_.notify_all();
    return ended;
  }

  /// Shows what is awaited until every lane has ended; false at the timeout.
  bool Watch() {
    Progress progress(context_.console);
    const Tick deadline = begun_ + options_.timeout;
    std::unique_lock lock(mutex_);
    while (!AllEnded()) {
      const Tick now = context_.clock.Now();
      if (now >= deadline) return false;
      if (AnyReported())
        progress.Show(Describe(), std::chrono::duration_cast<std::chrono::seconds>(now - begun_));
      // A terminal shows the seconds pass; elsewhere only changes speak.
      changed_.wait_for(lock, std::min<Tick>(deadline - now, std::chrono::seconds(1)));
    }
    return true;
  }

  bool AllEnded() const {
    for (const Lane& lane : lanes_) {
      if (!lane.ended) return false;
    }
    return true;
  }

  bool AnyReported() const {
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [](const Lane& lane) { return lane.reported; });
  }

  std::string Describe() const {
    std::size_t pools = 0;
    std::size_t ready = 0;
    std::string first;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      const Lane& lane = lanes_[i];
      pools += lane.readiness.pools;
      ready += lane.readiness.ready;
      if (!first.empty()) continue;
      if (!lane.failure.empty()) {
        first = DescribeFailure(session_.accounts[i]->account.config.name, lane.failure);
      } else if (!lane.readiness.waiting.empty()) {
        first = lane.readiness.waiting.front();
      }
    }
    return fmt::format("waiting, {} of {} pools Ready{}", ready, pools,
                       first.empty() ? "" : "; " + first);
  }

  WaitResult Collect(bool timed_out) {
    WaitResult result;
    bool all_ready = true;
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      Lane& lane = lanes_[i];
      all_ready = all_ready && lane.readiness.AllReady();
      result.facts |= lane.readiness.facts;
      result.waiting.insert(result.waiting.end(), lane.readiness.waiting.begin(),
                            lane.readiness.waiting.end());
      const std::string& name = session_.accounts[i]->account.config.name;
      if (!lane.failure.empty()) result.waiting.push_back(DescribeFailure(name, lane.failure));
      if (!lane.reported) result.waiting.push_back(DescribeFailure(name, kNotReadYet));
      result.statuses.insert(result.statuses.end(), lane.statuses.begin(), lane.statuses.end());
    }
    result.facts.timeout = timed_out && !all_ready;
    return result;
  }

  CommandContext& context_;
  Session& session_;
  const std::shared_ptr<const SpecSnapshot>& specs_;
  const WaitOptions& options_;
  Tick begun_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Lane> lanes_;
};

}  // namespace

WaitResult WaitUntilReady(CommandContext& context, Session& session,
                          const std::shared_ptr<const SpecSnapshot>& specs,
                          const WaitOptions& options) {
  return Waiter(context, session, specs, options).Run();
}

}  // namespace reconciler::daemon
