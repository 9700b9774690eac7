// The page of all events: complete, as committed, and what the code emits.
#include "daemon/event_page.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "reconciler/core/error.h"
#include "reconciler/core/event.h"
#include "reconciler/core/json.h"
#include "tests/daemon/output_schema.h"
#include "tests/daemon/process.h"

namespace reconciler::daemon {
namespace {

std::string Committed() {
  std::ifstream file(POOLKEEPER_SOURCE_DIR "/deploy/events.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Screen Columns(int width) {
  Screen screen;
  screen.width = width;
  return screen;
}

TEST_CASE("events: each has a name, a message, levels, a meaning and a remedy of its own") {
  std::set<std::string_view> names;
  std::set<std::string_view> messages;
  int kind = 0;
  for (const EventText& text : AllEvents()) {
    CAPTURE(text.name);
    CHECK(static_cast<int>(text.kind) == kind++);  // in order, and none is missing
    CHECK(&TextOf(text.kind) == &text);
    CHECK(names.insert(text.name).second);
    CHECK(messages.insert(text.message).second);
    CHECK_FALSE(text.levels.empty());
    CHECK_FALSE(text.meaning.empty());
    CHECK_FALSE(text.remedy.empty());
    for (const std::string_view part : {text.message, text.meaning, text.remedy}) {
      CHECK(part.back() != '.');
      CHECK(part.find('|') == std::string_view::npos);
    }
  }
  CHECK(kind == static_cast<int>(EventKind::kDaemonStopping) + 1);
}

TEST_CASE("events: each reason has a meaning, and the page a remedy for each") {
  std::set<std::string_view> names;
  for (const PageEntry& entry : ReasonEntries()) {
    CAPTURE(entry.name);
    CHECK(names.insert(entry.name).second);
    CHECK_FALSE(entry.meaning.empty());
    CHECK_FALSE(entry.remedy.empty());
    CHECK(ReasonNamed(entry.name).has_value());
  }
  for (int i = 1; i <= static_cast<int>(Reason::kReadopted); ++i) {
    CHECK_MESSAGE(names.count(ReasonName(static_cast<Reason>(i))) == 1, i);
  }
}

TEST_CASE("events: the committed page is what the code says") {
  // To mend: build/dev/bin/poolkeeper events --format markdown > deploy/events.md
  CHECK(Committed() == EventsMarkdown());
}

TEST_CASE("events: one is found by its name, a reason by its own, several by a part of a message") {
  REQUIRE(FindEntries("PLAN_PARKED").size() == 1);
  CHECK(FindEntries("plan_parked").front().message == "plan parked by a guard");
  CHECK(FindEntries("notowned").front().remedy == "add `policy.adopt: true` to claim it");
  CHECK(FindEntries("pool differs from its spec").size() == 1);
  CHECK(FindEntries("parked").size() == 2);
  CHECK(FindEntries("AutoScale").front().name == "AutoScaleFailed");
  CHECK(FindEntries("never left this host").front().name == "not_sent");
  CHECK(FindEntries("no such thing").empty());
}

TEST_CASE("events: every word that status, plans and the log print is explained") {
  std::vector<std::string_view> words{"not_read_yet"};
  for (int i = 0; i <= static_cast<int>(Condition::kReady); ++i) {
    words.push_back(ConditionName(static_cast<Condition>(i)));
  }
  for (int i = static_cast<int>(Cause::kSpecChanged); i <= static_cast<int>(Cause::kAdopted); ++i) {
    words.push_back(CauseName(static_cast<Cause>(i)));
  }
  for (int i = 0; i <= static_cast<int>(ErrorKind::kCancelled); ++i) {
    words.push_back(ErrorKindName(static_cast<ErrorKind>(i)));
  }
  for (const std::string_view word : words) {
    CAPTURE(word);
    const auto found = FindEntries(word);
    REQUIRE_FALSE(found.empty());
    CHECK(std::any_of(found.begin(), found.end(),
                      [&](const PageEntry& entry) { return entry.name == word; }));
    CHECK_FALSE(found.back().meaning.empty());
    CHECK_FALSE(found.back().remedy.empty());
  }
  CHECK(FindEntries("unauthorized").size() == 2);  // the reason, and the kind of error
}

TEST_CASE("events: the text is broken at the width of the screen") {
  const std::string text = RenderEntries(FindEntries("NotOwned"), Columns(40));
  CHECK(text ==
        "NotOwned\n"
        "  is       reason\n"
        "  meaning  a pool of this id exists and\n"
        "           carries no owner\n"
        "  remedy   add `policy.adopt: true` to\n"
        "           claim it\n");
  CHECK(RenderEntries(FindEntries("plan_released"), Columns(0)) ==
        "plan no longer parked\n"
        "  event    plan_released\n"
        "  level    info\n"
        "  meaning  the plan passes the guards, or was lifted by a person\n"
        "  remedy   nothing\n");
}

TEST_CASE("events: the verb answers, and holds to its schema") {
  const auto run = [](std::vector<std::string> arguments) {
    Process process(std::move(arguments), "/");
    const int code = process.Wait();
    return std::pair(code, process.out() + process.err());
  };
  const auto [code, json] = run({"events", "--format", "json"});
  CHECK(code == 0);
  CHECK(SchemaProblem("events.output.schema.json", ParseJson(json).value()).empty());
  CHECK(run({"events", "--format", "markdown"}) == std::pair(0, Committed()));
  const std::string frozen = run({"events", "frozen"}).second;
  CHECK(frozen.find("frozen, nothing is written\n  event    frozen") == 0);
  CHECK(frozen.find("\nFrozen\n  is       condition\n") != std::string::npos);
  CHECK(run({"events", "nonsense"}) ==
        std::pair(64, std::string("error: nothing that poolkeeper says is called 'nonsense'\n"
                                  "hint: `poolkeeper events` lists all that it explains\n")));
}

}  // namespace
}  // namespace reconciler::daemon
