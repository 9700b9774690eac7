// facts.md names cases that exist.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/emulator/http_text.h"

namespace emulator {
namespace {

std::string TextOf(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

TEST_CASE("each fact of facts.md names a case that exists") {
  const std::filesystem::path folder = POOLKEEPER_SOURCE_DIR "/tests/emulator/test";
  std::string sources;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".cc") sources += TextOf(entry.path());
  }
  std::istringstream facts(TextOf(folder / "facts.md"));
  int rows = 0;
  for (std::string line; std::getline(facts, line);) {
    if (line.rfind("| ", 0) != 0 || line.rfind("| §", 0) == 0) continue;
    const auto cells = Split(line, '|');
    REQUIRE(cells.size() == 6);
    const std::string name(Trim(cells[4]));
    CAPTURE(name);
    CHECK(sources.find('"' + name + "\")") != std::string::npos);
    ++rows;
  }
  CHECK(rows > 70);
}

}  // namespace
}  // namespace emulator
