// The pieces that read a configuration file; errors carry their place.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/emulator/config_file.h"
#include "tests/emulator/yaml_document.h"

namespace emulator {

/// Carries a message with its place out of the walk; caught in ReadDocument.
class Problem : public std::runtime_error {
 public:
  Problem(const YAML::Mark& mark, const std::string& what)
      : std::runtime_error(fmt::format("{}:{}: {}", mark.line + 1, mark.column + 1, what)) {}
  Problem(const YAML::Node& node, const std::string& what) : Problem(node.Mark(), what) {}
};

/// `'5'`, `a list`, `a mapping` or `nothing`.
inline std::string Found(const YAML::Node& node) {
  if (node.IsScalar()) return fmt::format("'{}'", node.Scalar());
  return node.IsSequence() ? "a list" : node.IsMap() ? "a mapping" : "nothing";
}
inline Problem Unexpected(const YAML::Node& node, std::string_view expected) {
  return {node, fmt::format("expected {}, found {}", expected, Found(node))};
}

using Reader = std::function<void(const YAML::Node&)>;
using Readers = std::map<std::string, Reader>;

template <class T>
Reader Scalar(T& target, const char* expected) {
  return [&target, expected](const YAML::Node& node) {
    try {
      target = node.as<T>();
    } catch (const YAML::Exception&) {
      throw Unexpected(node, expected);
    }
  };
}
inline Reader Text(std::string& target) { return Scalar(target, "a text"); }
inline Reader Flag(bool& target) { return Scalar(target, "true or false"); }
inline Reader Count(std::int64_t& target) { return Scalar(target, "a number"); }
/// From `least` to `most`, both included.
template <class T>
Reader Within(T& target, T least, T most, const char* expected) {
  return [&target, least, most, expected](const YAML::Node& node) {
    Scalar(target, expected)(node);
    if (!(target >= least && target <= most)) throw Unexpected(node, expected);
  };
}
inline Reader Amount(std::int64_t& target) {
  return Within<std::int64_t>(target, 0, INT64_MAX, "a number, 0 or more");
}
/// One of some words, of which the first is what is meant by default.
inline Reader OneOf(std::string& target, std::vector<std::string_view> words) {
  return [&target, words = std::move(words)](const YAML::Node& node) {
    if (!node.IsScalar() || std::find(words.begin(), words.end(), node.Scalar()) == words.end()) {
      throw Unexpected(node, fmt::format("{}", fmt::join(words, " or ")));
    }
    target = node.Scalar();
  };
}
inline Reader Time(std::chrono::milliseconds& target) {
  return [&target](const YAML::Node& node) {
    const auto duration = node.IsScalar() ? ParseShortDuration(node.Scalar()) : std::nullopt;
    if (!duration) throw Unexpected(node, "a duration such as 250ms, 2s or 1m");
    target = *duration;
  };
}
inline Reader Texts(std::vector<std::string>& target) { return Scalar(target, "a list of texts"); }

/// Lets `walk` read a document that is not empty. What is wrong with it, with the place.
template <class Walk>
std::optional<ConfigError> ReadDocument(const std::string& text, const std::string& file_name,
                                        Walk walk) {
  if (auto problem = DocumentProblem(text, file_name)) return problem;
  try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsNull()) walk(root);
    return std::nullopt;
  } catch (const Problem& problem) {
    return ConfigError{fmt::format("{}:{}", file_name, problem.what())};
  } catch (const YAML::Exception& error) {
    return ConfigError{fmt::format("{}:{}:{}: {}", file_name, error.mark.line + 1,
                                   error.mark.column + 1, error.msg)};
  }
}

/// A mapping of some keys; few of them are told where another one stands.
inline void ReadMap(const YAML::Node& node, const Readers& readers) {
  constexpr std::size_t kToldMax = 40;
  if (!node.IsMap()) throw Unexpected(node, "a mapping");
  for (const auto& entry : node) {
    const auto reader = readers.find(entry.first.Scalar());
    if (reader == readers.end()) {
      std::vector<std::string_view> known;
      for (const auto& [name, read] : readers) known.push_back(name);
      std::string problem = fmt::format("unknown key {}", Found(entry.first));
      if (known.size() <= kToldMax) problem += fmt::format("; known: {}", fmt::join(known, ", "));
      throw Problem(entry.first, problem);
    }
    reader->second(entry.second);
  }
}

template <class Item, class Read>
Reader List(std::vector<Item>& target, Read read) {
  return [&target, read](const YAML::Node& node) {
    if (!node.IsSequence()) throw Unexpected(node, "a list");
    target.clear();
    for (const auto& entry : node) {
      Item item;
      read(entry, item);
      target.push_back(std::move(item));
    }
  };
}

}  // namespace emulator
