#include "reconciler/spec/tree_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "reconciler/core/utf8.h"
#include "reconciler/spec/limits.h"
#include "reconciler/spec/scalar.h"

namespace reconciler::spec {
namespace {

/// The offset behind the quoted text that begins `text`; npos if it never ends.
std::size_t EndOfQuoted(std::string_view text) {
  const char quote = text.front();
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return std::string_view::npos;
}

/// What the escape at `at` (the byte behind the backslash) stands for, if a control character that
/// no text may hold; the parser has refused what is no escape.
std::optional<unsigned long> ForbiddenEscape(std::string_view text, std::size_t at) {
  constexpr std::string_view kNames = "0abvfeN";
  constexpr std::array<unsigned long, 7> kCodes = {0x00, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x85};
  if (const std::size_t i = kNames.find(text[at]); i != std::string_view::npos) return kCodes[i];
  const std::size_t digits = text[at] == 'x' ? 2 : text[at] == 'u' ? 4 : text[at] == 'U' ? 8 : 0;
  if (digits == 0) return std::nullopt;
  const unsigned long code =
      std::strtoul(std::string(text.substr(at + 1, digits)).c_str(), nullptr, 16);
  if (code == '\n' || code == '\t' || code == '\r') return std::nullopt;
  const bool is_control = code < 0x20 || (code >= 0x7F && code < 0xA0);
  return is_control ? std::optional(code) : std::nullopt;
}

/// The place behind `text`, which begins at `begin`.
Place Behind(Place begin, std::string_view text) {
  const auto lines = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  if (lines > 0) {
    begin.line += lines;
    begin.column = 1;
    text.remove_prefix(text.rfind('\n') + 1);
  }
  begin.column += static_cast<int>(CountCharacters(text));
  return begin;
}

/// Pairs of members with one name: the later one and the first.
std::vector<std::pair<const NodeMember*, const NodeMember*>> FindDuplicates(const Node& map) {
  std::vector<const NodeMember*> sorted;
  for (const NodeMember& member : map.members) sorted.push_back(&member);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const NodeMember* a, const NodeMember* b) { return a->name < b->name; });
  std::vector<std::pair<const NodeMember*, const NodeMember*>> pairs;
  for (std::size_t i = 1, first = 0; i < sorted.size(); ++i) {
    if (sorted[i]->name == sorted[first]->name) {
      pairs.emplace_back(sorted[i], sorted[first]);
    } else {
      first = i;
    }
  }
  return pairs;
}

}  // namespace

TreeBuilder::TreeBuilder(const Source& source, const Chunk& chunk, FindingSink& sink)
    : source_(source), chunk_(chunk), sink_(sink) {}

void TreeBuilder::OnDocumentStart(const YAML::Mark& mark) {
  if (++documents_ == 1) return;
  GiveUp(ToPlace(mark),
         "text outside of the document; check the indentation of this line, or write '---' before "
         "a new document");
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) {
  CheckTag(mark, {});
  Node node;
  node.place = ToPlace(mark);
  const std::size_t at = static_cast<std::size_t>(std::max(mark.pos, 0));
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (chunk_.text.substr(std::min(at, chunk_.text.size())).starts_with(word)) node.text = word;
  }
  CountNode(node.place);
  if (!open_.empty() && open_.back().node.IsMap() && open_.back().has_key) {
    const Place& key = open_.back().key_place;
    // Where nothing is written the parser names whatever comes next.
    if (node.place.line != key.line && node.place.column <= key.column) node.text.clear();
    if (node.text.empty()) node.place = key;
  }
  Attach(std::move(node));
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) {
  ReportReference(ToPlace(mark), "aliases (*name) are not read here; write the value out");
  Node node;
  node.kind = NodeKind::kBad;
  node.place = ToPlace(mark);
  CountNode(node.place);
  Attach(std::move(node));
}

void TreeBuilder::OnAnchor(const YAML::Mark& mark, const std::string& name) {
  ReportReference(ToPlace(mark), fmt::format("anchors (&{}) are not read here; remove it", name));
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag,
                           YAML::anchor_t /*anchor*/, const std::string& value) {
  CheckTag(mark, tag);
  CheckQuotes(mark);
  Node node;
  node.place = ToPlace(mark);
  node.text = value;
  node.kind = NodeKind::kString;
  CountNode(node.place);
  const bool is_plain = tag == "?";
  if (ByteAt(mark) == '!') node.kind = NodeKind::kBad;
  // What a secret in clear looks like is nobody's business: the validator refuses it as text.
  if (is_plain && !ExpectsKey() && !IsSecret()) {
    const std::string problem = ReadPlainScalar(node);
    if (!problem.empty()) Report(node.place, problem);
  }
  if (is_plain) WarnOfQuotes(node);
  if (is_plain && ExpectsKey() && value == "<<") {
    Report(node.place,
           "merge keys (<<) are not read here; write the members out, or use a "
           "PoolDefaults document");
    node.kind = NodeKind::kBad;
  }
  Attach(std::move(node));
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value style) {
  Open(NodeKind::kList, mark, tag, style == YAML::EmitterStyle::Flow);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag,
                             YAML::anchor_t /*anchor*/, YAML::EmitterStyle::value style) {
  Open(NodeKind::kMap, mark, tag, style == YAML::EmitterStyle::Flow);
}

void TreeBuilder::OnMapEnd() {
  for (const auto& [later, first] : FindDuplicates(open_.back().node)) {
    Report(later->place, fmt::format("key '{}' is written twice, first in line {}", later->name,
                                     first->place.line));
  }
  Close();
}

void TreeBuilder::Open(NodeKind kind, const YAML::Mark& mark, const std::string& tag,
                       bool is_flow) {
  CheckTag(mark, tag);
  Frame frame;
  frame.node.kind = kind;
  frame.node.place = ToPlace(mark);
  frame.is_flow = is_flow;
  CountNode(frame.node.place);
  if (open_.size() >= kDepthMax) {
    GiveUp(frame.node.place,
           fmt::format("lists and mappings are nested more than {} deep", kDepthMax));
  }
  open_.push_back(std::move(frame));
}

void TreeBuilder::Close() {
  Node node = std::move(open_.back().node);
  const bool is_flow = open_.back().is_flow;
  open_.pop_back();
  const bool has_key = !open_.empty() && open_.back().node.IsMap() && open_.back().has_key;
  if (has_key && !is_flow) node.place = open_.back().key_place;
  Attach(std::move(node));
}

void TreeBuilder::Attach(Node node) {
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& frame = open_.back();
  if (frame.node.IsList()) {
    frame.node.items.push_back(std::move(node));
  } else if (!frame.has_key) {
    TakeKey(frame, std::move(node));
  } else {
    frame.has_key = false;
    if (frame.key_is_bad) return;
    frame.node.members.push_back({std::move(frame.key), frame.key_place, std::move(node)});
  }
}

void TreeBuilder::TakeKey(Frame& frame, Node node) {
  frame.has_key = true;
  frame.key_is_bad = !node.IsString();
  if (frame.key_is_bad && node.kind != NodeKind::kBad) {
    Report(node.place,
           fmt::format("a key must be text, this one is {}",
                       node.IsNull()   ? "empty"
                       : node.IsList() ? "a list"
                                       : "an object; quote a text that begins with '{{', and note "
                                         "that templates are not filled in here"));
  }
  frame.key = std::move(node.text);
  frame.key_place = node.place;
}

bool TreeBuilder::ExpectsKey() const {
  return !open_.empty() && open_.back().node.IsMap() && !open_.back().has_key;
}

bool TreeBuilder::IsSecret() const {
  return !open_.empty() && open_.back().has_key && NamesSecret(open_.back().key);
}

void TreeBuilder::CountNode(const Place& place) {
  if (++nodes_ <= kDocumentNodesMax) return;
  GiveUp(place, fmt::format("document has more than {} values", kDocumentNodesMax));
}

void TreeBuilder::CheckTag(const YAML::Mark& mark, const std::string& tag) {
  const bool is_implied = tag.empty() || tag == "?" || tag == "!";
  if (is_implied && ByteAt(mark) != '!') return;
  Report(ToPlace(mark), "tags (!name) are not read here; remove it");
}

/// The parser takes the end of the text for a missing closing quote.
void TreeBuilder::CheckQuotes(const YAML::Mark& mark) {
  const char first = ByteAt(mark);
  if (first != '"' && first != '\'') return;
  const std::string_view text = chunk_.text.substr(static_cast<std::size_t>(mark.pos));
  const std::size_t end = EndOfQuoted(text);
  if (end == std::string_view::npos) {
    GiveUp(ToPlace(mark), "not YAML: the quoted text that begins here never ends");
  }
  if (first == '"') CheckEscapes(ToPlace(mark), text.substr(0, end));
}

/// Like the scan of the bytes: behind the first wrong character the rest is left out.
void TreeBuilder::CheckEscapes(const Place& begin, std::string_view quoted) {
  for (std::size_t at = quoted.find('\\'); at != std::string_view::npos;
       at = quoted.find('\\', at + 2)) {
    WarnOfDrive(begin, quoted, at);
    const auto code = ForbiddenEscape(quoted, at + 1);
    if (!code) continue;
    clean_ = false;
    const Place place = Behind(begin, quoted.substr(0, at));
    std::string message = fmt::format("{} character U+{:04X} is not allowed, not even as an escape",
                                      *code == 0 ? "NUL" : "control", *code);
    if (IsSecret()) return sink_.ErrorWithoutLine(place, "", std::move(message));
    return sink_.Error(place, "", std::move(message));
  }
}

/// Quotes of a word processor are letters like any other.
void TreeBuilder::WarnOfQuotes(const Node& node) {
  for (const std::string_view quote : {"“", "”", "„", "‘", "’"}) {
    if (!node.text.starts_with(quote)) continue;
    sink_.Warning(
        node.place, "",
        fmt::format("the quote {} is part of this text; YAML knows \" and ' alone", quote));
  }
}

/// "C:\temp" in double quotes holds a tab.
void TreeBuilder::WarnOfDrive(const Place& begin, std::string_view quoted, std::size_t at) {
  if (at < 2 || quoted[at - 1] != ':' || quoted[at + 1] == '\\') return;
  const bool is_word = at > 2 && std::isalnum(static_cast<unsigned char>(quoted[at - 3])) != 0;
  if (is_word || std::isalpha(static_cast<unsigned char>(quoted[at - 2])) == 0) return;
  if (IsSecret()) return;
  sink_.Warning(Behind(begin, quoted.substr(0, at)), "",
                fmt::format("'\\{}' in double quotes is an escape, no part of a path; quote a "
                            "Windows path with '...'",
                            quoted[at + 1]));
}

char TreeBuilder::ByteAt(const YAML::Mark& mark) const {
  const std::size_t at = static_cast<std::size_t>(std::max(mark.pos, 0));
  return at < chunk_.text.size() ? chunk_.text[at] : '\0';
}

Place TreeBuilder::ToPlace(const YAML::Mark& mark) {
  if (mark.is_null()) return {&source_, chunk_.first_line, 1};
  return {&source_, chunk_.first_line + mark.line, ColumnOf(mark)};
}

/// The parser counts bytes. Marks come one after the other, so each character is counted about
/// once, in a document of one long line too.
int TreeBuilder::ColumnOf(const YAML::Mark& mark) {
  const std::string_view text = chunk_.text;
  const std::size_t at = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text.size());
  const std::size_t line = at - std::min(static_cast<std::size_t>(std::max(mark.column, 0)), at);
  if (line != counted_line_) {
    counted_line_ = counted_to_ = line;
    counted_ = 0;
  }
  if (at >= counted_to_) {
    counted_ += CountCharacters(text.substr(counted_to_, at - counted_to_));
  } else {
    counted_ -= CountCharacters(text.substr(at, counted_to_ - at));
  }
  counted_to_ = at;
  return static_cast<int>(counted_) + 1;
}

std::optional<Place> TreeBuilder::open_flow() const {
  const auto found =
      std::find_if(open_.rbegin(), open_.rend(), [](const Frame& frame) { return frame.is_flow; });
  if (found == open_.rend()) return std::nullopt;
  return found->node.place;
}

void TreeBuilder::Report(const Place& place, std::string message) {
  clean_ = false;
  sink_.Error(place, "", std::move(message));
}

/// A file that is written with anchors has many: the first few are enough.
void TreeBuilder::ReportReference(const Place& place, std::string message) {
  constexpr int kShown = 5;
  clean_ = false;
  if (++references_ <= kShown) Report(place, std::move(message));
}

void TreeBuilder::GiveUp(const Place& place, std::string message) {
  Report(place, std::move(message));
  throw GaveUp{};
}

}  // namespace reconciler::spec
