// The comments of a YAML text, which its parser drops.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace reconciler::spec {

struct SourceComment {
  int line = 0;            // from 1
  std::size_t column = 0;  // blanks before it, where nothing else is
  std::string text;        // from its '#' on, without blanks at the end
  bool own_line = false;   // nothing stands before it
};

struct ScannedLines {
  std::vector<SourceComment> comments;  // in the order of the text
  std::vector<int> blank;  // numbers of the lines that are empty, those of block texts left out
};

/// `text` must be YAML that can be read. '#' within quotes, block texts and words is no comment.
ScannedLines ScanLines(std::string_view text);

}  // namespace reconciler::spec
