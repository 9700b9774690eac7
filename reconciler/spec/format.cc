#include "reconciler/spec/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "reconciler/core/property.h"
#include "reconciler/core/text.h"
#include "reconciler/spec/byte_scan.h"
#include "reconciler/spec/comment_scan.h"
#include "reconciler/spec/yaml_text.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {
namespace {

/// Words of enums as the table has them.
Value Spelled(const PropertyNode* row, const Value& value) {
  if (row == nullptr) return value;
  if (value.IsObject()) {
    Value spelled = Object{};
    for (const Member& member : value.AsObject()) {
      spelled.Set(member.name, Spelled(row->FindMember(member.name), member.value));
    }
    return spelled;
  }
  if (value.IsArray()) {
    Array items;
    for (const Value& item : value.AsArray()) items.push_back(Spelled(row->item.get(), item));
    return items;
  }
  return row->Spelled(value);
}

const PropertyNode* RootOf(const Node& document) {
  const Node* kind = document.FindValue("kind");
  if (kind == nullptr) return nullptr;
  const bool pool = kind->text == "Pool" || kind->text == "PoolDefaults";
  return pool ? &PoolPropertyTable().Root() : nullptr;
}

struct Beginning {
  std::string path;
  std::size_t column = 0;  // from 0; of an item, that of its dash
};
/// Members and items by the line on which they begin; of several the first.
using PathsByLine = std::map<int, Beginning>;

std::size_t ColumnOf(const Place& place) { return static_cast<std::size_t>(place.column) - 1; }

void CollectPaths(const Node& node, const std::string& path, PathsByLine& paths) {
  for (const NodeMember& member : node.members) {
    const std::string below = path.empty() ? member.name : path + "." + member.name;
    paths.emplace(member.place.line, Beginning{below, ColumnOf(member.place)});
    CollectPaths(member.value, below, paths);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string below = fmt::format("{}[{}]", path, i);
    const Node& item = node.items[i];
    const Place& place = item.members.empty() ? item.place : item.members.front().place;
    // Of a mapping in braces the brace stands behind the dash.
    const std::size_t column = std::min(ColumnOf(item.place), ColumnOf(place));
    paths.emplace(place.line, Beginning{below, column < 2 ? 0 : column - 2});
    CollectPaths(item, below, paths);
  }
}

/// Where nothing is written, which is a mistake, and not what null says.
void CollectEmpty(const Node& node, const std::string& path, Paths& empty) {
  if (node.IsNull() && node.text.empty()) empty.insert(path);
  for (const NodeMember& member : node.members) {
    CollectEmpty(member.value, path.empty() ? member.name : path + "." + member.name, empty);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    CollectEmpty(node.items[i], fmt::format("{}[{}]", path, i), empty);
  }
}

Paths EmptyOf(const Node& root) {
  Paths empty;
  CollectEmpty(root, "", empty);
  return empty;
}

struct Remarks {
  std::vector<std::string> head;  // above the document
  Comments above;
  Comments below;
  Trailing behind;
  std::vector<std::string> tail;
};

bool Contains(const std::vector<int>& lines, int line) {
  return std::binary_search(lines.begin(), lines.end(), line);
}

void Add(std::string text, bool after_blank, std::vector<std::string>& lines) {
  if (after_blank) lines.emplace_back();
  lines.push_back(std::move(text));
}

/// What a comment ends that is further in than what comes next: its sibling above. Null: nothing.
const Beginning* EndedBy(const SourceComment& comment, PathsByLine::const_iterator next,
                         const PathsByLine& paths) {
  const std::size_t least = next == paths.end() ? 1 : next->second.column + 1;
  if (!comment.own_line || comment.column < least) return nullptr;
  while (next != paths.begin()) {
    --next;
    if (next->second.column < least) return nullptr;
    if (next->second.column <= comment.column) return &next->second;
  }
  return nullptr;
}

/// The comments of lines `begin` to `end`, by what they are about.
Remarks RemarksOf(const Node& root, int begin, int end, const ScannedLines& lines) {
  Remarks remarks;
  PathsByLine paths;
  CollectPaths(root, "", paths);
  const int first = paths.empty() ? end : paths.begin()->first;
  for (const SourceComment& comment : lines.comments) {
    if (comment.line < begin || comment.line >= end) continue;
    const auto next = paths.lower_bound(comment.line);
    const bool after_blank = Contains(lines.blank, comment.line - 1);
    if (!comment.own_line && next != paths.end() && next->first == comment.line) {
      remarks.behind[next->second.path] = comment.text;
    } else if (comment.line < first) {
      Add(comment.text, comment.line != begin && after_blank, remarks.head);
    } else if (const Beginning* ended = EndedBy(comment, next, paths)) {
      Add(comment.text, after_blank, remarks.below[ended->path]);
    } else if (next != paths.end()) {
      Add(comment.text, after_blank, remarks.above[next->second.path]);
    } else {
      Add(std::string(comment.column, ' ') + comment.text, after_blank, remarks.tail);
    }
  }
  for (const auto& [line, beginning] : paths) {
    if (line == first || !Contains(lines.blank, line - 1)) continue;
    std::vector<std::string>& above = remarks.above[beginning.path];
    if (above.empty()) above.emplace_back();
  }
  return remarks;
}

std::string Lines(const std::vector<std::string>& lines) {
  return lines.empty() ? "" : fmt::format("{}\n", fmt::join(lines, "\n"));
}

constexpr const char* kLeftAsItIs =
    "is left as it is: in canonical form it would lose a comment or say another thing; move the "
    "comments that stand within brackets or long texts";

class Formatter {
 public:
  Formatter(const Source& source, FindingSink& sink)
      : source_(source), sink_(sink), lines_(ScanLines(source.bytes)) {}

  std::optional<std::string> Run() {
    const std::vector<Document> documents = ReadYaml(source_, sink_);
    for (const Document& document : documents) {
      if (!document.clean || !document.root.IsMap()) return std::nullopt;
      if (RootOf(document.root) == nullptr) return std::string(source_.bytes);
    }
    std::string text;
    for (std::size_t i = 0; i < documents.size(); ++i) {
      if (i > 0) text += "---\n";
      const bool last = i + 1 == documents.size();
      // What stands before the first `---` is about the first document.
      text += FormatDocument(documents[i], i == 0 ? 1 : documents[i].place.line,
                             last ? kEnd : documents[i + 1].place.line);
    }
    if (documents.empty()) return std::string(source_.bytes);
    if (!IsSame(documents, text)) {
      sink_.Error(documents.front().place, "", kLeftAsItIs);
      return std::nullopt;
    }
    return text;
  }

 private:
  static constexpr int kEnd = 1'000'000'000;

  std::string FormatDocument(const Document& document, int begin, int end) const {
    const PropertyNode& root = *RootOf(document.root);
    const Remarks remarks = RemarksOf(document.root, begin, end, lines_);
    return Lines(remarks.head) +
           WriteYaml(Spelled(&root, ToValue(document.root)), root,
                     {remarks.above, remarks.below, remarks.behind, EmptyOf(document.root)}) +
           Lines(remarks.tail);
  }

  /// Nothing but spelling has changed, and no comment is lost; else the file is better left alone.
  bool IsSame(const std::vector<Document>& documents, const std::string& text) const {
    if (ScanLines(text).comments.size() != lines_.comments.size()) return false;
    FindingSink findings;
    const Source written = MakeSource("", text);
    const std::vector<Document> again = ReadYaml(written, findings);
    if (again.size() != documents.size()) return false;
    for (std::size_t i = 0; i < again.size(); ++i) {
      const PropertyNode* root = RootOf(documents[i].root);
      if (!again[i].clean || EmptyOf(documents[i].root) != EmptyOf(again[i].root) ||
          Sorted(Spelled(root, ToValue(documents[i].root))) != Sorted(ToValue(again[i].root))) {
        return false;
      }
    }
    return true;
  }

  static Value Sorted(const Value& value) {
    if (value.IsArray()) {
      Array items;
      for (const Value& item : value.AsArray()) items.push_back(Sorted(item));
      return items;
    }
    if (!value.IsObject()) return value;
    Object members = value.AsObject();
    for (Member& member : members) member.value = Sorted(member.value);
    std::sort(members.begin(), members.end(),
              [](const Member& a, const Member& b) { return a.name < b.name; });
    return members;
  }

  const Source& source_;
  FindingSink& sink_;
  ScannedLines lines_;
};

}  // namespace

std::optional<std::string> FormatFile(const Source& source, FindingSink& sink) {
  // What may not stand in a file is not made good by writing it as an escape.
  if (!source.bytes.empty() && !ScanBytes(source, sink)) return std::nullopt;
  // A comment may find its place in several steps.
  constexpr int kPassesMax = 8;
  auto text = Formatter(source, sink).Run();
  for (int pass = 1; text && pass < kPassesMax; ++pass) {
    const Source written = MakeSource(*source.path, *text);
    FindingSink unheard;
    auto again = Formatter(written, unheard).Run();
    if (!again) break;
    if (*again == *text) return text;
    text = std::move(again);
  }
  if (text) sink.Error({&source, 1, 1}, "", kLeftAsItIs);
  return std::nullopt;
}

}  // namespace reconciler::spec
