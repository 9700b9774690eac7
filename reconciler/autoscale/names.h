// The names that the service defines.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "reconciler/core/duration.h"

namespace reconciler::autoscale {

struct ServiceName {
  enum class Kind : std::uint8_t {
    kTarget,        // read-write double
    kDeallocation,  // $NodeDeallocationOption
    kMetric,        // read-only; methods, and the latest value where it stands alone
    kInterval,      // TimeInterval_Minute
    kOption,        // taskcompletion
  };
  std::string_view name;
  Kind kind = Kind::kMetric;
  /// Another spelling of this one; empty if it is the full name itself.
  std::string_view alias_of{};
  /// Metrics of the nodes' resources, for which newer documentation announces no more samples.
  bool retired = false;
  Ticks interval{};
};

/// nullptr: not the service's. Upper and lower case matter.
const ServiceName* FindServiceName(std::string_view name);
/// The same without regard to case, for slips.
const ServiceName* FindServiceNameFolded(std::string_view name);
std::span<const ServiceName> ServiceNames();

inline std::string_view FullName(const ServiceName& name) {
  return name.alias_of.empty() ? name.name : name.alias_of;
}

}  // namespace reconciler::autoscale
