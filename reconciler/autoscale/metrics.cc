#include "reconciler/autoscale/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "reconciler/autoscale/operators.h"

namespace reconciler::autoscale {
namespace {

Vector ValuesOf(std::span<const Sample> samples) {
  Vector values;
  values.reserve(samples.size());
  for (const Sample& sample : samples) values.push_back(sample.value);
  return values;
}

struct Span {
  Timestamp begin;
  Timestamp end;
};

Result<Timestamp> Moment(const Value& value, Timestamp now) {
  if (const Timestamp* const time = std::get_if<Timestamp>(&value)) return *time;
  const Ticks back = std::get<Ticks>(value);
  const auto moment = back == Ticks::min() ? std::nullopt : MakeTimestamp(now, -back);
  if (!moment) return EvaluationFault("Time out of range");
  return *moment;
}

bool IsMoment(const Value& value) {
  return std::holds_alternative<Timestamp>(value) || std::holds_alternative<Ticks>(value);
}

Result<Span> SpanOf(const std::vector<Value>& arguments, Timestamp now) {
  auto begin = Moment(arguments[0], now);
  if (!begin) return std::move(begin).error();
  Span span{*begin, now};
  if (arguments.size() > 1 && IsMoment(arguments[1])) {
    auto end = Moment(arguments[1], now);
    if (!end) return std::move(end).error();
    span.end = *end;
  }
  if (span.end < span.begin) std::swap(span.begin, span.end);
  return span;
}

std::span<const Sample> Within(const std::vector<Sample>& samples, const Span& span) {
  const auto after = [&](Timestamp time) {
    return std::upper_bound(samples.begin(), samples.end(), time,
                            [](Timestamp at, const Sample& sample) { return at < sample.time; });
  };
  return {after(span.begin), after(span.end)};
}

/// Of one sample a period; whole percent, rounded down, at most 100.
double PercentOf(std::size_t received, const Span& span) {
  const auto expected = std::max<std::int64_t>((span.end - span.begin) / kSamplePeriod, 1);
  return std::min(std::floor(static_cast<double>(received) * 100 / static_cast<double>(expected)),
                  100.0);
}

Vector Newest(const std::vector<Sample>& samples, double count) {
  const double most = static_cast<double>(samples.size());
  const auto taken = static_cast<std::size_t>(std::clamp(std::isnan(count) ? 0 : count, 0.0, most));
  return ValuesOf(std::span(samples).last(taken));
}

Result<Value> GetSample(std::string_view metric, const std::vector<Sample>& samples,
                        const std::vector<Value>& arguments, Timestamp now) {
  if (const double* const count = std::get_if<double>(&arguments[0])) {
    return Value(Newest(samples, *count));
  }
  auto span = SpanOf(arguments, now);
  if (!span) return std::move(span).error();
  const double* const wanted = std::get_if<double>(&arguments.back());
  const double percent = wanted != nullptr ? *wanted : kSamplePercentDefault;
  const auto found = Within(samples, *span);
  const double received = PercentOf(found.size(), *span);
  if (received < percent) {
    return InsufficientData(metric, fmt::format("wanted {}%, received {}%", percent, received));
  }
  return Value(ValuesOf(found));
}

}  // namespace

Error InsufficientData(std::string_view metric, std::string_view detail) {
  return {.kind = ErrorKind::kInvalidSpec,
          .message = fmt::format("Insufficient data from data set: {} {}", metric, detail),
          .code = "InsufficientSampleData"};
}

Result<Value> CallMethod(const Signature& method, std::string_view metric,
                         const std::vector<Sample>& samples, const std::vector<Value>& arguments,
                         Timestamp now) {
  std::vector<Type> types;
  for (const Value& argument : arguments) types.push_back(TypeOf(argument));
  if (auto type = ResultType(method, types); !type) return std::move(type).error();
  if (method.name == "GetSample") return GetSample(metric, samples, arguments, now);
  if (method.name == "GetSamplePercent") {
    auto span = SpanOf(arguments, now);
    if (!span) return std::move(span).error();
    return Value(PercentOf(Within(samples, *span).size(), *span));
  }
  if (method.name == "GetSamplePeriod") return Value(kSamplePeriod);
  if (method.name == "Count") return Value(static_cast<double>(samples.size()));
  if (samples.empty()) return InsufficientData(metric, "has no sample");
  return Value(samples.front().time);
}

}  // namespace reconciler::autoscale
