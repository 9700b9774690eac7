// The pieces that read a configuration file; errors carry their place.
#pragma once

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/emulator/config_file.h"

namespace emulator {

/// Carries a message with its place out of the walk; caught in ReadDocument.
class Problem : public std::runtime_error {
 public:
  Problem(const YAML::Node& node, const std::string& what)
      : std::runtime_error(
            fmt::format("{}:{}: {}", node.Mark().line + 1, node.Mark().column + 1, what)) {}
};

using Reader = std::function<void(const YAML::Node&)>;
using Readers = std::map<std::string, Reader>;

template <class T>
Reader Scalar(T& target, const char* expected) {
  return [&target, expected](const YAML::Node& node) {
    try {
      target = node.as<T>();
    } catch (const YAML::Exception&) {
      throw Problem(node, fmt::format("expected {}", expected));
    }
  };
}
inline Reader Text(std::string& target) { return Scalar(target, "a text"); }
inline Reader Flag(bool& target) { return Scalar(target, "true or false"); }
inline Reader Count(std::int64_t& target) { return Scalar(target, "a number"); }
inline Reader Time(std::chrono::milliseconds& target) {
  return [&target](const YAML::Node& node) {
    const auto duration = node.IsScalar() ? ParseShortDuration(node.Scalar()) : std::nullopt;
    if (!duration) throw Problem(node, "expected a duration such as 250ms, 2s or 1m");
    target = *duration;
  };
}
inline Reader Texts(std::vector<std::string>& target) { return Scalar(target, "a list of texts"); }

/// Lets `walk` read a document that is not empty. What is wrong with it, with the place.
template <class Walk>
std::optional<ConfigError> ReadDocument(const std::string& text, const std::string& file_name,
                                        Walk walk) {
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

inline void ReadMap(const YAML::Node& node, const Readers& readers) {
  if (!node.IsMap()) throw Problem(node, "expected a mapping");
  for (const auto& entry : node) {
    const auto reader = readers.find(entry.first.Scalar());
    if (reader == readers.end()) {
      throw Problem(entry.first, fmt::format("unknown key '{}'", entry.first.Scalar()));
    }
    reader->second(entry.second);
  }
}

template <class Item, class Read>
Reader List(std::vector<Item>& target, Read read) {
  return [&target, read](const YAML::Node& node) {
    if (!node.IsSequence()) throw Problem(node, "expected a list");
    target.clear();
    for (const auto& entry : node) {
      Item item;
      read(entry, item);
      target.push_back(std::move(item));
    }
  };
}

}  // namespace emulator
