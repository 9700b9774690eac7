#include "reconciler/spec/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reconciler/core/text.h"

namespace reconciler::spec {
namespace {

constexpr std::size_t kFlowMax = 88;

bool IsScalar(const Value& value) { return !value.IsArray() && !value.IsObject(); }

/// Several lines that a literal block shows as they are.
bool IsBlockText(const Value& value) {
  if (!value.IsString() || value.AsString().find('\n') == std::string::npos) return false;
  const std::vector<std::string_view> lines = SplitText(value.AsString(), '\n');
  if (lines.front().empty() || lines.front().starts_with(' ')) return false;
  return std::all_of(lines.begin(), lines.end(), [](std::string_view line) {
    const auto fits = [](char c) { return c >= 0x20 && c < 0x7F; };
    return std::all_of(line.begin(), line.end(), fits);
  });
}

bool HoldsBlockText(const Value& value) {
  if (IsBlockText(value)) return true;
  if (value.IsArray()) {
    return std::any_of(value.AsArray().begin(), value.AsArray().end(), HoldsBlockText);
  }
  return value.IsObject() &&
         std::any_of(value.AsObject().begin(), value.AsObject().end(),
                     [](const Member& member) { return HoldsBlockText(member.value); });
}

class Writer {
 public:
  Writer(const YamlRemarks& remarks, std::size_t line_max)
      : remarks_(remarks), line_max_(line_max) {}

  std::string Run(const Value& document, const PropertyNode& root) {
    WriteMembers(document, &root, "", 0);
    return std::move(text_);
  }

  std::string Flow(const Value& value, const PropertyNode* row) const {
    if (IsScalar(value)) return YamlScalar(value, true);
    std::string text;
    if (value.IsArray()) {
      for (const Value& item : value.AsArray()) {
        text += (text.empty() ? "" : ", ") + Flow(item, ItemOf(row));
      }
      return "[" + text + "]";
    }
    for (const Member* member : InOrder(value, row)) {
      text += (text.empty() ? "" : ", ") + YamlScalar(member->name, true) + ": " +
              Flow(member->value, Below(row, member->name));
    }
    return "{" + text + "}";
  }

 private:
  static std::vector<const Member*> InOrder(const Value& object, const PropertyNode* row) {
    std::vector<const Member*> ordered;
    for (const Member& member : object.AsObject()) ordered.push_back(&member);
    if (row == nullptr) return ordered;
    const auto rank = [row](const Member* member) {
      const PropertyNode* below = row->FindMember(member->name);
      return below == nullptr ? row->members.size()
                              : static_cast<std::size_t>(below - row->members.data());
    };
    std::stable_sort(ordered.begin(), ordered.end(),
                     [&](const Member* a, const Member* b) { return rank(a) < rank(b); });
    return ordered;
  }

  static const PropertyNode* Below(const PropertyNode* row, const std::string& name) {
    return row == nullptr ? nullptr : row->FindMember(name);
  }
  static const PropertyNode* ItemOf(const PropertyNode* row) {
    return row == nullptr ? nullptr : row->item.get();
  }

  template <class Map>
  static bool HasBelow(const Map& map, const std::string& path) {
    for (auto next = map.upper_bound(path); next != map.end(); ++next) {
      const std::string& below = PathOf(*next);
      if (!below.starts_with(path)) return false;
      if (below[path.size()] == '.' || below[path.size()] == '[') return true;
    }
    return false;
  }
  static const std::string& PathOf(const std::string& path) { return path; }
  template <class Entry>
  static const std::string& PathOf(const Entry& entry) {
    return entry.first;
  }
  bool HasRemarkBelow(const std::string& path) const {
    return HasBelow(remarks_.above, path) || HasBelow(remarks_.below, path) ||
           HasBelow(remarks_.behind, path) || HasBelow(remarks_.empty, path);
  }

  /// Lists of mappings stand below each other, however short.
  bool FitsOnLine(const Value& value, const PropertyNode* row, const std::string& path,
                  std::size_t column) const {
    if (path == "spec" || HasRemarkBelow(path) || HoldsBlockText(value)) return false;
    if (value.IsArray()) {
      const Array& items = value.AsArray();
      if (std::any_of(items.begin(), items.end(), [](const Value& i) { return !IsScalar(i); })) {
        return false;
      }
    }
    const std::string flow = Flow(value, row);
    return flow.size() <= kFlowMax && column + flow.size() <= line_max_;
  }

  void WriteComments(const Comments& comments, const std::string& path, std::size_t indent) {
    const auto found = comments.find(path);
    if (found == comments.end()) return;
    for (const std::string& line : found->second) {
      if (!line.empty()) {
        text_ += std::string(indent, ' ') + (line.starts_with('#') ? "" : "# ") + line;
      }
      text_ += '\n';
    }
  }

  void Remember(const std::string& path) {
    const auto found = remarks_.behind.find(path);
    if (found != remarks_.behind.end()) pending_ = "  " + found->second;
  }
  void EndLine() { text_ += std::exchange(pending_, "") + '\n'; }

  void WriteMembers(const Value& object, const PropertyNode* row, const std::string& path,
                    std::size_t indent) {
    bool first = true;
    for (const Member* member : InOrder(object, row)) {
      const std::string below = path.empty() ? member->name : path + "." + member->name;
      // The first member of an item stands behind its dash.
      if (!first || !text_.ends_with("- ")) {
        WriteComments(remarks_.above, below, indent);
        text_ += std::string(indent, ' ');
      }
      first = false;
      Remember(below);
      text_ += YamlScalar(member->name, false) + ":";
      WriteValue(member->value, Below(row, member->name), below, indent);
      WriteComments(remarks_.below, below, indent);
    }
  }

  std::size_t Column() const { return text_.size() - (text_.rfind('\n') + 1); }

  /// Behind a key; `indent`: that of the key.
  void WriteValue(const Value& value, const PropertyNode* row, const std::string& path,
                  std::size_t indent) {
    if (remarks_.empty.contains(path)) {
      EndLine();
    } else if (IsBlockText(value)) {
      WriteBlock(value.AsString(), indent + 2);
    } else if (IsScalar(value)) {
      text_ += " " + YamlScalar(value, false);
      EndLine();
    } else if (FitsOnLine(value, row, path, Column() + 1)) {
      text_ += " " + Flow(value, row);
      EndLine();
    } else {
      EndLine();
      if (value.IsArray()) {
        WriteItems(value.AsArray(), ItemOf(row), path, indent + 2);
      } else {
        WriteMembers(value, row, path, indent + 2);
      }
    }
  }

  void WriteItems(const Array& items, const PropertyNode* row, const std::string& path,
                  std::size_t indent) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string below = fmt::format("{}[{}]", path, i);
      WriteComments(remarks_.above, below, indent);
      if (items[i].IsObject() && !items[i].AsObject().empty()) {
        WriteComments(remarks_.above, below + "." + InOrder(items[i], row).front()->name, indent);
      }
      Remember(below);
      text_ += std::string(indent, ' ') + "- ";
      if (remarks_.empty.contains(below)) {
        text_.pop_back();
        EndLine();
      } else if (items[i].IsObject() && !FitsOnLine(items[i], row, below, indent + 2)) {
        WriteMembers(items[i], row, below, indent + 2);
      } else {
        text_ += Flow(items[i], row);
        EndLine();
      }
      WriteComments(remarks_.below, below, indent);
    }
  }

  void WriteBlock(const std::string& text, std::size_t indent) {
    const std::size_t last = text.find_last_not_of('\n');
    const std::size_t ends = text.size() - last - 1;
    text_ += ends == 0 ? " |-" : ends == 1 ? " |" : " |+";
    EndLine();
    const std::string_view body =
        ends == 0 ? std::string_view(text) : std::string_view(text).substr(0, text.size() - 1);
    for (const std::string_view line : SplitText(body, '\n')) {
      text_ += line.empty() ? "\n" : std::string(indent, ' ') + std::string(line) + "\n";
    }
  }

  const YamlRemarks& remarks_;
  const std::size_t line_max_;
  std::string text_;
  std::string pending_;  // a comment that the line ends with
};

}  // namespace

std::string WriteYaml(const Value& document, const PropertyNode& root, const YamlRemarks& remarks,
                      std::size_t line_max) {
  return Writer(remarks, line_max).Run(document, root);
}

std::string FlowYaml(const Value& value) {
  const YamlRemarks none;
  return Writer(none, kYamlLineMax).Flow(value, nullptr);
}

}  // namespace reconciler::spec
