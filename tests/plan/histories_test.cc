// All histories of up to six events. Histories that lead to the same state go on alike, so each
// state is walked on from once, by a shortest history that leads to it.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/plan/history_world.h"

namespace reconciler::plan {
namespace {

constexpr int kEventsMax = 6;

struct Tally {
  std::size_t states = 0;
  int writes = 0;
  std::vector<std::string> problems;
};

Tally Walk(Subject subject, Habit habit, const std::vector<Wish>& script) {
  Tally tally;
  Historian historian(subject, habit, script);
  std::set<std::string> known;
  std::vector<std::pair<World, std::string>> frontier;
  frontier.emplace_back(historian.Begin(true), "created");
  frontier.emplace_back(historian.Begin(false), "created, died");
  for (int length = 0; length < kEventsMax; ++length) {
    std::vector<std::pair<World, std::string>> next;
    for (const auto& [world, history] : frontier) {
      for (const Happening happening : kHappenings) {
        World after = world;
        const std::string longer = history + ", " + std::string(HappeningName(happening));
        for (const std::string& problem : historian.Step(after, happening)) {
          tally.problems.push_back(longer + ": " + problem);
        }
        if (known.insert(historian.Key(after)).second) next.emplace_back(after, longer);
      }
    }
    frontier = std::move(next);
  }
  tally.states = known.size();
  tally.writes = historian.writes();
  return tally;
}

void CheckHistories(Subject subject, Habit habit, const std::vector<Wish>& script) {
  const Tally tally = Walk(subject, habit, script);
  CAPTURE(NameOf(subject));
  CAPTURE(static_cast<int>(habit));
  CAPTURE(script.size());
  CHECK(tally.states > 20);
  if (subject != Subject::kVmSize) CHECK(tally.writes > 0);
  CHECK(tally.problems.size() == 0);
  for (std::size_t i = 0; i < tally.problems.size() && i < 5; ++i) MESSAGE(tally.problems[i]);
}

const std::vector<Wish> kTwoValues{Wish::kA, Wish::kB};
const std::vector<Wish> kWithNull{Wish::kA, Wish::kNull, Wish::kB};
const std::vector<Wish> kLeaving{Wish::kA, Wish::kB, Wish::kLeft};

constexpr Habit kHabits[] = {Habit::kExact, Habit::kRespells, Habit::kIgnores,
                             Habit::kIgnoresChanges};

TEST_CASE("histories: a start task is never falsely in sync, accused or written") {
  for (const Habit habit : kHabits) {
    CheckHistories(Subject::kStartTask, habit, kTwoValues);
    CheckHistories(Subject::kStartTask, habit, kWithNull);
    CheckHistories(Subject::kStartTask, habit, kLeaving);
  }
}

TEST_CASE("histories: a metadata item is never falsely in sync, accused or written") {
  for (const Habit habit : kHabits) {
    CheckHistories(Subject::kTeam, habit, kTwoValues);
    CheckHistories(Subject::kTeam, habit, kLeaving);
  }
}

TEST_CASE("histories: a blocked property is told right and never written") {
  for (const Habit habit : kHabits) CheckHistories(Subject::kVmSize, habit, kTwoValues);
}

}  // namespace
}  // namespace reconciler::plan
