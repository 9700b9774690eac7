#include "daemon/install_place.h"

#include <doctest/doctest.h>

#include "tests/daemon/temp_folder.h"

namespace reconciler::daemon {
namespace {

TEST_CASE("install place: the example that was installed with the program") {
  const TempFolder folder;
  folder.Write("bin/poolkeeper", "");
  CHECK(ExampleConfigFileFor(folder / "bin").find(folder.path()) == std::string::npos);
  folder.Write("share/doc/poolkeeper/poolkeeper.example.yaml", "");
  CHECK(ExampleConfigFileFor(folder / "bin") ==
        folder / "share/doc/poolkeeper/poolkeeper.example.yaml");
}

}  // namespace
}  // namespace reconciler::daemon
