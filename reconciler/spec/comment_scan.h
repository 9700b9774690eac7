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

/// In the order of the text, which must be YAML that can be read: '#' within quotes, block texts
/// and words is none.
std::vector<SourceComment> ScanComments(std::string_view text);

/// Numbers of the lines that are empty, those within block texts left out.
std::vector<int> ScanBlankLines(std::string_view text);

}  // namespace reconciler::spec
