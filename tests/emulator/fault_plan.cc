#include "tests/emulator/fault_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "tests/emulator/operation_name.h"

namespace emulator {

namespace {

/// Carries a message with its place out of the walk; caught in ReadFaultPlan.
class Problem : public std::runtime_error {
 public:
  Problem(const YAML::Node& node, const std::string& what)
      : std::runtime_error(
            fmt::format("{}:{}: {}", node.Mark().line + 1, node.Mark().column + 1, what)) {}
};

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

template <class T>
T Scalar(const YAML::Node& node, const char* expected) {
  try {
    return node.as<T>();
  } catch (const YAML::Exception&) {
    throw Problem(node, fmt::format("expected {}", expected));
  }
}

std::chrono::milliseconds Time(const YAML::Node& node, bool is_signed) {
  std::string text = node.IsScalar() ? node.Scalar() : "";
  const bool negative = is_signed && text.starts_with('-');
  if (negative) text.erase(0, 1);
  const auto time = ParseShortDuration(text);
  if (!time) throw Problem(node, "expected a duration such as 250ms, 2s or 1m");
  return negative ? -*time : *time;
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
  rule.operations = node.IsScalar() ? std::vector<std::string>{node.Scalar()}
                                    : Scalar<std::vector<std::string>>(
                                          node, "the name of an operation, or a list");
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

/// False: `key` names no fault.
bool ReadFault(const std::string& key, const YAML::Node& node, Fault& fault) {
  std::vector<std::string_view> words;
  for (const FaultKey& row : kFaultKeys) {
    if (row.key != key) continue;
    fault.kind = row.kind;
    switch (row.form) {
      case Form::kTime:
      case Form::kSignedTime:
        fault.time = Time(node, row.form == Form::kSignedTime);
        return true;
      case Form::kNumber:
        if (row.kind == Fault::Kind::kStatus) fault.status = Scalar<int>(node, "a status");
        if (row.kind == Fault::Kind::kForeignResize) {
          fault.nodes = Scalar<std::int64_t>(node, "a number of nodes");
        }
        return true;
      case Form::kWord:
        if (node.IsScalar() && node.Scalar() == row.word) return true;
        words.push_back(row.word);
    }
  }
  if (words.empty()) return false;
  throw Problem(node, fmt::format("expected {}", fmt::join(words, ", ")));
}

class RuleReader {
 public:
  explicit RuleReader(const YAML::Node& node) : node_(node) {}

  FaultRule Read() {
    if (!node_.IsMap()) throw Problem(node_, "expected a mapping");
    for (const auto& entry : node_) ReadKey(entry.first, entry.second);
    if (faults_ != 1) {
      throw Problem(node_, fmt::format("a rule needs exactly one fault, found {}", faults_));
    }
    const Fault& fault = rule_.fault;
    if (fault.kind == Fault::Kind::kStatus && (fault.status < 400 || fault.status > 599)) {
      throw Problem(node_["status"], "expected a status from 400 to 599");
    }
    return std::move(rule_);
  }

 private:
  void ReadKey(const YAML::Node& name, const YAML::Node& value) {
    const std::string key = name.Scalar();
    Fault& fault = rule_.fault;
    if (key == "operation") return ReadOperations(value, rule_);
    if (key == "pool") {
      rule_.pool = Scalar<std::string>(value, "a text");
    } else if (key == "percent") {
      rule_.percent = Scalar<int>(value, "a number from 0 to 100");
      if (rule_.percent < 0 || rule_.percent > 100) {
        throw Problem(value, "expected a number from 0 to 100");
      }
    } else if (key == "calls") {
      ReadCalls(value, rule_);
    } else if (key == "applied") {
      fault.applied = Scalar<bool>(value, "true or false");
    } else if (key == "code") {
      fault.code = Scalar<std::string>(value, "a text");
    } else if (key == "retryAfter" || key == "retryAfterDate") {
      fault.retry_after = Scalar<std::int64_t>(value, "a number of seconds");
      fault.retry_after_as_date = key == "retryAfterDate";
    } else if (ReadFault(key, value, fault)) {
      ++faults_;
    } else {
      throw Problem(name, fmt::format("unknown key '{}'", key));
    }
  }

  const YAML::Node& node_;
  FaultRule rule_;
  int faults_ = 0;
};

}  // namespace

std::variant<FaultPlan, ConfigError> ReadFaultPlan(const std::string& text,
                                                   const std::string& file_name) {
  FaultPlan plan;
  try {
    const YAML::Node root = YAML::Load(text);
    if (root.IsNull()) return plan;
    if (!root.IsMap()) throw Problem(root, "expected a mapping");
    for (const auto& entry : root) {
      const std::string key = entry.first.Scalar();
      if (key == "seed") {
        plan.seed = Scalar<std::uint64_t>(entry.second, "a number");
      } else if (key == "faults") {
        if (!entry.second.IsSequence()) throw Problem(entry.second, "expected a list");
        for (const auto& rule : entry.second) plan.rules.push_back(RuleReader(rule).Read());
      } else {
        throw Problem(entry.first, fmt::format("unknown key '{}'", key));
      }
    }
    return plan;
  } catch (const Problem& problem) {
    return ConfigError{fmt::format("{}:{}", file_name, problem.what())};
  } catch (const YAML::Exception& error) {
    return ConfigError{fmt::format("{}:{}:{}: {}", file_name, error.mark.line + 1,
                                   error.mark.column + 1, error.msg)};
  }
}

}  // namespace emulator
