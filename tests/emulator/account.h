// One account: its pools and how they live on as time goes by.
#pragma once

#include <map>
#include <set>
#include <string>

#include "tests/emulator/formula.h"
#include "tests/emulator/pool.h"
#include "tests/emulator/random.h"
#include "tests/emulator/schedule.h"
#include "tests/emulator/service_config.h"

namespace emulator {

/// Makes the next allocation of a pool fail: `granted` nodes of each kind come, then this error.
struct AllocationFailure {
  std::string code = "AllocationTimedout";
  PerKind granted{};
};

class Account {
 public:
  Account(const AccountConfig& config, const ServiceConfig& service);

  const AccountConfig& config() const { return config_; }
  void Reconfigure(const AccountConfig& config) { config_ = config; }
  /// For what only answers show, so that reading changes nothing of what happens.
  Random& random() { return answer_random_; }
  /// Keyed by the lower-cased id, which is also the order of lists.
  std::map<std::string, Pool>& pools() { return pools_; }
  Pool* Find(std::string_view id);

  /// Lets everything happen that is due until `now`.
  void Advance(Instant now);
  /// When the next thing happens by itself; nothing: never.
  std::optional<Instant> NextEvent() const;

  /// The pool must be new; starts its first sizing.
  Pool& Add(Pool pool, Instant now);
  /// A new etag and lastModified. Strictly increasing over the account, so never the same twice.
  void Touch(Versioned& thing, Instant now);
  void BeginResize(Pool& pool, PerKind target, TaskFate fate, Instant now);
  /// Lowers the targets by these nodes and lets them leave.
  void RemoveNodes(Pool& pool, const std::vector<std::size_t>& places, TaskFate fate, Instant now);
  void StopResize(Pool& pool, Instant now);
  void BeginDelete(Pool& pool, Instant now);
  /// Gone at once.
  void Drop(Pool& pool);
  /// Settings and targets of an earlier state of the pool; a delete is called off.
  void Revert(Pool& pool, const Pool& old, Instant now);
  /// Reboots, reimages or gives back the machine of a node.
  void Act(Pool& pool, Node& node, NodeAction action, TaskFate fate, Instant now);
  /// Starts a node whose machine was given back.
  void StartAgain(Pool& pool, Node& node, Instant now);
  /// `fate` is that of running tasks when a node takes no more.
  void SetSchedulable(Pool& pool, Node& node, bool schedulable, TaskFate fate, Instant now);
  void EnableAutoScale(Pool& pool, Instant now);
  void DisableAutoScale(Pool& pool, Instant now);
  FormulaResult Evaluate(const Pool& pool, const std::string& formula, Instant now);

  /// Keyed by the lower-cased id, which is also the order of lists.
  std::map<std::string, Job>& jobs() { return jobs_; }
  Job* FindJob(std::string_view id);
  /// Whether the quota leaves room for another job or schedule.
  bool RoomForJob(Instant now) const;
  Job& AddJob(Job job, Instant now);
  /// Binds the job to another pool, which need not exist.
  void PointAt(Job& job, const std::string& pool_id, Instant now);
  /// To be called after a change of settings.
  void JobChanged(Job& job, Instant now);
  void DisableJob(Job& job, TaskFate fate, Instant now);
  void EnableJob(Job& job, Instant now);
  void TerminateJob(Job& job, const std::string& reason, Instant now);
  void DeleteJob(Job& job, Instant now);

  std::map<std::string, Schedule>& schedules() { return schedules_; }
  Schedule* FindSchedule(std::string_view id);
  Schedule& AddSchedule(Schedule schedule, Instant now);
  void SetStates(Schedule& schedule, std::vector<JobStep> steps, Instant now);
  /// Ends the schedule and its jobs.
  void EndSchedule(Schedule& schedule, bool deletes, Instant now);

  Task& AddTask(Job& job, Task task, Instant now);
  void TerminateTask(Job& job, Task& task, Instant now);
  void ReactivateTask(Job& job, Task& task, Instant now);
  void DeleteTask(Job& job, const std::string& key, Instant now);

  void FailNextAllocation(const std::string& pool_id, AllocationFailure failure);
  void FailStartTasks(const std::string& pool_id, bool fail);
  /// Takes up to `count` running Spot nodes away; returns how many.
  int Preempt(Pool& pool, int count, Instant now);

  /// Everything but the configuration; see state_fields.h.
  template <class Archive>
  void Exchange(Archive& archive);

 private:
  void Step(const std::string& key, Instant due, Instant horizon);
  void EndResize(Pool& pool, Instant now);
  void EvaluateNow(Pool& pool, Instant now, bool publish);
  void ReviveNodes(Pool& pool, Instant now);
  /// Grants what quota, allocation rate and wished failures leave of the missing nodes.
  void Grant(Pool& pool, Instant now);
  /// How many more nodes of a kind the quotas allow, and the resize error of a wish for more.
  struct Allowance {
    std::int64_t nodes = 0;
    std::string code;
  };
  Allowance QuotaLeft(const Pool& pool, NodeKind kind) const;
  /// The same for what the pool's own settings allow, `granted` beside the nodes it keeps.
  Allowance RoomLeft(const Pool& pool, NodeKind kind, PerKind granted) const;
  /// Dedicated cores of a VM family, in use or granted.
  std::int64_t FamilyCores(const std::string& family) const;
  void LetGo(Pool& pool, NodeKind kind, std::int64_t count, TaskFate fate, Instant now);
  void Arrive(Pool& pool, NodeKind kind, Instant now);
  /// A new machine for the node.
  void StartNode(Pool& pool, Node& node, Instant now);
  void BootNode(Pool& pool, Node& node, Instant starting);
  /// Up to a tenth more.
  Duration Jittered(std::chrono::milliseconds length);
  /// Starts tasks that found room, and puts the pool where it belongs in the queue.
  void Reschedule(Pool& pool, Instant now);
  void Forget(Pool& pool);

  void BeginAction(Pool& pool, Node& node, Instant now);
  void LetTasksGo(Pool& pool, Node& node, TaskFate fate, Instant now);
  /// Lets nodes that waited for their tasks go on.
  void Drain(Pool& pool, Instant now);
  /// When the resize ends as things stand.
  Instant PendingEnd(const Pool& pool, Instant now) const;

  void EndDueTasks(Pool& pool, Instant now);
  void StartWaitingTasks(Pool& pool, Instant now);
  /// Active jobs of a pool that have tasks waiting, in the order that they are served.
  std::vector<Job*> JobsInOrder(const Pool& pool, Instant now);
  void StartTask(Pool& pool, Node& node, Job& job, Task& task, Instant now);
  void SampleTasks(Pool& pool, Instant now);
  std::optional<Instant> NextTaskEvent(const Pool& pool, Instant now) const;
  /// Takes a running task off its node, which is returned unless it is gone.
  Node* Vacate(Job& job, Task& task, Instant now);
  void Complete(Job& job, Task& task, const std::optional<TaskFailure>& failure,
                std::optional<std::int64_t> exit_code, Instant now);
  void Requeue(Job& job, Task& task, Instant now);
  /// Ends a running task as a node or job that goes wants it: kRequeue or kTerminate.
  void EndRun(Job& job, Task& task, TaskFate fate, Instant now);
  /// Ends what runs on a node, unless it may complete.
  void Release(Node& node, TaskFate fate, Instant now);
  void EndRunning(Job& job, TaskFate fate, Instant now);
  /// The steps that a job takes from now on.
  void Enter(Job& job, std::vector<JobStep> steps, Instant now);
  /// What the tasks of a job mean for its state.
  void AfterTask(Job& job, Instant now);
  void Reconsider(const Job& job, Instant now);
  void ForgetJobs(Instant now);
  void RunSchedule(Schedule& schedule, Instant now);
  /// Jobs that are due, and schedules that go.
  void RunSchedules(Instant now);

  AccountConfig config_;
  const ServiceConfig& service_;
  Random random_, answer_random_;
  std::map<std::string, Pool> pools_;
  std::set<std::pair<Instant, std::string>> queue_;
  PerKind cores_{};  // in use or granted
  Instant last_touch_{};
  std::map<std::string, AllocationFailure> failures_;
  std::set<std::string> failing_start_tasks_;
  std::map<std::string, Job> jobs_;
  std::set<std::pair<Instant, std::string>> leaving_jobs_;
  std::map<std::string, Schedule> schedules_;
  std::set<std::pair<Instant, std::string>> leaving_schedules_;
};

/// Why a job ended. Source: Batch REST, JobExecutionInformation, terminateReason.
inline constexpr std::string_view kAllTasksComplete = "AllTasksComplete";

/// `Desired number of dedicated nodes could not be allocated ...`
std::string ResizeErrorMessage(const std::string& code, NodeKind kind);

}  // namespace emulator
