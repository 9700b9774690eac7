// Secrets at members that the service returns: compared by keyed digests, never shown.
#include <doctest/doctest.h>

#include <string>

#include "reconciler/core/json.h"
#include "reconciler/core/random.h"
#include "reconciler/plan/compare.h"
#include "reconciler/plan/render.h"
#include "reconciler/plan/verdict.h"
#include "tests/plan/make.h"

namespace reconciler::plan {
namespace {

constexpr const char* kMarker = "marker-hunter2";
constexpr const char* kRotated = "marker-hunter3";
constexpr const char* kTheirs = "marker-theirs";
constexpr const char* kTokenPath = "startTask.environmentSettings[TOKEN].value";

SecretBook BookOf(std::string_view text, std::string_view key = "digest key") {
  SecretBook book;
  book.SetKey(Secret(key));
  book.Add("token", Secret(text));
  return book;
}

std::string TaskWith(const std::string& value) {
  return R"({"commandLine": "hostname", "environmentSettings": [{"name": "A", "value": "plain"}, )"
         R"({"name": "TOKEN", "value": )" +
         value + "}]}";
}

/// A pool whose start task holds the secret, as the service returns it; seen in sync.
struct SecretPool : OnePool {
  SecretPool() {
    secrets = BookOf(kMarker);
    Want("startTask", TaskWith(R"({"secretRef": "token"})"));
    Done(Write(Decide(), StepKind::kPatch));
    Returns(kMarker);
    Remember();
  }
  void Returns(const std::string& text) { Set("startTask", TaskWith("\"" + text + "\"")); }
};

AccountPlan AccountOf(PoolPlan pool) {
  AccountPlan plan;
  plan.account = "contoso";
  plan.checked = 1;
  plan.pools.push_back(std::move(pool));
  return plan;
}

/// Everything that is printed, stored or logged about a plan.
std::string AllTextOf(OnePool& pool, const PoolPlan& plan) {
  const AccountPlan account = AccountOf(plan);
  std::string text = RenderPlan(account, {}) + WriteJson(PlanToJson({account}));
  for (const Step& step : plan.steps) text += WriteJson(pool.Write(plan, step.kind).body);
  for (const auto& [name, digest] : pool.memory.seen) text += digest;
  return text;
}

void CheckHidden(OnePool& pool, const PoolPlan& plan) {
  const std::string text = AllTextOf(pool, plan);
  CHECK(text.find("marker-") == std::string::npos);
  CHECK(text.find("(sensitive)") != std::string::npos);
}

TEST_CASE("a secret that the service returns is in sync when the live value is that secret") {
  SecretPool pool;
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.HasWork());
  CHECK_FALSE(plan.Differs());
  CHECK(plan.holds.empty());
}

TEST_CASE("a secret that somebody changed on the pool is drift: PoolChanged, patched, not shown") {
  SecretPool pool;
  pool.Returns(kTheirs);
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].path == kTokenPath);
  CHECK(plan.changes[0].cause == Cause::kPoolChanged);
  CHECK(plan.changes[0].cost == Cost::kReboot);
  CHECK(plan.changes[0].sensitive);
  CheckHidden(pool, plan);
  CHECK(WriteJson(pool.Write(plan, StepKind::kPatch).body).find(R"({"secretRef":"token"})") !=
        std::string::npos);
}

TEST_CASE("a secret that was rotated is a change of the spec, then in sync") {
  SecretPool pool;
  pool.secrets = BookOf(kRotated);
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].path == kTokenPath);
  CHECK(plan.changes[0].cause == Cause::kSpecChanged);
  CheckHidden(pool, plan);
  pool.Done(pool.Write(plan, StepKind::kPatch));
  pool.Returns(kRotated);
  CHECK_FALSE(pool.Decide().HasWork());
}

TEST_CASE("a secret that was rotated and changed on the pool is the work of both") {
  SecretPool pool;
  pool.secrets = BookOf(kRotated);
  pool.Returns(kTheirs);
  CHECK(pool.Decide().changes[0].cause == Cause::kBoth);
}

TEST_CASE("a rotated secret that the pool has already calls for no write") {
  SecretPool pool;
  pool.secrets = BookOf(kRotated);
  pool.Returns(kRotated);
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.HasWork());
  CHECK_FALSE(plan.Differs());
}

TEST_CASE("returned secrets say nothing of those that a former spec had elsewhere") {
  AppliedEntry applied;
  applied.digest = "AAAAAAAA";
  applied.secret_key_id = "key1";
  applied.secret_digest = "BBBBBBBB";
  VerdictInput input;
  input.canonical_equal = true;
  input.applied = &applied;
  input.secrets_compared = true;
  input.secret_key_id = "key1";
  input.secret_digest = "CCCCCCCC";
  input.desired_digest = "AAAAAAAA";
  CHECK(Judge(input).kind == VerdictKind::kInSync);
  input.desired_digest = "DDDDDDDD";  // one that the service never returns may have left
  CHECK(Judge(input).kind == VerdictKind::kAct);
  CHECK(Judge(input).cause == Cause::kSpecChanged);
}

TEST_CASE("a new process tells a secret that differs, and accuses nobody") {
  SecretPool pool;
  pool.memory = {};
  CHECK_FALSE(pool.Decide().HasWork());
  pool.Returns(kTheirs);
  const PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  CHECK(plan.changes[0].cause == Cause::kUnknown);
}

TEST_CASE("a new digest key leaves a returned secret known") {
  SecretPool pool;
  pool.secrets = BookOf(kMarker, "another key");
  CHECK(pool.Decide().holds.empty());
  CHECK_FALSE(pool.Decide().HasWork());
  pool.Returns(kTheirs);
  CHECK(StepsOf(pool.Decide()) == "patch");
}

TEST_CASE("a secret that cannot be read is not compared") {
  SecretPool pool;
  pool.secrets = {};
  pool.secrets.SetKey(Secret("digest key"));
  pool.secrets.problems["token"] = "no such file";
  pool.Returns(kTheirs);
  const PoolPlan plan = pool.Decide();
  CHECK_FALSE(plan.HasWork());
  CHECK_FALSE(plan.Differs());
  CHECK(FindHold(plan, Reason::kSecretMissing) != nullptr);
}

TEST_CASE("a plain value that becomes a secret is not shown") {
  OnePool pool;
  pool.Want("startTask", TaskWith("\"marker-plain\""));
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  pool.Remember();
  pool.secrets = BookOf(kMarker);
  pool.Want("startTask", TaskWith(R"({"secretRef": "token"})"));
  const PoolPlan plan = pool.Decide();
  CHECK(plan.changes[0].cause == Cause::kSpecChanged);
  CheckHidden(pool, plan);
  // Nor where the secret comes under another name.
  pool.Want("startTask", R"({"commandLine": "hostname", "environmentSettings": [
      {"name": "A", "value": "plain"}, {"name": "NEW", "value": {"secretRef": "token"}}]})");
  CheckHidden(pool, pool.Decide());
}

TEST_CASE("a variable that somebody removed or added beside a secret is not shown either") {
  SecretPool pool;
  pool.Set("startTask", R"({"commandLine": "hostname", "environmentSettings": [
      {"name": "A", "value": "plain"}, {"name": "COPY", "value": "marker-hunter2"}]})");
  const PoolPlan plan = pool.Decide();
  CHECK(plan.changes.size() == 2);
  CHECK(plan.changes[0].cause == Cause::kPoolChanged);
  CheckHidden(pool, plan);
}

TEST_CASE("a secret URL is compared without its query, a new query is told by the record") {
  OnePool pool;
  const auto task = [](const std::string& url) {
    return R"({"commandLine": "x", "resourceFiles": [{"httpUrl": )" + url +
           R"(, "filePath": "f"}]})";
  };
  pool.secrets = BookOf("https://store/blob?sig=marker-1");
  pool.Want("startTask", task(R"({"secretRef": "token"})"));
  pool.Done(pool.Write(pool.Decide(), StepKind::kPatch));
  pool.Set("startTask", task(R"("https://store/blob")"));
  pool.Remember();
  CHECK_FALSE(pool.Decide().HasWork());

  pool.Set("startTask", task(R"("https://store/blob?sig=marker-2")"));
  CHECK_FALSE(pool.Decide().HasWork());

  pool.Set("startTask", task(R"("https://store/other?sig=marker-2")"));
  PoolPlan plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  CHECK(plan.changes[0].cause == Cause::kPoolChanged);
  CheckHidden(pool, plan);

  pool.Set("startTask", task(R"("https://store/blob")"));
  pool.secrets = BookOf("https://store/blob?sig=marker-3");
  plan = pool.Decide();
  CHECK(StepsOf(plan) == "patch");
  CHECK(plan.changes[0].cause == Cause::kSpecChanged);
  CheckHidden(pool, plan);
}

/// `count` files; number `secret` comes from the secret.
std::string Files(int count, int secret, const std::string& value) {
  std::string text = R"({"commandLine": "x", "resourceFiles": [)";
  for (int i = 0; i < count; ++i) {
    const std::string url = i == secret ? value : "\"https://store/" + std::to_string(i) + "\"";
    text += (i > 0 ? "," : "") + (R"({"httpUrl": )" + url) + R"(, "filePath": "f)" +
            std::to_string(i) + "\"}";
  }
  return text + "]}";
}

TEST_CASE("a secret inside a list of hundreds is compared as well") {
  const PropertyNode& row = *PoolPropertyTable().FindTopLevel("startTask");
  const SecretBook book = BookOf("https://store/secret");
  const Value desired = Json(Files(600, 300, R"({"secretRef": "token"})"));
  const Value same = Json(Files(600, 300, R"("https://store/secret")"));
  const Value other = Json(Files(600, 300, R"("https://store/marker-other")"));
  const std::string version = "2025-06-01";
  CHECK(CanonicallyEqual(row, &desired, &same, version, &book));
  CHECK(Compare(row, &desired, &same, version, true, &book).empty());
  CHECK_FALSE(CanonicallyEqual(row, &desired, &other, version, &book));
  CHECK_FALSE(Compare(row, &desired, &other, version, true, &book).empty());
}

TEST_CASE("without a digest key, live texts are not held against secrets") {
  const PropertyNode& row = *PoolPropertyTable().FindTopLevel("startTask");
  const Value desired = Json(TaskWith(R"({"secretRef": "token"})"));
  const Value live = Json(TaskWith("\"anything\""));
  SecretBook book;
  book.digests["token"] = "digest";
  CHECK(CanonicallyEqual(row, &desired, &live, "2025-06-01"));
  CHECK(CanonicallyEqual(row, &desired, &live, "2025-06-01", &book));
}

}  // namespace
}  // namespace reconciler::plan
