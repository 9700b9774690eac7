#include "reconciler/autoscale/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reconciler/autoscale/operators.h"
#include "reconciler/autoscale/time_reader.h"

namespace reconciler::autoscale {
namespace {

double Sum(const Vector& values) { return std::accumulate(values.begin(), values.end(), 0.0); }
double Average(const Vector& values) { return Sum(values) / static_cast<double>(values.size()); }
double Greatest(const Vector& values) { return *std::max_element(values.begin(), values.end()); }
double Least(const Vector& values) { return *std::min_element(values.begin(), values.end()); }
double Range(const Vector& values) { return Greatest(values) - Least(values); }
double Length(const Vector& values) { return static_cast<double>(values.size()); }
double Norm(const Vector& values) {
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
}
/// Of a sample: divided by n - 1; 0 for a single value.
double Deviation(const Vector& values) {
  if (values.size() == 1) return 0;
  const double average = Average(values);
  const double squares = std::accumulate(
      values.begin(), values.end(), 0.0,
      [average](double sum, double value) { return sum + (value - average) * (value - average); });
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

struct Reduction {
  std::string_view name;
  double (*compute)(const Vector&);
  bool needs_values;
};
constexpr Reduction kReductions[] = {
    {"avg", Average, true}, {"len", Length, false}, {"max", Greatest, true},  {"min", Least, true},
    {"norm", Norm, false},  {"range", Range, true}, {"std", Deviation, true}, {"sum", Sum, false},
};

struct Component {
  std::string_view name;
  double (*compute)(double);
};
constexpr Component kComponents[] = {
    {"ceil", [](double x) { return std::ceil(x); }},
    {"floor", [](double x) { return std::floor(x); }},
    {"lg", [](double x) { return std::log2(x); }},
    {"ln", [](double x) { return std::log(x); }},
    {"log", [](double x) { return std::log10(x); }},
    {"round", [](double x) { return std::round(x); }},
};

template <class Row, std::size_t kCount>
const Row& Find(const Row (&table)[kCount], std::string_view name) {
  return *std::find_if(std::begin(table), std::end(table) - 1,
                       [&](const Row& row) { return row.name == name; });
}

/// doubleVecList: doubles and vectors as one vector.
Vector Flatten(const std::vector<Value>& arguments) {
  Vector values;
  for (const Value& argument : arguments) {
    if (const double* const number = std::get_if<double>(&argument)) {
      values.push_back(*number);
    } else if (const Vector* const vector = std::get_if<Vector>(&argument)) {
      values.insert(values.end(), vector->begin(), vector->end());
    }
  }
  return values;
}

Result<Value> Reduce(std::string_view name, Vector values) {
  if (name == "vec") return Value(std::move(values));
  const Reduction& reduction = Find(kReductions, name);
  if (reduction.needs_values && values.empty()) {
    return EvaluationFault(fmt::format("{}: no values", name));
  }
  return Value(reduction.compute(values));
}

Value Transform(const Component& component, const std::vector<Value>& arguments) {
  const double* const number = std::get_if<double>(&arguments.front());
  if (number != nullptr && arguments.size() == 1) return component.compute(*number);
  Vector values = Flatten(arguments);
  std::transform(values.begin(), values.end(), values.begin(), component.compute);
  return values;
}

Result<Value> ElementAt(const Vector& values, double index) {
  if (!(index >= 0 && index < Length(values))) {
    return EvaluationFault(
        fmt::format("Index out of range: {} of {} values", index, values.size()));
  }
  return Value(values[static_cast<std::size_t>(index)]);
}

/// The nearest rank: the least element that `percent` of all do not exceed.
Result<Value> Percentile(Vector values, double percent) {
  if (values.empty()) return EvaluationFault("percentile: no values");
  if (!(percent >= 0 && percent <= 100)) {
    return EvaluationFault(fmt::format("percentile: {} is not between 0 and 100", percent));
  }
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(percent / 100 * Length(values));
  return ElementAt(values, std::max(rank, 1.0) - 1);
}

Result<Value> ReadTime(const std::string& text, Timestamp now) {
  if (text.empty()) return Value(now);
  const auto time = ReadTimestamp(text);
  if (!time) {
    return EvaluationFault(
        fmt::format("Not a time: \"{:.60}\" is neither W3C-DTF nor RFC 1123", text));
  }
  return Value(*time);
}

}  // namespace

Result<Value> CallFunction(const Signature& signature, const std::vector<Value>& arguments,
                           Timestamp now, Random& random) {
  using enum Signature::Shape;
  std::vector<Type> types;
  for (const Value& argument : arguments) types.push_back(TypeOf(argument));
  if (auto type = ResultType(signature, types); !type) return std::move(type).error();
  switch (signature.shape) {
    case kNone:  // 53 random bits below 1
      return Value(static_cast<double>(random.Next() >> 11U) * 0x1p-53);
    case kOptionalText:
      return ReadTime(arguments.empty() ? "" : std::get<std::string>(arguments[0]), now);
    case kList:
      return Reduce(signature.name, Flatten(arguments));
    case kDoubleOrList:
      return Transform(Find(kComponents, signature.name), arguments);
    default:
      break;
  }
  const Vector& values = std::get<Vector>(arguments[0]);
  const double number = std::get<double>(arguments[1]);
  return signature.name == "val" ? ElementAt(values, number) : Percentile(values, number);
}

}  // namespace reconciler::autoscale
