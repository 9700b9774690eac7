#include "reconciler/autoscale/signatures.h"

#include <fmt/format.h>

#include <algorithm>

#include "reconciler/autoscale/operators.h"

namespace reconciler::autoscale {
namespace {

using enum Signature::Shape;

constexpr Signature kFunctions[] = {
    {"avg", kList},
    {"ceil", kDoubleOrList, Type::kVector},
    {"floor", kDoubleOrList, Type::kVector},
    {"len", kList},
    {"lg", kDoubleOrList, Type::kVector},
    {"ln", kDoubleOrList, Type::kVector},
    {"log", kDoubleOrList, Type::kVector},
    {"max", kList},
    {"min", kList},
    {"norm", kList},
    {"percentile", kVectorAndDouble},
    {"rand", kNone},
    {"range", kList},
    {"round", kDoubleOrList, Type::kVector},
    {"std", kList},
    {"stop", kNone, Type::kNothing},
    {"sum", kList},
    {"time", kOptionalText, Type::kTimestamp},
    {"val", kVectorAndDouble},
    // Only mentioned, beside lg: makes a list of what would be a single double.
    {"vec", kList, Type::kVector},
};

constexpr Signature kMethods[] = {
    {"Count", kNone},
    {"GetSample", kSample, Type::kVector},
    // The documentation says doubleVec, and compares it with a double.
    {"GetSamplePercent", kWindow},
    {"GetSamplePeriod", kNone, Type::kInterval},
    {"HistoryBeginTime", kNone, Type::kTimestamp},
};

bool Fits(Type type, Type wanted) { return type == wanted || type == Type::kUnknown; }
bool FitsList(Type type) { return Fits(type, Type::kDouble) || type == Type::kVector; }
bool FitsMoment(Type type) { return Fits(type, Type::kTimestamp) || type == Type::kInterval; }

bool FitsSample(const std::vector<Type>& arguments) {
  if (arguments.empty() || arguments.size() > 3) return false;
  if (arguments.size() == 1 && Fits(arguments[0], Type::kDouble)) return true;
  if (!FitsMoment(arguments[0])) return false;
  if (arguments.size() == 1) return true;
  if (arguments.size() == 2) return FitsMoment(arguments[1]) || arguments[1] == Type::kDouble;
  return FitsMoment(arguments[1]) && Fits(arguments[2], Type::kDouble);
}

bool Fits(Signature::Shape shape, const std::vector<Type>& arguments) {
  switch (shape) {
    case kNone:
      return arguments.empty();
    case kOptionalText:
      return arguments.empty() || (arguments.size() == 1 && Fits(arguments[0], Type::kText));
    case kList:
    case kDoubleOrList:
      return std::all_of(arguments.begin(), arguments.end(), FitsList) &&
             (shape == kList || !arguments.empty());
    case kVectorAndDouble:
      return arguments.size() == 2 && Fits(arguments[0], Type::kVector) &&
             Fits(arguments[1], Type::kDouble);
    case kWindow:
      return !arguments.empty() && arguments.size() <= 2 &&
             std::all_of(arguments.begin(), arguments.end(), FitsMoment);
    case kSample:
      return FitsSample(arguments);
  }
  return false;
}

std::string_view ParametersText(Signature::Shape shape) {
  switch (shape) {
    case kNone:
      return "";
    case kOptionalText:
      return "[string]";
    case kList:
      return "doubleVecList";
    case kDoubleOrList:
      return "double or doubleVecList";
    case kVectorAndDouble:
      return "doubleVec, double";
    case kWindow:
      return "start [, end]";
    case kSample:
      break;
  }
  return "count) or (start [, end] [, samplePercent]";
}

const Signature* Find(std::span<const Signature> table, std::string_view name) {
  for (const Signature& row : table) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

}  // namespace

const Signature* FindFunction(std::string_view name) { return Find(kFunctions, name); }
const Signature* FindMethod(std::string_view name) { return Find(kMethods, name); }
std::span<const Signature> Functions() { return kFunctions; }
std::span<const Signature> Methods() { return kMethods; }

Result<Type> ResultType(const Signature& signature, const std::vector<Type>& arguments) {
  if (!Fits(signature.shape, arguments)) {
    std::string given;
    for (const Type type : arguments) {
      if (given.size() > 100) {
        given += ", ...";
        break;
      }
      given += fmt::format("{}{}", given.empty() ? "" : ", ", TypeName(type));
    }
    return EvaluationFault(fmt::format("Wrong arguments for {}: ({}) instead of ({})",
                                       signature.name, given, ParametersText(signature.shape)));
  }
  if (signature.shape != kDoubleOrList || arguments.size() > 1) return signature.result;
  return arguments.front();
}

}  // namespace reconciler::autoscale
