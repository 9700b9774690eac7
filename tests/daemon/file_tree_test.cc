#include "daemon/file_tree.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>

#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

std::string Show(const TreeListing& listing) {
  std::string text;
  for (const FileStamp& stamp : listing.files) text += stamp.path + "\n";
  for (const TreeProblem& problem : listing.problems) {
    text += "! " + problem.path + ": " + problem.message + "\n";
  }
  return text + (listing.complete ? "complete" : "incomplete");
}

TEST_CASE("tree: .yaml and .yml of all folders are listed in order, hidden names are not") {
  const TempFolder folder;
  for (const char* name : {"b.yaml", "a.yml", "sub/deep/c.yaml", ".hidden.yaml", ".git/d.yaml",
                           "README.md", "e.yaml.bak", "sub/.f.yml", ".yaml"}) {
    folder.Write(name, "x: 1\n");
  }
  DiskFileTree tree(folder.path() + "/");
  CHECK(Show(tree.List()) == "a.yml\nb.yaml\nsub/deep/c.yaml\ncomplete");
  CHECK(tree.Root() == folder.path());
}

TEST_CASE("tree: a missing root is incomplete, an empty one is not") {
  const TempFolder folder;
  CHECK(Show(DiskFileTree(folder / "none").List()) ==
        "! : cannot open the folder: no such file or directory\nincomplete");
  CHECK(Show(DiskFileTree(folder.path()).List()) == "complete");
  folder.Write("file", "");
  CHECK(Show(DiskFileTree(folder / "file").List()) ==
        "! : cannot open the folder: not a directory\nincomplete");
}

TEST_CASE("tree: a FIFO, a socket and a dangling link neither hang nor hide the rest") {
  const TempFolder folder;
  folder.Write("good.yaml", "x: 1\n");
  REQUIRE(::mkfifo((folder / "fifo.yaml").c_str(), 0600) == 0);
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);  // no name of a spec: none of ours
  REQUIRE(::symlink("nowhere", (folder / "link.yaml").c_str()) == 0);
  REQUIRE(::symlink("loop.yaml", (folder / "loop.yaml").c_str()) == 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder / "socket.yaml").copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(socket, static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                 sizeof address) == 0);
  CHECK(Show(DiskFileTree(folder.path()).List()) ==
        "good.yaml\n"
        "! fifo.yaml: is a FIFO, only regular files are read\n"
        "! link.yaml: is a link to nothing\n"
        "! loop.yaml: is a link that cannot be followed: too many levels of symbolic links\n"
        "! socket.yaml: is a socket, only regular files are read\n"
        "incomplete");
  ::close(socket);
}

TEST_CASE("tree: links are followed to files of the tree alone") {
  const TempFolder folder;
  const TempFolder other;
  folder.Write("..2026/a.yaml", "x: 1\n");  // as Kubernetes lays out a mounted volume
  REQUIRE(::symlink("..2026", (folder / "..data").c_str()) == 0);
  REQUIRE(::symlink("..data/a.yaml", (folder / "a.yaml").c_str()) == 0);
  other.Write("secret.yaml", "password: x\n");
  REQUIRE(::symlink((other / "secret.yaml").c_str(), (folder / "out.yaml").c_str()) == 0);
  REQUIRE(::symlink(other.path().c_str(), (folder / "folder").c_str()) == 0);
  DiskFileTree tree(folder.path());
  CHECK(Show(tree.List()) ==
        "a.yaml\n"
        "! folder: is a link to a folder, which is not followed\n"
        "! out.yaml: is a link out of the spec tree, which is not followed\n"
        "incomplete");
  CHECK(tree.Read(tree.List().files[0]) == "x: 1\n");
}

TEST_CASE("tree: the root may be a link, and is followed to where it points now") {
  const TempFolder folder;
  folder.Write("v1/a.yaml", "x: 1\n");
  folder.Write("v2/b.yaml", "x: 2\n");
  REQUIRE(::symlink("v1", (folder / "current").c_str()) == 0);
  DiskFileTree tree(folder / "current");
  CHECK(Show(tree.List()) == "a.yaml\ncomplete");
  REQUIRE(::unlink((folder / "current").c_str()) == 0);
  REQUIRE(::symlink("v2", (folder / "current").c_str()) == 0);
  CHECK(Show(tree.List()) == "b.yaml\ncomplete");
}

TEST_CASE("tree: a large file is named and not read") {
  const TempFolder folder;
  folder.Write("large.yaml", "");
  fs::resize_file(folder / "large.yaml", 100'000'000);  // a hole: nothing is written
  folder.Write("limit.yaml", "");
  fs::resize_file(folder / "limit.yaml", 1 << 20);
  CHECK(Show(DiskFileTree(folder.path()).List()) ==
        "limit.yaml\n! large.yaml: has 100000000 bytes, the limit is 1048576\nincomplete");
}

TEST_CASE("tree: too many files, too many bytes and too many folders end the walk") {
  const TempFolder folder;
  for (const char* name : {"a.yaml", "b.yaml", "c.yaml", "d/e/f.yaml"}) folder.Write(name, "1234");
  const auto show = [&](const TreeLimits& limits) {
    return Show(DiskFileTree(folder.path(), limits).List());
  };
  CHECK(show({.files_max = 2}).find("a.yaml\nb.yaml\n! : has more than 2 spec files") == 0);
  CHECK(show({.tree_bytes_max = 8}).find("a.yaml\nb.yaml\n! : has more than") == 0);
  CHECK(show({.depth_max = 1}).find("! d/e: lies deeper than 1 folders") != std::string::npos);
}

int ShowUnreadable(const std::string& root) {
  const std::string shown = Show(DiskFileTree(root).List());
  return shown == "a.yaml\n"
                  "! closed: cannot open the folder: permission denied\n"
                  "! locked.yaml: cannot open the file: permission denied\n"
                  "incomplete"
             ? 0
             : 1;
}

TEST_CASE("tree: an unreadable folder and file make the tree incomplete") {
  const TempFolder folder;
  fs::permissions(folder.path(), fs::perms(0755));
  folder.Write("a.yaml", "x: 1\n", 0644);
  folder.Write("locked.yaml", "x: 1\n", 0);
  folder.Write("closed/b.yaml", "x: 1\n", 0644);
  fs::permissions(folder / "closed", fs::perms(0));
  CHECK(AsNobody(ShowUnreadable, folder.path()) == 0);
  fs::permissions(folder / "closed", fs::perms(0755));
}

int ShowHome(const std::string& root) {
  return Show(DiskFileTree(root).List()) ==
                 "! : cannot open the folder: permission denied; in the unit of the service "
                 "ProtectHome hides /root\nincomplete"
             ? 0
             : 1;
}

TEST_CASE("tree: a tree below a folder that the unit hides names the setting") {
  if (::access("/root", X_OK) != 0) return;  // only root can become nobody
  CHECK(AsNobody(ShowHome, "/root/specs") == 0);
}

TEST_CASE("tree: a file that changed since it was listed is not read as what it was") {
  const TempFolder folder;
  folder.Write("a.yaml", "x: 1\n");
  DiskFileTree tree(folder.path());
  const TreeListing listing = tree.List();
  CHECK(tree.Read(listing.files[0]) == "x: 1\n");
  folder.Write("a.yaml", "x: 22\n");
  CHECK_FALSE(tree.Read(listing.files[0]).has_value());
  fs::remove(folder / "a.yaml");
  CHECK_FALSE(tree.Read(listing.files[0]).has_value());
  REQUIRE(::mkfifo((folder / "a.yaml").c_str(), 0600) == 0);
  CHECK_FALSE(tree.Read(listing.files[0]).has_value());
}

}  // namespace
}  // namespace reconciler::daemon
