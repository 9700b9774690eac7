// Each call of poolkeeper against each sort of fault: the outcomes as a table that is pinned.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cycle/scenario.h"

namespace {

using doors::Fault;
using namespace reconciler;

/// How the first request of one kind is spoilt.
struct Column {
  const char* title;
  std::optional<Fault> fault{};  // of the exchange
  std::optional<bool> killed{};  // the keeper dies: false before it, true after it
  bool stale = false;            // the next list is the one from before the request
};
const Column kColumns[] = {{"refused", Fault::kRefused},
                           {"hangs", Fault::kHang},
                           {"reset before", Fault::kResetBefore},
                           {"reset after applying", Fault::kResetAfter},
                           {"429", Fault::kThrottled},
                           {"500 applied", Fault::kApplied500},
                           {"stale read", {}, {}, true},
                           {"killed before", {}, false},
                           {"killed after", {}, true}};

struct Outcome {
  bool rests = false;
  std::string end;
  std::size_t creates = 0;
  std::size_t applied = 0;
  std::map<std::string, int> sent;  // requests by kind
};

/// Answers the next list with the last one before `spoilt` was sent.
class StaleList {
 public:
  StaleList(keeper::Keeper& world, std::string spoilt) : spoilt_(std::move(spoilt)) {
    world.bent.on_answer = [this](const HttpRequest& request, HttpAnswer& answer) {
      const std::string kind = keeper::KindOf(request);
      if (kind == "list" && answer.status == 200) {
        const HttpAnswer fresh = answer;
        if (due_ && before_) answer = *before_;
        due_ = false;
        before_ = fresh;
      }
      if (kind != spoilt_ || done_ || !before_) return;
      done_ = due_ = true;
    };
  }

 private:
  std::string spoilt_;
  std::optional<HttpAnswer> before_;
  bool due_ = false;
  bool done_ = false;
};

Outcome Play(const std::string& kind, const Column& column) {
  keeper::Keeper world;
  Outcome outcome;
  bool done = false;
  const auto is_first = [&](const HttpRequest& request) {
    if (done || keeper::KindOf(request) != kind) return false;
    done = true;
    return true;
  };
  world.transport.draw_fault = [&](const HttpRequest& request) {
    ++outcome.sent[keeper::KindOf(request)];
    return column.fault && is_first(request) ? *column.fault : Fault::kNone;
  };
  world.transport.kill = [&](const HttpRequest& request, bool after) {
    return column.killed && *column.killed == after && is_first(request);
  };
  std::optional<StaleList> stale;
  if (column.stale) stale.emplace(world, kind);
  outcome.rests = keeper::PlayStory(world);
  outcome.end = keeper::EndOfStory(world);
  outcome.creates = keeper::AppliedCreates(world);
  outcome.applied = keeper::AppliedWrites(world);
  CHECK(world.WritesOfCycles(3).empty());
  return outcome;
}

/// "once", "twice", or what went wrong.
std::string Cell(const Outcome& calm, const Outcome& outcome, const std::string& kind) {
  if (!outcome.rests) return "no rest";
  if (outcome.end != calm.end || outcome.creates != calm.creates) return "another end";
  if (outcome.applied > calm.applied) return "done twice";
  const int more = outcome.sent.at(kind) - calm.sent.at(kind);
  if (more == 0) return "as without";
  return more > 0 ? fmt::format("{} more sent", more) : fmt::format("{} fewer sent", -more);
}

std::string Table() {
  const Outcome calm = Play("", {"none"});
  std::string text = "| call |";
  std::string line = "|---|";
  for (const Column& column : kColumns) {
    text += fmt::format(" {} |", column.title);
    line += "---|";
  }
  text += "\n" + line + "\n";
  std::vector<std::string> kinds(std::begin(keeper::kReadKinds), std::end(keeper::kReadKinds));
  kinds.insert(kinds.end(), std::begin(keeper::kWriteKinds), std::end(keeper::kWriteKinds));
  for (const std::string& kind : kinds) {
    text += "| " + kind + " |";
    for (const Column& column : kColumns) {
      CAPTURE(kind);
      CAPTURE(column.title);
      const std::string cell = Cell(calm, Play(kind, column), kind);
      for (const char* wrong : {"no rest", "another end", "done twice"}) CHECK(cell != wrong);
      text += " " + cell + " |";
    }
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("each call and each fault: every cell converges, and the table is the pinned one") {
  const std::string path = POOLKEEPER_SOURCE_DIR "/tests/cycle/fault_table.md";
  std::ostringstream pinned;
  pinned << std::ifstream(path, std::ios::binary).rdbuf();
  const std::string text = pinned.str();
  const std::size_t at = text.find("| call |");
  const std::string table = Table();
  if (std::getenv("POOLKEEPER_UPDATE_EXPECTED") != nullptr) {
    std::ofstream(path, std::ios::binary) << text.substr(0, at) << table;
    return;
  }
  REQUIRE(at != std::string::npos);
  CHECK(text.substr(at) == table);
}
