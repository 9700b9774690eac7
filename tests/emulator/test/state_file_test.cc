#include "tests/emulator/state_file.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/emulator/test/world.h"

namespace emulator {
namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "emulator.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string File(const std::string& name) const { return (path / name).string(); }
  fs::path path;
};

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_CASE("state file: what was saved is there in the next process, and nothing else is left") {
  const Folder folder;
  World world;
  StateFile file(folder.File("state.json"), world.service);
  CHECK_FALSE(file.Exists());
  world.Call("POST", "/pools", LinuxPool("p"));
  CHECK(file.Save() == std::nullopt);
  CHECK(std::distance(fs::directory_iterator(folder.path), {}) == 1);
  World next;
  StateFile again(folder.File("state.json"), next.service);
  REQUIRE(again.Exists());
  const auto loaded = again.Load();
  REQUIRE(std::holds_alternative<Instant>(loaded));
  CHECK(std::get<Instant>(loaded) == world.now);
  CHECK(next.service.PoolIds("demo") == std::vector<std::string>{"p"});
}

TEST_CASE("state file: it is written anew when a caller has changed something") {
  const Folder folder;
  World world;
  StateFile file(folder.File("s"), world.service);
  CHECK(file.Save() == std::nullopt);
  const std::string first = TextOf(file.path());
  world.Get("/pools");
  CHECK(file.SaveChanges() == std::nullopt);
  CHECK(TextOf(file.path()) == first);
  world.Call("POST", "/pools", LinuxPool("p"));
  CHECK(file.SaveChanges() == std::nullopt);
  const std::string second = TextOf(file.path());
  CHECK(second != first);
  world.Pass(std::chrono::seconds{1});
  CHECK(file.SaveChanges() == std::nullopt);
  CHECK(TextOf(file.path()) == second);
  file.MarkChanged();
  CHECK(file.SaveChanges() == std::nullopt);
  CHECK(TextOf(file.path()) != second);
}

TEST_CASE("state file: a damaged one is named and stays as it is") {
  const Folder folder;
  const std::string path = folder.File("state.json");
  std::ofstream(path) << "{\"format\":";
  World world;
  const auto loaded = StateFile(path, world.service).Load();
  REQUIRE(std::holds_alternative<std::string>(loaded));
  CHECK(std::get<std::string>(loaded) == path + ": is no JSON, or only a part of a state");
  CHECK(TextOf(path) == "{\"format\":");
}

TEST_CASE("state file: what cannot be written is said, and the old one stays") {
  const Folder folder;
  World world;
  const std::string path = folder.File("absent/state.json");
  const auto problem = StateFile(path, world.service).Save();
  REQUIRE(problem);
  CHECK(problem->find(path) == 0);
  CHECK(problem->find("cannot be written: No such file or directory") != std::string::npos);
}

}  // namespace
}  // namespace emulator
