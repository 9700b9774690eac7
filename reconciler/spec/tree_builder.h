// Builds a tree from the events of the YAML parser. The only header that includes yaml-cpp.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {

/// A part of a file: from one `---` line to the next.
struct Chunk {
  std::string_view text;
  int first_line = 1;
  bool has_marker = false;
  bool is_blank = true;
};

/// Thrown through the parser when going on is pointless; the reason is reported before.
struct GaveUp {};

/// Reports anchors, aliases, tags, merge keys, duplicate keys, keys that are no text and ambiguous
/// scalars, and gives up at the limits of depth and size.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Source& source, const Chunk& chunk, FindingSink& sink);

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override;

  Node TakeRoot() { return std::move(root_); }
  bool clean() const { return clean_; }
  Place ToPlace(const YAML::Mark& mark);
  std::optional<Place> open_flow() const;

 private:
  struct Frame {
    Node node;
    bool is_flow = false;
    bool has_key = false;
    bool key_is_bad = false;
    std::string key{};
    Place key_place{};
  };

  void Open(NodeKind kind, const YAML::Mark& mark, const std::string& tag, bool is_flow);
  void Close();
  void Attach(Node node);
  void TakeKey(Frame& frame, Node node);
  bool ExpectsKey() const;
  bool IsSecret() const;
  void CountNode(const Place& place);
  void CheckTag(const YAML::Mark& mark, const std::string& tag);
  void CheckQuotes(const YAML::Mark& mark);
  void CheckEscapes(const Place& begin, std::string_view quoted);
  int ColumnOf(const YAML::Mark& mark);
  void WarnOfQuotes(const Node& node);
  void WarnOfDrive(const Place& begin, std::string_view quoted, std::size_t at);
  char ByteAt(const YAML::Mark& mark) const;
  void Report(const Place& place, std::string message);
  void ReportReference(const Place& place, std::string message);
  [[noreturn]] void GiveUp(const Place& place, std::string message);

  const Source& source_;
  const Chunk& chunk_;
  FindingSink& sink_;
  std::vector<Frame> open_;
  Node root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  int references_ = 0;  // anchors and aliases
  bool clean_ = true;
  // Where the counting of columns stands: bytes of the chunk, and the characters between them.
  std::size_t counted_line_ = 0;
  std::size_t counted_to_ = 0;
  std::size_t counted_ = 0;
};

}  // namespace reconciler::spec
