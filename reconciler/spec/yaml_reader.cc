#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cstddef>
#include <exception>
#include <optional>
#include <sstream>
#include <utility>

#include "reconciler/spec/limits.h"
#include "reconciler/spec/tree_builder.h"
#include "reconciler/spec/yaml_error.h"
#include "reconciler/spec/yaml_tree.h"

namespace reconciler::spec {
namespace {

bool IsMarker(std::string_view line, std::string_view marker) {
  if (!line.starts_with(marker)) return false;
  return line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r';
}

bool IsBlank(std::string_view line) {
  const std::size_t text = line.find_first_not_of(" \t\r");
  return text == std::string_view::npos || line[text] == '#';
}

std::vector<Chunk> CutAtMarkers(std::string_view bytes) {
  std::vector<Chunk> chunks(1);
  chunks.front().first_line = 1;
  std::size_t begin = 0;
  int line_number = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
    std::string_view line = bytes.substr(at, end - at);
    ++line_number;
    if (IsMarker(line, "---")) {
      chunks.back().text = bytes.substr(begin, at - begin);
      begin = at;
      chunks.push_back({});
      chunks.back().first_line = line_number;
      chunks.back().has_marker = true;
      line.remove_prefix(3);
    }
    if (!IsBlank(line) && !IsMarker(line, "...")) chunks.back().is_blank = false;
    at = end + 1;
  }
  chunks.back().text = bytes.substr(begin);
  return chunks;
}

/// Never Load or LoadAll: they keep duplicate keys, follow aliases and can allocate without end.
/// A second document in a chunk stands behind text that the parser did not understand.
void Parse(const Chunk& chunk, TreeBuilder& builder) {
  std::istringstream stream{std::string(chunk.text)};
  YAML::Parser parser(stream);
  if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
}

void ReadChunk(const Source& source, const Chunk& chunk, FindingSink& sink, Document& document) {
  TreeBuilder builder(source, chunk, sink);
  try {
    Parse(chunk, builder);
    document.root = builder.TakeRoot();
    document.clean = builder.clean();
  } catch (const GaveUp&) {
    document.clean = false;  // reported
  } catch (const YAML::Exception& error) {
    const Place at = builder.ToPlace(error.mark);
    const ParserProblem problem = ExplainParserError(error.msg, at, builder.open_flow());
    sink.Error(problem.place, "", problem.message);
  } catch (const std::exception& error) {
    sink.Error(document.place, "", fmt::format("not YAML: {}", error.what()));
  }
}

}  // namespace

std::vector<Document> ReadYaml(const Source& source, FindingSink& sink) {
  std::vector<Document> documents;
  for (const Chunk& chunk : CutAtMarkers(source.bytes)) {
    if (chunk.is_blank && !chunk.has_marker) continue;
    Document document;
    document.place = {&source, chunk.first_line, 1};
    if (chunk.is_blank) {
      sink.Error(document.place, "", "document is empty; write one, or remove this '---'");
    } else if (chunk.text.size() > kDocumentBytesMax) {
      sink.Error(document.place, "",
                 fmt::format("document is larger than 256 KiB ({} bytes)", chunk.text.size()));
    } else {
      ReadChunk(source, chunk, sink, document);
    }
    documents.push_back(std::move(document));
  }
  return documents;
}

}  // namespace reconciler::spec
