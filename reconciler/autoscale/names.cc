#include "reconciler/autoscale/names.h"

#include <algorithm>
#include <iterator>

#include "reconciler/core/text.h"

namespace reconciler::autoscale {
namespace {

using enum ServiceName::Kind;

constexpr Ticks kSecond{10'000'000};

constexpr ServiceName kNames[] = {
    {"$TargetDedicatedNodes", kTarget},
    {"$TargetDedicated", kTarget, "$TargetDedicatedNodes"},
    {"$TargetLowPriorityNodes", kTarget},
    {"$TargetLowPriority", kTarget, "$TargetLowPriorityNodes"},
    {"$NodeDeallocationOption", kDeallocation},

    {"$ActiveTasks"},
    {"$RunningTasks"},
    {"$PendingTasks"},
    {"$SucceededTasks"},
    {"$FailedTasks"},
    {"$CurrentDedicatedNodes"},
    {"$CurrentDedicated", kMetric, "$CurrentDedicatedNodes"},
    {"$CurrentLowPriorityNodes"},
    {"$CurrentLowPriority", kMetric, "$CurrentLowPriorityNodes"},
    {"$PreemptedNodeCount"},
    {"$UsableNodeCount"},
    {"$TaskSlotsPerNode"},
    {"$SampleNodeCount"},
    {"$CPUPercent", kMetric, {}, true},
    {"$WallClockSeconds", kMetric, {}, true},
    {"$MemoryBytes", kMetric, {}, true},
    {"$DiskBytes", kMetric, {}, true},
    {"$DiskReadBytes", kMetric, {}, true},
    {"$DiskWriteBytes", kMetric, {}, true},
    {"$DiskReadOps", kMetric, {}, true},
    {"$DiskWriteOps", kMetric, {}, true},
    {"$NetworkInBytes", kMetric, {}, true},
    {"$NetworkOutBytes", kMetric, {}, true},

    {"TimeInterval_Zero", kInterval, {}, false, Ticks(0)},
    {"TimeInterval_100ns", kInterval, {}, false, Ticks(1)},
    {"TimeInterval_Microsecond", kInterval, {}, false, kSecond / 1'000'000},
    {"TimeInterval_Millisecond", kInterval, {}, false, kSecond / 1'000},
    {"TimeInterval_Second", kInterval, {}, false, kSecond},
    {"TimeInterval_Minute", kInterval, {}, false, kSecond * 60},
    {"TimeInterval_Hour", kInterval, {}, false, kSecond * 3'600},
    {"TimeInterval_Day", kInterval, {}, false, kSecond * 86'400},
    {"TimeInterval_Week", kInterval, {}, false, kSecond * 604'800},
    {"TimeInterval_Year", kInterval, {}, false, kSecond * 31'536'000},  // 365 days: a guess

    {"requeue", kOption},
    {"terminate", kOption},
    {"taskcompletion", kOption},
    {"retaineddata", kOption},
};

template <class Matches>
const ServiceName* Find(Matches matches) {
  const auto* const found = std::find_if(std::begin(kNames), std::end(kNames), matches);
  return found == std::end(kNames) ? nullptr : found;
}

}  // namespace

const ServiceName* FindServiceName(std::string_view name) {
  return Find([&](const ServiceName& row) { return row.name == name; });
}

const ServiceName* FindServiceNameFolded(std::string_view name) {
  return Find([&](const ServiceName& row) { return EqualFolded(row.name, name); });
}

std::span<const ServiceName> ServiceNames() { return kNames; }

}  // namespace reconciler::autoscale
