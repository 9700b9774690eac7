// The spec tree on disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "reconciler/core/ports.h"

namespace reconciler::daemon {

struct TreeLimits {
  std::uint64_t file_bytes_max = std::uint64_t{1} << 20U;  // a pool body is a few KiB
  std::size_t files_max = 100'000;
  std::uint64_t tree_bytes_max = std::uint64_t{512} << 20U;
  int depth_max = 64;  // folders within folders
};

/// Lists .yaml and .yml below a root, which may itself be a link. Names that begin with a dot are
/// skipped. Nothing but regular files is read. A link is followed only to a regular file that lies
/// in the tree, in a hidden folder of it included (as Kubernetes lays out mounted volumes): what
/// stands elsewhere is not part of the tree and its lines must not show up in findings. A link to
/// a folder, or out of the tree, is a problem of the tree.
class DiskFileTree final : public FileTree {
 public:
  explicit DiskFileTree(std::string root, TreeLimits limits = {});
  TreeListing List() override;
  std::optional<std::string> Read(const FileStamp& stamp) override;
  std::string Root() const override { return root_; }

 private:
  std::string root_;
  TreeLimits limits_;
};

/// True for "*.yaml" and "*.yml" that do not begin with a dot.
bool IsSpecFileName(std::string_view name);

}  // namespace reconciler::daemon
