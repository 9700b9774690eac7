#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "reconciler/core/duration.h"
#include "reconciler/core/text.h"
#include "reconciler/spec/hints.h"
#include "reconciler/spec/known_slips.h"
#include "reconciler/spec/validate.h"

namespace reconciler::spec {
namespace {

/// std::regex recurses with the text: longer texts never match a name or a duration anyway.
constexpr std::size_t kPatternTextMax = 512;

std::size_t CountCharacters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::string_view ExpectedWord(ValueType type) {
  switch (type) {
    case ValueType::kBoolean:
      return "true or false";
    case ValueType::kInteger:
      return "an integer";
    case ValueType::kString:
      return "a string";
    case ValueType::kList:
      return "a list";
    case ValueType::kObject:
      return "an object";
    case ValueType::kAny:
      return "a value";
  }
  return "a value";
}

bool HasType(NodeKind kind, ValueType type) {
  switch (type) {
    case ValueType::kAny:
      return true;
    case ValueType::kBoolean:
      return kind == NodeKind::kBool;
    case ValueType::kInteger:
      return kind == NodeKind::kInt;
    case ValueType::kString:
      return kind == NodeKind::kString;
    case ValueType::kList:
      return kind == NodeKind::kList;
    case ValueType::kObject:
      return kind == NodeKind::kMap;
  }
  return false;
}

/// A range in short durations: "1s" to "24h".
bool IsShortDuration(const PropertyNode& row) {
  const std::string& bound = row.range_min.empty() ? row.range_max : row.range_min;
  return !bound.empty() && !bound.starts_with('P');
}

std::string HintForType(const Node& node, const PropertyNode& row) {
  const ValueType type = row.type;
  const bool is_scalar = !node.IsMap() && !node.IsList() && !node.IsNull();
  if (node.kind == NodeKind::kInt && IsShortDuration(row)) {
    return fmt::format("; write {}s", node.text);
  }
  if (type == ValueType::kString && !row.allowed.empty() && !node.IsString()) return {};
  if (type == ValueType::kString && is_scalar) return fmt::format("; write \"{}\"", node.text);
  if (type == ValueType::kList && !node.IsNull()) return "; begin each item with '- '";
  const bool is_text = node.IsString();
  if (is_text && type == ValueType::kBoolean && (node.text == "true" || node.text == "false")) {
    return "; write it without quotes";
  }
  const std::string_view digits = std::string_view(node.text).substr(node.text.starts_with('-'));
  const bool is_digits = !digits.empty() && digits.size() < 19 &&
                         digits.find_first_not_of("0123456789") == std::string::npos;
  if (is_text && type == ValueType::kInteger && is_digits) return "; write it without quotes";
  return {};
}

/// Where the configuration says where a secret is, people write the secret.
std::string_view HintForSecret(const PropertyNode& row) {
  return row.FindMember("credential") != nullptr
             ? "; write {file: PATH} or {credential: NAME}, never the secret itself"
             : "";
}

/// Ticks of an ISO 8601 or a short duration (60s).
std::optional<Ticks> ParseAnyDuration(std::string_view text) {
  if (text.starts_with('P')) return ParseIsoDuration(text);
  if (const auto seconds = ParseShortDuration(text)) return Ticks(*seconds);
  return std::nullopt;
}

bool IsIsoDuration(const PropertyNode& row) {
  const std::string& bound = row.range_min.empty() ? row.range_max : row.range_min;
  return row.compare == Compare::kDuration || bound.starts_with('P');
}

std::string PatternInWords(const PropertyNode& row) {
  const std::string& bound = row.range_min.empty() ? row.range_max : row.range_min;
  if (IsIsoDuration(row)) {
    return "an ISO 8601 duration such as PT15M";
  }
  if (!bound.empty()) return "a duration such as 60s or 5m";
  std::string_view pattern = row.pattern;
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  if (pattern.ends_with('$')) pattern.remove_suffix(1);
  return fmt::format("text of the form {}", pattern);
}

}  // namespace

bool PatternCache::Matches(const PropertyNode& row, const std::string& text) {
  if (text.size() > kPatternTextMax) return false;
  auto found = compiled_.find(&row);
  if (found == compiled_.end()) found = compiled_.emplace(&row, std::regex(row.pattern)).first;
  return std::regex_match(text, found->second);
}

std::string NoSecretHere(const std::string& subject) {
  return fmt::format("{}: no secretRef is allowed here; only members that hold a secret take one",
                     subject);
}

std::string ShowValue(const Node& node) {
  constexpr std::size_t kShownBytes = 60;
  if (node.IsMap() || node.IsList()) return std::string(KindName(node.kind));
  std::string text;
  for (const char c : node.text.substr(0, kShownBytes)) {
    if (c == '\n') {
      text += "\\n";
    } else {
      text += static_cast<unsigned char>(c) < 0x20U ? '?' : c;
    }
  }
  if (node.text.size() > kShownBytes) {
    // Not inside of a character.
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80U) != 0) text.pop_back();
    text += "...";
  }
  return node.IsString() ? fmt::format("'{}'", text) : text;
}

bool Validator::CheckType(const Node& node, const PropertyNode& row, const std::string& path) {
  if (HasType(node.kind, row.type)) return true;
  const std::string subject = path.empty() ? "the document" : path;
  const NodeMember* reference = node.FindMember("secretRef");
  if (reference != nullptr) {
    sink_.Error(reference->place, path, NoSecretHere(subject));
    return false;
  }
  std::string found(KindName(node.kind));
  const bool is_text_of_list =
      node.kind != NodeKind::kMap && node.kind != NodeKind::kList && !node.IsNull();
  if (row.type == ValueType::kString && !row.allowed.empty() && is_text_of_list) {
    CheckAllowed(node, row, path);
    return false;
  }
  if (NamesSecret(path) && node.IsString()) {
    sink_.ErrorWithoutLine(node.place, path,
                           fmt::format("{}: expected {}, found {}{}", subject,
                                       ExpectedWord(row.type), found, HintForSecret(row)));
    return false;
  }
  if (!node.IsMap() && !node.IsList() && !node.IsNull()) found += " " + ShowValue(node);
  const std::string shape = HintForShape(node, row);
  sink_.Error(node.place, path,
              fmt::format("{}: expected {}, found {}{}", subject, ExpectedWord(row.type), found,
                          shape.empty() ? HintForType(node, row) : shape));
  return false;
}

void Validator::ExplainBad(const Node& node, const PropertyNode& row, const std::string& path) {
  std::vector<std::string_view> words;
  for (const Value& allowed : row.allowed) {
    if (allowed.IsString()) words.push_back(allowed.AsString());
  }
  if (words.size() < 2 || node.text.empty()) return;
  sink_.Reword(node.place, path,
               fmt::format("{}: expected one of {}, found {}", path, fmt::join(words, ", "),
                           ShowValue(node)));
}

void Validator::CheckScalar(const Node& node, const PropertyNode& row, const std::string& path) {
  if (!row.allowed.empty()) return CheckAllowed(node, row, path);
  if (node.kind == NodeKind::kInt) CheckBounds(node, row, path);
  if (node.IsString()) CheckText(node, row, path);
}

void Validator::CheckAllowed(const Node& node, const PropertyNode& row, const std::string& path) {
  std::vector<std::string_view> words;
  const bool fold = row.compare == Compare::kCaseFold;
  for (const Value& allowed : row.allowed) {
    if (!allowed.IsString()) continue;
    const std::string& word = allowed.AsString();
    if (node.IsString() && (fold ? EqualFolded(word, node.text) : word == node.text)) {
      if (options_.api_version.empty() || row.ValueExistsIn(word, options_.api_version)) return;
      return sink_.Error(
          node.place, path,
          fmt::format("{}: the value '{}' exists {}, {}", path, word,
                      VersionsInWords(row.ValueSince(word), ""), OwnVersionInWords()));
    }
    words.push_back(word);
  }
  const std::string slip = ExplainKnownValue(path, node);
  if (!slip.empty()) return sink_.Error(node.place, path, slip);
  const std::string nearest = NearestName(node.text, words);
  std::string message = words.size() == 1 ? fmt::format("{}: expected '{}', found {}", path,
                                                        words[0], ShowValue(node))
                                          : fmt::format("{}: expected one of {}, found {}", path,
                                                        fmt::join(words, ", "), ShowValue(node));
  if (!nearest.empty() && words.size() > 1)
    message += fmt::format(" (did you mean '{}'?)", nearest);
  sink_.Error(node.place, path, message);
}

void Validator::CheckBounds(const Node& node, const PropertyNode& row, const std::string& path) {
  if (row.minimum && node.integer < *row.minimum) {
    sink_.Error(node.place, path,
                fmt::format("{}: {} is too small, the least is {}", path, node.text, *row.minimum));
  }
  if (row.maximum && node.integer > *row.maximum) {
    sink_.Error(node.place, path,
                fmt::format("{}: {} is too large, the most is {}", path, node.text, *row.maximum));
  }
}

void Validator::CheckText(const Node& node, const PropertyNode& row, const std::string& path) {
  const std::size_t length = CountCharacters(node.text);
  if (row.length_max && length > *row.length_max) {
    return sink_.Error(node.place, path,
                       fmt::format("{}: has {} characters, at most {} are allowed", path, length,
                                   *row.length_max));
  }
  if (row.length_min && length < *row.length_min && length == 0) {
    return sink_.Error(node.place, path, fmt::format("{}: must not be empty", path));
  }
  const bool short_text = row.length_min && length < *row.length_min;
  if (short_text || (!row.pattern.empty() && !patterns_.Matches(row, node.text))) {
    return ReportForm(node, row, path);
  }
  CheckDuration(node, row, path);
}

void Validator::ReportForm(const Node& node, const PropertyNode& row, const std::string& path) {
  std::string hint = HintForTemplate(node.text);
  if (IsIsoDuration(row) && hint.empty()) hint = HintForDuration(node.text);
  sink_.Error(
      node.place, path,
      fmt::format("{}: expected {}, found {}{}", path, PatternInWords(row), ShowValue(node), hint));
}

void Validator::CheckDuration(const Node& node, const PropertyNode& row, const std::string& path) {
  const bool has_range = !row.range_min.empty() || !row.range_max.empty();
  if (row.compare != Compare::kDuration && !has_range) return;
  const auto duration = ParseAnyDuration(node.text);
  if (!duration) return ReportForm(node, row, path);
  const auto minimum = ParseAnyDuration(row.range_min);
  const auto maximum = ParseAnyDuration(row.range_max);
  if (minimum && *duration < *minimum) {
    sink_.Error(
        node.place, path,
        fmt::format("{}: {} is too short, the least is {}", path, node.text, row.range_min));
  }
  if (maximum && *duration > *maximum) {
    sink_.Error(node.place, path,
                fmt::format("{}: {} is too long, the most is {}", path, node.text, row.range_max));
  }
}

/// A secret in clear is never shown, neither its text nor its line.
void Validator::CheckSecret(const Node& node, const PropertyNode& row, const std::string& path) {
  if (node.Find("secretRef") != nullptr) return CheckSecretRef(node, path);
  if (row.secret == SecretUse::kMaybe && !node.IsMap()) {
    if (CheckType(node, row, path)) CheckScalar(node, row, path);
    return;
  }
  std::string message =
      row.secret == SecretUse::kMaybe
          ? fmt::format("{}: expected a string or {{secretRef: name}}", path)
          : fmt::format(
                "{}: a secret is never written in a spec; put it under 'secrets' of the "
                "configuration and write {{secretRef: name}} here",
                path);
  sink_.ErrorWithoutLine(node.place, path, std::move(message));
}

void Validator::CheckSecretRef(const Node& node, const std::string& path) {
  const PropertyNode* row = PoolPropertyTable().SecretReference();
  const Node& name = *node.Find("secretRef");
  const std::size_t errors_before = sink_.errors_in_document();
  CheckObject(node, *row, path);
  if (sink_.errors_in_document() != errors_before || !options_.knows_secret) return;
  if (name.IsString() && !options_.knows_secret(name.text)) {
    sink_.Error(name.place, JoinPath(path, "secretRef"),
                fmt::format("{}: the configuration has no secret '{}'; add it under 'secrets'",
                            path, name.text));
  }
}

}  // namespace reconciler::spec
