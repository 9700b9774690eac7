// fmt: files in place, and nothing lost.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "daemon/write_file.h"
#include "tests/daemon/process.h"
#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUgly =
    "kind: Pool\napiVersion: poolkeeper/v1\nmetadata: {name: a}\nspec: {vmSize: a}  # size\n";
constexpr const char* kNice =
    "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: a}\nspec:  # size\n  vmSize: a\n";

TEST_CASE("fmt: --check names what would change, fmt changes it, and then nothing is left to do") {
  const TempFolder folder;
  folder.Write("specs/ugly.yaml", kUgly, 0640);
  folder.Write("specs/nice.yaml", kNice);
  const Outcome check = RunProgram({"fmt", "--check", "specs"}, folder.path());
  CHECK(check.code == 2);
  CHECK(check.out == "specs/ugly.yaml\n");
  CHECK(folder.Read("specs/ugly.yaml") == kUgly);
  CHECK(RunProgram({"fmt", "specs"}, folder.path()).code == 0);
  CHECK(folder.Read("specs/ugly.yaml") == kNice);
  struct stat info {};
  REQUIRE(::stat((folder / "specs/ugly.yaml").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0640);
  const Outcome again = RunProgram({"fmt", "--check", "specs"}, folder.path());
  CHECK(again.code == 0);
  CHECK(again.out.empty());
  CHECK(std::distance(fs::directory_iterator(folder / "specs"), fs::directory_iterator{}) == 2);
}

TEST_CASE("fmt: a file that cannot be read is left alone, and said so; the others are done") {
  const TempFolder folder;
  folder.Write("specs/bad.yaml", "spec: [\n");
  folder.Write("specs/ugly.yaml", kUgly);
  const Outcome ran = RunProgram({"fmt", "specs"}, folder.path());
  CHECK(ran.code == 65);
  CHECK(ran.err.find("specs/bad.yaml:") != std::string::npos);
  CHECK(folder.Read("specs/bad.yaml") == "spec: [\n");
  CHECK(folder.Read("specs/ugly.yaml") == kNice);
  CHECK(RunProgram({"fmt"}, folder.path()).code == 64);
}

TEST_CASE("fmt: JSON stays JSON, and is said so") {
  const TempFolder folder;
  folder.Write("a.json", R"({"kind": "Pool", "apiVersion": "poolkeeper/v1"})");
  const Outcome ran = RunProgram({"fmt", "a.json"}, folder.path());
  CHECK(ran.code == 65);
  CHECK(ran.out.empty());
  CHECK(ran.err ==
        "error: a.json: stays JSON: fmt writes YAML; name it .yaml first to have it so\n");
  CHECK(folder.Read("a.json") == R"({"kind": "Pool", "apiVersion": "poolkeeper/v1"})");
}

TEST_CASE("fmt: what nobody wrote does not become a value") {
  const TempFolder folder;
  const std::string text = std::string(kNice) + "  targetDedicatedNodes:\n";
  folder.Write("a.yaml", text);
  const Outcome ran = RunProgram({"fmt", "a.yaml"}, folder.path());
  CHECK(ran.code == 0);
  CHECK(folder.Read("a.yaml") == text);
  CHECK(RunProgram({"validate", "a.yaml"}, folder.path()).code == 65);
}

TEST_CASE("replace file: a link stays a link") {
  const TempFolder folder;
  folder.Write("real.yaml", "old");
  fs::create_symlink("real.yaml", folder / "link.yaml");
  CHECK(ReplaceFile(folder / "link.yaml", "new"));
  CHECK(folder.Read("real.yaml") == "new");
  CHECK(fs::is_symlink(folder / "link.yaml"));
  const auto missing = ReplaceFile(folder / "none.yaml", "x");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message.find("none.yaml: no such file") != std::string::npos);
}

}  // namespace
}  // namespace reconciler::daemon
