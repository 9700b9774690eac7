// What one refusal, one throttling, one missing input stops, and what it does not.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "tests/cycle/scenario.h"

namespace {

using doors::Fault;
using namespace reconciler;
using std::chrono::minutes;
using std::chrono::seconds;
using Writes = std::vector<std::string>;

constexpr char kOne[] = "  targetDedicatedNodes: 1\n";
constexpr char kTwo[] = "  targetDedicatedNodes: 2\n";

/// Every request of the kind meets the fault, until the returned switch is off.
void Always(keeper::Keeper& world, const std::string& kind, Fault fault) {
  world.transport.draw_fault = [kind, fault](const HttpRequest& request) {
    return keeper::KindOf(request) == kind ? fault : Fault::kNone;
  };
}

/// Every request of the kind is answered so, and never reaches the service.
void AnswerWith(keeper::Keeper& world, const std::string& kind, int status, const std::string& code,
                const std::string& path = "") {
  const auto hit = [kind, path](const HttpRequest& request) {
    return keeper::KindOf(request) == kind && request.target.find(path) != std::string::npos;
  };
  world.transport.draw_fault = [hit](const HttpRequest& request) {
    return hit(request) ? Fault::kRefused : Fault::kNone;
  };
  world.bent.on_answer = [hit, status, code](const HttpRequest& request, HttpAnswer& answer) {
    if (!hit(request)) return;
    answer = {};
    answer.delivery = Delivery::kAnswered;
    answer.status = status;
    answer.headers = {{"Content-Type", "application/json"}};
    answer.body = R"({"code":")" + code + R"(","message":{"value":"no"}})";
  };
}

void Mend(keeper::Keeper& world) {
  world.transport.draw_fault = nullptr;
  world.bent.on_answer = nullptr;
}

Tick Wait(keeper::Keeper& world) { return world.last.next_due - world.clock.Now(); }

std::size_t Exchanges(const keeper::Keeper& world) { return world.transport.exchanges; }

}  // namespace

TEST_CASE("a throttled write holds the account, once, however many pools wait behind it") {
  keeper::Keeper world;
  for (int i = 0; i < 40; ++i)
    world.Spec(fmt::format("pool-{:02}", i), "  targetDedicatedNodes: 0\n");
  bool once = true;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    const bool hit = once && request.method == "POST";
    if (hit) once = false;
    return hit ? Fault::kThrottled : Fault::kNone;
  };
  world.Run();
  REQUIRE(world.account->hold_until.has_value());
  CHECK(world.account->hold_reason == Reason::kThrottled);
  CHECK(Wait(world) >= seconds(7));  // Retry-After is a floor
  CHECK(Wait(world) <= seconds(15));
  CHECK(world.account->failures_in_row == 1);
  const std::size_t before = Exchanges(world);
  world.RunNow();  // too early
  CHECK(Exchanges(world) == before);
  CHECK(world.last.failure.has_value());
  REQUIRE(world.RunUntilReady());
  CHECK(keeper::AppliedCreates(world) == 40);
}

TEST_CASE("an account that is throttled at each try is asked less and less often") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  for (const char* kind : {"list", "create"}) {
    CAPTURE(kind);
    Always(world, kind, Fault::kServerBusy);
    Tick longest{};
    for (int cycle = 0; cycle < 10; ++cycle) {
      world.Run();
      longest = std::max(longest, Wait(world));
    }
    CHECK(longest >= minutes(7));
    CHECK(longest <= minutes(15));
    Mend(world);
    REQUIRE(world.RunUntilReady());
    CHECK(world.account->failures_in_row == 0);
    REQUIRE(world.Call("DELETE", "/pools/linux") == 202);
    world.clock.Advance(minutes(1));
    world.last.next_due = {};
  }
}

TEST_CASE("throttled node counts hold the account too, before anything is written") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.Spec("linux", kTwo);
  Always(world, "counts", Fault::kThrottled);
  world.Run();
  CHECK(world.TakeWrites().empty());
  CHECK(world.account->hold_until.has_value());
  Mend(world);
  REQUIRE(world.RunUntilReady());
}

TEST_CASE("refused credentials stop the account with a warning that says what to check") {
  for (const int status : {401, 403}) {
    CAPTURE(status);
    keeper::Keeper world;
    world.Spec("linux", kOne);
    AnswerWith(world, "list", status, "AuthenticationFailed");
    for (int cycle = 0; cycle < 4; ++cycle) world.Run();
    REQUIRE(world.last.failure.has_value());
    CHECK(world.account->hold_reason == Reason::kUnauthorized);
    world.RunNow();  // a cycle before the account may be asked again says the same
    CHECK(world.last.failure->kind == ErrorKind::kUnauthorized);
    CHECK(world.TakeWrites().empty());
    const auto told = world.Events(EventKind::kCycleFailed);
    REQUIRE(told.size() == 1);  // said once, not each cycle
    CHECK(told[0].severity == Severity::kWarning);
    CHECK(told[0].reason == Reason::kUnauthorized);
    CHECK(told[0].detail.find("key file") != std::string::npos);
    Mend(world);
    REQUIRE(world.RunUntilReady());
    CHECK(world.Events(EventKind::kCycleRecovered).size() == 1);
  }
}

TEST_CASE("a refused create waits for the spec, a day, or a person, and holds nobody else") {
  keeper::Keeper world;
  world.Spec("bad", kOne);
  world.Spec("good", kOne);
  bool refuse = true;
  world.bent.on_request = [&](HttpRequest& request) {
    if (!refuse || keeper::KindOf(request) != "create") return;
    if (request.body.find(R"("bad")") != std::string::npos) request.body = R"({"id":"bad"})";
  };
  world.Run();
  CHECK(world.StatusOf("bad").condition == Condition::kBlocked);
  CHECK(world.StatusOf("bad").reason == Reason::kServiceRefused);
  for (int cycle = 0; cycle < 4; ++cycle) world.Run();
  CHECK(world.StatusOf("good").condition == Condition::kReady);
  (void)world.TakeWrites();
  CHECK(world.WritesOfCycles(3).empty());

  SUBCASE("a new spec is tried at once") {
    refuse = false;
    world.Spec("bad", kTwo);
    world.Run();
    CHECK(world.TakeWrites() == Writes{"POST /pools"});
  }
  SUBCASE("a day later it is tried again, once") {
    world.RunAfter(std::chrono::hours(25));
    CHECK(world.TakeWrites() == Writes{"POST /pools"});
    CHECK(world.WritesOfCycles(3).empty());
  }
  SUBCASE("a person asks") {
    refuse = false;
    world.Run({.pools = {"BAD"}, .forget_backoff = true});
    CHECK(world.TakeWrites() == Writes{"POST /pools"});
  }
  SUBCASE("a restart tries once more") {
    world.Restart();
    world.Run();
    CHECK(world.TakeWrites() == Writes{"POST /pools"});
  }
}

TEST_CASE("where the pool quota is used up the create waits half an hour, named in the status") {
  keeper::Settings settings;
  settings.service.accounts[0].pool_quota = 1;
  keeper::Keeper world(settings);
  world.Spec("alpha", kOne);
  world.Spec("beta", kOne);
  world.Run();
  // Said in the cycle in which it happened, not only in the next one.
  CHECK(world.StatusOf("beta").condition == Condition::kDegraded);
  CHECK(world.StatusOf("beta").reason == Reason::kQuota);
  CHECK(world.StatusOf("beta").next == "try again");
  REQUIRE(world.StatusOf("beta").next_at);
  CHECK(world.StatusOf("beta").failures == 1);
  REQUIRE(world.StatusOf("beta").holds.size() == 1);
  CHECK(world.StatusOf("beta").holds.front().lifted_by_time);
  (void)world.TakeWrites();
  const Tick start = world.clock.Now();
  while (world.TakeWrites().empty()) world.Run();
  CHECK(world.clock.Now() - start >= minutes(15));
  CHECK(world.clock.Now() - start <= minutes(31));
}

TEST_CASE("a create whose answer was lost is not asked for again before two looks 30 s apart") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  bool once = true;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    const bool hit = once && request.method == "POST";
    if (hit) once = false;
    return hit ? Fault::kResetBefore : Fault::kNone;
  };
  world.Run();
  const Tick lost = world.clock.Now();
  REQUIRE(world.last.outcomes.size() == 1);
  CHECK(world.last.outcomes[0].result == cycle::ActionOutcome::Result::kUnknown);
  CHECK(world.StatusOf("linux").reason == Reason::kOutcomeUnknown);
  CHECK(world.last.under_way);
  while (world.TakeWrites().empty()) world.Run();
  CHECK(world.clock.Now() - lost >= seconds(30));
  CHECK(world.clock.Now() - lost <= seconds(60));
  REQUIRE(world.RunUntilReady());
  CHECK(keeper::AppliedCreates(world) == 1);
}

TEST_CASE("a failed look after a lost create counts for nothing") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  int gets = 0;
  bool once = true;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    if (keeper::KindOf(request) == "get" && ++gets <= 3) return Fault::kError500;
    const bool hit = once && request.method == "POST";
    if (hit) once = false;
    return hit ? Fault::kResetBefore : Fault::kNone;
  };
  world.Run();
  CHECK(gets == 3);
  world.RunAfter(seconds(60));  // the first look that tells anything
  CHECK(world.TakeWrites().empty());
  world.RunAfter(seconds(31));
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
}

TEST_CASE("a lost create that was made is ours at the next look, in the same cycle") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  bool once = true;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    const bool hit = once && request.method == "POST";
    if (hit) once = false;
    return hit ? Fault::kResetAfter : Fault::kNone;
  };
  world.Run();
  CHECK(world.StatusOf("linux").exists);
  CHECK(world.account->unknown_creates.empty());
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
}

TEST_CASE("a list without its second page allows no action at all") {
  keeper::Keeper world;
  for (int i = 0; i < 4; ++i) world.Spec(fmt::format("pool-{}", i), kOne);
  world.Settle();
  world.bent.on_request = [](HttpRequest& request) {
    if (keeper::KindOf(request) == "list") request.target += "&maxresults=2";
  };
  world.Spec("pool-0", kTwo);
  world.Spec("new", kOne);
  world.transport.draw_fault = [](const HttpRequest& request) {
    return request.target.find("skiptoken") != std::string::npos ? Fault::kError500 : Fault::kNone;
  };
  for (int cycle = 0; cycle < 3; ++cycle) {
    world.Run();
    CHECK_FALSE(world.last.observed);
    CHECK(world.last.failure.has_value());
  }
  CHECK(world.TakeWrites().empty());
  CHECK(world.Events(EventKind::kOrphanFound).empty());
  Mend(world);
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools", "POST /pools/pool-0/resize"});
}

TEST_CASE("without node counts it acts, and no pool is Ready") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  Always(world, "counts", Fault::kError500);
  for (int cycle = 0; cycle < 6; ++cycle) world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools"});
  CHECK(world.StatusOf("linux").condition == Condition::kProgressing);
  CHECK(world.StatusOf("linux").reason == Reason::kNodeCountsUnknown);
  CHECK(world.Events(EventKind::kObservationPartial).size() == 1);
  Mend(world);
  REQUIRE(world.RunUntilReady());
}

TEST_CASE("without an image list only what needs it waits") {
  keeper::Keeper world;
  world.Spec("old", kOne);
  world.Settle();
  world.Restart();
  world.state.blobs.clear();
  Always(world, "images", Fault::kError500);
  world.Spec("old", kTwo);
  world.Spec("new", kOne);
  for (int cycle = 0; cycle < 3; ++cycle) world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools/old/resize"});
  CHECK(world.StatusOf("new").reason == Reason::kImageListMissing);
  CHECK(world.StatusOf("new").condition == Condition::kProgressing);
  CHECK(world.Events(EventKind::kObservationPartial).size() == 1);
  CHECK(world.Events(EventKind::kObservationWhole).empty());
  Mend(world);
  REQUIRE(world.RunUntilReady(200));
  CHECK(world.Events(EventKind::kObservationWhole).size() == 1);
}

TEST_CASE("an image list that cannot be renewed is one warning while that lasts") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.clock.Advance(std::chrono::hours(7));
  Always(world, "images", Fault::kError500);
  for (int cycle = 0; cycle < 30; ++cycle) world.RunAfter(minutes(1));
  CHECK(world.Events(EventKind::kObservationPartial).size() == 1);
  CHECK(world.Events(EventKind::kObservationWhole).empty());
  Mend(world);
  for (int cycle = 0; cycle < 12; ++cycle) world.RunAfter(minutes(1));
  CHECK(world.Events(EventKind::kObservationWhole).size() == 1);
}

TEST_CASE("a freeze file stops all writes, shows in the status, and thaws") {
  keeper::Keeper world;
  world.Spec("linux", kOne);
  world.Settle();
  world.state.frozen = true;
  world.Spec("linux", kTwo);
  world.Spec("new", kOne);
  CHECK(world.WritesOfCycles(3).empty());
  for (const char* pool : {"linux", "new"}) {
    CHECK(world.StatusOf(pool).condition == Condition::kFrozen);
    CHECK(world.StatusOf(pool).reason == Reason::kFreezeFile);
  }
  CHECK_FALSE(world.last.work_left);
  CHECK(world.Events(EventKind::kFrozen).size() == 1);
  world.state.frozen = false;
  REQUIRE(world.RunUntilReady());
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/resize", "POST /pools"});
  CHECK(world.Events(EventKind::kThawed).size() == 1);
}

TEST_CASE("observe mode of an account or of a pool shows everything and writes nothing") {
  for (const bool whole_account : {true, false}) {
    CAPTURE(whole_account);
    keeper::Settings settings;
    if (whole_account) settings.mode = Mode::kObserve;
    keeper::Keeper world(settings);
    world.Spec("linux", kOne, whole_account ? "" : "  mode: observe\n");
    CHECK(world.WritesOfCycles(3).empty());
    CHECK(world.StatusOf("linux").condition == Condition::kDrifted);
    CHECK(world.StatusOf("linux").reason == Reason::kObserveMode);
    CHECK(world.last.plan.Observed() == 1);
    CHECK_FALSE(world.last.work_left);
    CHECK(world.PlanText().find("(observe)") != std::string::npos);
  }
}
