// Files and folders that a person names, as the files that are to be checked.
#pragma once

#include <string>
#include <vector>

#include "reconciler/core/pool.h"

namespace reconciler::daemon {

struct NamedFile {
  std::string path;  // below the working folder where it lies there, else absolute
  std::string bytes;
  bool asked_for = true;  // false: folder defaults that reach a file that was asked for
};

struct NamedFiles {
  std::vector<NamedFile> files;   // sorted by path, each once
  std::vector<Finding> findings;  // what could not be read
};
/// Folders are walked as a spec tree is. Defaults of the folders above come along, up to the
/// working folder or to the top of the git repository, so that one file of a tree can be checked
/// alone.
NamedFiles ReadNamedPaths(const std::vector<std::string>& paths);

}  // namespace reconciler::daemon
