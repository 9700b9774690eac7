#include "tests/emulator/fault_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "tests/emulator/config_reader.h"
#include "tests/emulator/operation_name.h"

namespace emulator {

namespace {

/// How a key of a rule says which fault it is.
enum class Form { kWord, kTime, kSignedTime, kNumber };
struct FaultKey {
  std::string_view key, word;  // word: the value where the form is kWord
  Form form;
  Fault::Kind kind;
};
constexpr std::array<FaultKey, 15> kFaultKeys{{
    {"status", "", Form::kNumber, Fault::Kind::kStatus},
    {"connection", "reset", Form::kWord, Fault::Kind::kReset},
    {"connection", "hang", Form::kWord, Fault::Kind::kHang},
    {"body", "truncated", Form::kWord, Fault::Kind::kTruncate},
    {"body", "html", Form::kWord, Fault::Kind::kHtml},
    {"body", "invalidJson", Form::kWord, Fault::Kind::kInvalidJson},
    {"slowFor", "", Form::kTime, Fault::Kind::kSlow},
    {"refuseFor", "", Form::kTime, Fault::Kind::kRefuse},
    {"staleFor", "", Form::kTime, Fault::Kind::kStale},
    {"list", "missesItem", Form::kWord, Fault::Kind::kMissItem},
    {"list", "repeatsItem", Form::kWord, Fault::Kind::kRepeatItem},
    {"hideFor", "", Form::kTime, Fault::Kind::kHide},
    {"clockSkew", "", Form::kSignedTime, Fault::Kind::kClockSkew},
    {"etag", "changes", Form::kWord, Fault::Kind::kChangeETag},
    {"foreignResize", "", Form::kNumber, Fault::Kind::kForeignResize},
}};

std::chrono::milliseconds SignedTime(const YAML::Node& node) {
  const bool negative = node.IsScalar() && node.Scalar().starts_with('-');
  std::chrono::milliseconds time{0};
  if (!negative) {
    Time(time)(node);
    return time;
  }
  const auto read = ParseShortDuration(std::string_view(node.Scalar()).substr(1));
  if (!read) throw Problem(node, "expected a duration such as 250ms, 2s or -1m");
  return -*read;
}

/// "3", "3-5", "3-".
void ReadCalls(const YAML::Node& node, FaultRule& rule) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  const auto number = [&](std::string_view digits) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value == 0) {
      throw Problem(node, "expected calls counted from 1, such as 3, 3-5 or 3-");
    }
    return value;
  };
  const std::size_t dash = text.find('-');
  rule.first_call = number(std::string_view(text).substr(0, dash));
  if (dash == std::string::npos) {
    rule.last_call = rule.first_call;
  } else if (dash + 1 < text.size()) {
    rule.last_call = number(std::string_view(text).substr(dash + 1));
  }
  if (rule.last_call < rule.first_call) throw Problem(node, "the last call is before the first");
}

void ReadOperations(const YAML::Node& node, FaultRule& rule) {
  if (node.IsScalar()) {
    rule.operations = {node.Scalar()};
  } else {
    Scalar(rule.operations, "the name of an operation, or a list")(node);
  }
  const auto& names = OperationNames();
  for (const std::string& name : rule.operations) {
    if (name == "any" || name == "read" || name == "write" ||
        std::find(names.begin(), names.end(), name) != names.end()) {
      continue;
    }
    throw Problem(node, fmt::format("unknown operation '{}': any, read, write, {}", name,
                                    fmt::join(names, ", ")));
  }
}

void ReadFault(std::string_view key, const YAML::Node& node, Fault& fault) {
  std::vector<std::string_view> words;
  for (const FaultKey& row : kFaultKeys) {
    if (row.key != key) continue;
    fault.kind = row.kind;
    switch (row.form) {
      case Form::kTime:
        return Time(fault.time)(node);
      case Form::kSignedTime:
        fault.time = SignedTime(node);
        return;
      case Form::kNumber:
        if (row.kind == Fault::Kind::kForeignResize) return Count(fault.nodes)(node);
        Scalar(fault.status, "a status")(node);
        if (fault.status >= 400 && fault.status <= 599) return;
        throw Problem(node, "expected a status from 400 to 599");
      case Form::kWord:
        if (node.IsScalar() && node.Scalar() == row.word) return;
        words.push_back(row.word);
    }
  }
  throw Problem(node, fmt::format("expected {}", fmt::join(words, ", ")));
}

void ReadPercent(const YAML::Node& node, int& percent) {
  Scalar(percent, "a number from 0 to 100")(node);
  if (percent < 0 || percent > 100) throw Problem(node, "expected a number from 0 to 100");
}

void ReadRule(const YAML::Node& node, FaultRule& rule) {
  Fault& fault = rule.fault;
  int faults = 0;
  const auto retry_after = [&fault](bool as_date) {
    return [&fault, as_date](const YAML::Node& value) {
      fault.retry_after.emplace();
      Scalar(*fault.retry_after, "a number of seconds")(value);
      fault.retry_after_as_date = as_date;
    };
  };
  Readers readers{{"operation", [&](const YAML::Node& value) { ReadOperations(value, rule); }},
                  {"pool", Text(rule.pool)},
                  {"percent", [&](const YAML::Node& value) { ReadPercent(value, rule.percent); }},
                  {"calls", [&](const YAML::Node& value) { ReadCalls(value, rule); }},
                  {"applied", Flag(fault.applied)},
                  {"code", Text(fault.code)},
                  {"retryAfter", retry_after(false)},
                  {"retryAfterDate", retry_after(true)}};
  for (const FaultKey& row : kFaultKeys) {
    readers[std::string(row.key)] = [&faults, &fault, key = row.key](const YAML::Node& value) {
      ++faults;
      ReadFault(key, value, fault);
    };
  }
  ReadMap(node, readers);
  if (faults != 1) {
    throw Problem(node, fmt::format("a rule needs exactly one fault, found {}", faults));
  }
}

}  // namespace

std::variant<FaultPlan, ConfigError> ReadFaultPlan(const std::string& text,
                                                   const std::string& file_name) {
  FaultPlan plan;
  const auto problem = ReadDocument(text, file_name, [&](const YAML::Node& root) {
    ReadMap(root,
            {{"seed", Scalar(plan.seed, "a number")}, {"faults", List(plan.rules, ReadRule)}});
  });
  if (problem) return *problem;
  return plan;
}

}  // namespace emulator
