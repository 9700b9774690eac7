// The bad spec files of tests/spec/bad and what must be said about each.
#pragma once

#include <string>
#include <vector>

namespace reconciler::spec {

struct BadCase {
  std::string name;  // of the file or folder, without extension
  std::vector<std::pair<std::string, std::string>> files;  // path and bytes, sorted by path
  std::string expected;  // text of <name>.expected; empty if there is none
};

/// `folder`: holds <name>.yaml, or a folder <name> with several files, and <name>.expected.
std::vector<BadCase> ReadBadCases(const std::string& folder);
/// All findings as they are printed, a line feed after each.
std::string FindingsOf(const BadCase& bad_case);

}  // namespace reconciler::spec
