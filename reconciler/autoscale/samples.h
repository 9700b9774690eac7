// What the service has measured of a pool.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/autoscale/value.h"

namespace reconciler::autoscale {

/// Of the service: one sample of each metric.
constexpr Ticks kSamplePeriod = std::chrono::seconds(30);

struct Sample {
  Timestamp time;
  double value = 0;
};

class Samples {
 public:
  /// `metric`: full name with '$'. Cheapest in the order of time.
  void Add(std::string_view metric, Instant time, double value);
  /// One sample each period, the last one at `newest`.
  void AddSeries(std::string_view metric, Instant newest, const std::vector<double>& values);
  /// By time; empty for what was never measured.
  const std::vector<Sample>& Of(std::string_view metric) const;

 private:
  std::map<std::string, std::vector<Sample>, std::less<>> by_metric_;
};

}  // namespace reconciler::autoscale
