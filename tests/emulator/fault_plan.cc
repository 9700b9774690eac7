#include "tests/emulator/fault_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "tests/emulator/config_reader.h"
#include "tests/emulator/fault_keys.h"
#include "tests/emulator/operation_name.h"

namespace emulator {

namespace {

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

Reader Word(std::string& target, std::vector<std::string_view> words) {
  return [&target, words = std::move(words)](const YAML::Node& node) {
    if (!node.IsScalar() || std::find(words.begin(), words.end(), node.Scalar()) == words.end()) {
      throw Problem(node, fmt::format("expected {}", fmt::join(words, ", ")));
    }
    target = node.Scalar();
  };
}

void ReadPercent(const YAML::Node& node, double& percent) {
  Scalar(percent, "a number from 0 to 100")(node);
  if (!(percent >= 0 && percent <= 100)) throw Problem(node, "expected a number from 0 to 100");
}

void ReadRetryAfter(const YAML::Node& node, Fault& fault) {
  if (node.IsScalar()) {
    fault.retry_after = {node.Scalar()};
  } else {
    Scalar(fault.retry_after, "the text of Retry-After, or a list")(node);
  }
}

void ReadHeaders(const YAML::Node& node, Fault& fault) {
  if (!node.IsMap()) throw Problem(node, "expected a mapping of names to values");
  for (const auto& entry : node) {
    if (entry.second.IsNull()) {
      fault.headers.emplace_back(entry.first.Scalar(), std::nullopt);
    } else {
      fault.headers.emplace_back(entry.first.Scalar(), entry.second.Scalar());
    }
  }
}

void ReadMember(const YAML::Node& node, MemberFault& member) {
  std::string act;
  ReadMap(node, {{"name", Text(member.name)},
                 {"value", Text(member.text)},
                 {"act", Word(act, {"drop", "twice", "upperCase"})}});
  if (member.name.empty() || act.empty() == !node["value"]) {
    throw Problem(node, "expected a name and a value, or a name and an act");
  }
  if (act == "drop") member.act = MemberFault::Act::kDrop;
  if (act == "twice") member.act = MemberFault::Act::kTwice;
  if (act == "upperCase") member.act = MemberFault::Act::kUpperCase;
}

void ReadBucket(const YAML::Node& node, BucketFault& bucket) {
  ReadMap(node, {{"tokens", Scalar(bucket.tokens, "a number")},
                 {"perSecond", Scalar(bucket.per_second, "a number")},
                 {"penalty", Time(bucket.penalty)}});
  if (!(bucket.tokens > 0 && bucket.per_second > 0)) {
    throw Problem(node, "expected tokens and perSecond above 0");
  }
}

void ReadStatus(const YAML::Node& node, int& status) {
  Scalar(status, "a status")(node);
  if (status < 100 || status > 999) throw Problem(node, "expected a status from 100 to 999");
}

void ReadNumber(const YAML::Node& node, std::int64_t& number) {
  Count(number)(node);
  if (number < 0) throw Problem(node, "expected a number that is not negative");
}

/// What does nothing with 0.
bool NeedsSome(Fault::Kind kind) {
  return kind == Fault::Kind::kPageSize || kind == Fault::Kind::kTrickle;
}

void ReadFault(const FaultKey& key, const YAML::Node& node, Fault& fault) {
  fault.kind = key.kind;
  switch (key.form) {
    case FaultForm::kWord:
      return Word(fault.word, key.words)(node);
    case FaultForm::kTime:
      return Time(fault.time)(node);
    case FaultForm::kSignedTime:
      fault.time = SignedTime(node);
      return;
    case FaultForm::kNumber:
      ReadNumber(node, fault.number);
      if (fault.number == 0 && NeedsSome(fault.kind))
        throw Problem(node, "expected a number from 1");
      return;
    case FaultForm::kStatus:
      return ReadStatus(node, fault.status);
    case FaultForm::kMember:
      return ReadMember(node, fault.member);
    case FaultForm::kBucket:
      return ReadBucket(node, fault.bucket);
  }
}

template <class T, class Read>
Reader Optional(std::optional<T>& target, Read read) {
  return [&target, read](const YAML::Node& node) { read(target.emplace())(node); };
}

/// Where and how often.
void AddMatchers(Readers& readers, FaultRule& rule) {
  readers["operation"] = [&](const YAML::Node& value) { ReadOperations(value, rule); };
  readers["pool"] = Text(rule.pool);
  readers["node"] = Text(rule.node);
  readers["account"] = Text(rule.account);
  readers["clientRequestId"] = Text(rule.client_request_id);
  readers["path"] = Text(rule.path);
  readers["phase"] =
      Word(rule.phase, {"active", "deleting", "steady", "resizing", "stopping", "absent"});
  readers["page"] = Word(rule.page, {"first", "next"});
  readers["percent"] = [&](const YAML::Node& value) { ReadPercent(value, rule.percent); };
  readers["per"] = [&](const YAML::Node& value) {
    std::string word;
    Word(word, {"call", "connection"})(value);
    rule.per_connection = word == "connection";
  };
  readers["calls"] = [&](const YAML::Node& value) { ReadCalls(value, rule); };
  readers["times"] = Within<std::uint64_t>(rule.times, 1, UINT64_MAX, "a number from 1");
  readers["from"] = Time(rule.from);
  readers["for"] = Optional(rule.length, Time);
  readers["healsFor"] = Time(rule.heals);
  readers["seed"] =
      Optional(rule.seed, [](std::uint64_t& seed) { return Scalar(seed, "a number"); });
}

/// What is said beside the fault itself.
void AddDetails(Readers& readers, Fault& fault) {
  const auto number = [](auto& value) { return Scalar(value, "a number"); };
  readers["applied"] = Flag(fault.applied);
  readers["appliedAfter"] = Optional(fault.applied_after, Time);
  readers["code"] = Text(fault.code);
  readers["values"] = Optional(fault.values, number);
  readers["gateway"] = Flag(fault.gateway);
  readers["retryAfter"] = [&](const YAML::Node& value) { ReadRetryAfter(value, fault); };
  readers["retryAfterDate"] = Optional(fault.retry_after_date, number);
  readers["retryAfterMs"] = Optional(fault.retry_after_ms, number);
  readers["headers"] = [&](const YAML::Node& value) { ReadHeaders(value, fault); };
  readers["reason"] = Optional(fault.reason, Text);
  readers["text"] = Optional(fault.text, Text);
}

void ReadRule(const YAML::Node& node, FaultRule& rule) {
  Fault& fault = rule.fault;
  int faults = 0;
  Readers readers;
  AddMatchers(readers, rule);
  AddDetails(readers, fault);
  for (const FaultKey& key : FaultKeys()) {
    readers[std::string(key.key)] = [&faults, &fault, &key](const YAML::Node& value) {
      ++faults;
      ReadFault(key, value, fault);
    };
  }
  ReadMap(node, readers);
  const bool changes = !fault.headers.empty() || fault.reason || fault.text;
  if (faults == 0 && changes) fault.kind = Fault::Kind::kKept;
  if (faults == 1 || fault.kind == Fault::Kind::kKept) return;
  throw Problem(node, fmt::format("a rule needs exactly one fault, found {}", faults));
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
