// Two versions of poolkeeper that compare a property differently, on one pool.
#include "reconciler/core/property.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

/// As this version is, but that a command line has no case; version 2 of the form.
const PropertyTable& TolerantTable() {
  static const PropertyTable kTable = [] {
    std::string schema(EmbeddedSchema("pool"));
    const auto change = [&schema](std::string_view from, std::string_view to, std::size_t at) {
      const std::size_t found = schema.find(from, at);
      REQUIRE(found != std::string::npos);
      schema.replace(found, from.size(), to);
    };
    change("\"x-row\": 1", "\"x-row\": 2", schema.find("\"$ref\": \"#/$defs/startTask\""));
    const std::size_t definition = schema.find("\"startTask\": {\n      \"description\"");
    change("\"x-compare\": \"exact\"", "\"x-compare\": \"casefold\"",
           schema.find("\"commandLine\"", definition));
    return PropertyTable::Parse(schema).value();
  }();
  return kTable;
}

void Use(OnePool& pool, const PropertyTable& table) { pool.context.table = &table; }

/// The service, or somebody, spells the command in capitals.
void SpellOtherwise(OnePool& pool) { pool.Set("startTask", R"({"commandLine": "HOSTNAME"})"); }

std::string RecordOf(const OnePool& pool) { return ItemOf(pool.live.body, "poolkeeper.applied"); }

TEST_CASE("form: a difference by another way of comparing is reported, and not acted upon") {
  OnePool pool;
  SUBCASE("an older record, a newer form") {
    Use(pool, TolerantTable());
    pool.Set("startTask", R"({"commandLine": "HOSTNAME", "maxTaskRetryCount": 3})");
  }
  SUBCASE("a newer record, an older form") {
    Use(pool, TolerantTable());
    pool.Want("startTask", R"({"commandLine": "printenv"})");
    pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
    CHECK(RecordOf(pool).find("startTask=2:") != std::string::npos);
    pool.Set("startTask", R"({"commandLine": "PRINTENV"})");
    Use(pool, PoolPropertyTable());
  }
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "");
  CHECK(plan.changes.empty());
  CHECK_FALSE(plan.blocked.empty());
  const Hold* const hold = FindHold(plan, Reason::kCanonicalFormChanged);
  REQUIRE(hold != nullptr);
  CHECK(hold->property == "startTask");
  CHECK(hold->message ==
        "startTask: it differs only by the way in which this version of poolkeeper compares it; "
        "the version that wrote it compared otherwise");

  pool.context.takes_new_forms = true;
  CHECK(StepsOf(pool.Decide()) == "patch");
  pool.context.takes_new_forms = false;
  pool.Want("startTask", R"({"commandLine": "whoami"})");
  CHECK(StepsOf(pool.Decide()) == "patch");
}

TEST_CASE("form: what this process saw in sync and somebody moved is put back in any form") {
  OnePool pool;
  Use(pool, TolerantTable());
  pool.Remember();
  pool.Set("startTask", R"({"commandLine": "evil"})");
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  CHECK(plan.changes.front().cause == Cause::kPoolChanged);
}

TEST_CASE("form: two keepers of different versions never undo each other") {
  OnePool pool;
  for (int turn = 0; turn < 6; ++turn) {
    CAPTURE(turn);
    // A restart each time: nothing is known but what stands on the pool.
    pool.memory = {};
    Use(pool, turn % 2 == 0 ? PoolPropertyTable() : TolerantTable());
    if (turn == 2) SpellOtherwise(pool);
    if (turn == 3) {  // the tolerant one sees nothing, and writes a property of its own
      pool.Want("metadata", R"([{"name": "team", "value": "movies"}])");
      pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
      CHECK(RecordOf(pool).find("startTask=2:") != std::string::npos);
    }
    // The strict one acts on its own record; later the record is the other's.
    const bool acts = turn == 2;
    CHECK(StepsOf(pool.Decide()) == (acts ? "patch" : ""));
  }
}

TEST_CASE("form: a write of another property leaves the old form of a reported one in the record") {
  OnePool pool;
  Use(pool, TolerantTable());
  pool.Set("startTask", R"({"commandLine": "HOSTNAME", "maxTaskRetryCount": 3})");
  pool.Want("metadata", R"([{"name": "team", "value": "movies"}])");
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  CHECK(RecordOf(pool).find("startTask=1:") != std::string::npos);
  CHECK(FindHold(pool.Decide(), Reason::kCanonicalFormChanged) != nullptr);
}

}  // namespace
}  // namespace reconciler::plan
