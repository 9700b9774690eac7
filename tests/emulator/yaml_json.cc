#include "tests/emulator/yaml_json.h"

#include <charconv>

#include "tests/emulator/config_reader.h"

namespace emulator {

namespace {

constexpr int kDepthMax = 60;

template <class Number>
std::optional<Number> NumberOf(const std::string& text) {
  Number value{};
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

Json ScalarOf(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return Json(text);  // it stood in quotes
  if (text == "true" || text == "false") return Json(text == "true");
  if (text == "null" || text == "~" || text.empty()) return Json{};
  if (const auto integer = NumberOf<std::int64_t>(text)) return Json(*integer);
  const bool numeric = text.find_first_not_of("0123456789.eE+-") == std::string::npos;
  if (const auto number = numeric ? NumberOf<double>(text) : std::nullopt) return Json(*number);
  return Json(text);
}

/// An alias may stand within what it repeats.
Json Convert(const YAML::Node& node, int depth) {
  if (depth > kDepthMax) throw Problem(node, "nested too deeply");
  if (node.IsScalar()) return ScalarOf(node);
  if (node.IsSequence()) {
    Json::List list;
    for (const auto& item : node) list.push_back(Convert(item, depth + 1));
    return Json(std::move(list));
  }
  if (!node.IsMap()) return Json{};
  Json::Object object;
  for (const auto& entry : node) {
    object.push_back({entry.first.Scalar(), Convert(entry.second, depth + 1)});
  }
  return Json(std::move(object));
}

}  // namespace

Json JsonOf(const YAML::Node& node) { return Convert(node, 0); }

}  // namespace emulator
