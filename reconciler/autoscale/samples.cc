#include "reconciler/autoscale/samples.h"

#include <algorithm>

namespace reconciler::autoscale {

void Samples::Add(std::string_view metric, Instant time, double value) {
  std::vector<Sample>& samples = by_metric_[std::string(metric)];
  const Sample sample{ToTimestamp(time), value};
  const auto behind =
      std::upper_bound(samples.begin(), samples.end(), sample,
                       [](const Sample& a, const Sample& b) { return a.time < b.time; });
  samples.insert(behind, sample);
}

void Samples::AddSeries(std::string_view metric, Instant newest,
                        const std::vector<double>& values) {
  Instant time = newest - kSamplePeriod * static_cast<std::int64_t>(values.size());
  for (const double value : values) Add(metric, time += kSamplePeriod, value);
}

const std::vector<Sample>& Samples::Of(std::string_view metric) const {
  static const std::vector<Sample> kNone;
  const auto found = by_metric_.find(metric);
  return found == by_metric_.end() ? kNone : found->second;
}

}  // namespace reconciler::autoscale
