// The diff of a pool on screens of any width.
#include "daemon/diff_text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>

namespace reconciler::daemon {
namespace {

constexpr char kLongPath[] = "virtualMachineConfiguration.imageReference.publisher";

plan::PoolDiff Sample() {
  plan::PoolDiff diff;
  diff.pool = "render";
  diff.presence = plan::Presence::kPresent;
  plan::DiffRow changed;
  changed.path = kLongPath;
  changed.state = plan::DiffState::kPlanned;
  changed.spec = Value("canonical");
  changed.live = Value("debian");
  changed.cause = Cause::kSpecChanged;
  plan::DiffRow same;
  same.path = "taskSlotsPerNode";
  same.live = Value(std::int64_t{4});
  diff.rows = {changed, same};
  return diff;
}

std::string Shown(int width) {
  Screen screen;
  screen.width = width;
  return RenderDiff("demo", Sample(), screen);
}

std::string WithoutBreaks(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n' || c == ' '; });
  return text;
}

TEST_CASE("diff: wide, what agrees is a table; a pipe is never cut") {
  for (const int width : {0, 120}) {
    const std::string text = Shown(width);
    CHECK(text.find("  ~ virtualMachineConfiguration.imageReference.publisher\n"
                    "      spec     \"canonical\"\n      live     \"debian\"\n") !=
          std::string::npos);
    CHECK(text.find("  PROPERTY          LIVE  STATE") != std::string::npos);
    CHECK(text.find("  taskSlotsPerNode  4     in sync") != std::string::npos);
  }
}

TEST_CASE("diff: narrow, no path and no value is cut away") {
  for (const int width : {30, 40}) {
    CAPTURE(width);
    const std::string text = Shown(width);
    CHECK(WithoutBreaks(text).find(std::string("~") + kLongPath +
                                   "spec\"canonical\"live\"debian\"") != std::string::npos);
    CHECK(text.find("    taskSlotsPerNode\n      live     4\n      state    in sync\n") !=
          std::string::npos);
    CHECK(text.find("...") == std::string::npos);
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      CHECK(end - begin <= static_cast<std::size_t>(width));
    }
  }
}

}  // namespace
}  // namespace reconciler::daemon
