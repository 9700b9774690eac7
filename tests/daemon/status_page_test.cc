#include "daemon/status_page.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

namespace reconciler::daemon {
namespace {

const Instant kWall = *ParseTime("2026-07-01T12:00:00Z");

cycle::PoolStatus Pool(const std::string& name, Condition condition = Condition::kReady) {
  cycle::PoolStatus status;
  status.account = "demo";
  status.pool = name;
  status.condition = condition;
  status.reason = condition == Condition::kReady ? Reason::kInSync : Reason::kAllocationFailed;
  status.exists = true;
  status.image_days = 59;
  return status;
}

StatusReport ReportOf(std::vector<cycle::PoolStatus> pools) {
  StatusReport report;
  report.made = kWall;
  AccountStatus account;
  account.account = "demo";
  account.looked = kWall;
  account.pools = std::move(pools);
  report.accounts = {std::move(account)};
  return report;
}

/// Five hundred pools; the last by name is Degraded, one in the middle Progressing.
StatusReport Fleet() {
  std::vector<cycle::PoolStatus> pools;
  for (int i = 0; i < 500; ++i) pools.push_back(Pool(fmt::format("web-{}", i)));
  pools[250].condition = Condition::kProgressing;
  pools[499].condition = Condition::kDegraded;
  return ReportOf(std::move(pools));
}

std::ptrdiff_t Lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST_CASE("status page: names stand in natural order") {
  const std::string text = RenderStatusPage(ReportOf({Pool("w-1"), Pool("w-10"), Pool("w-2")}),
                                            {.screen = {}, .absence = "no daemon was asked"});
  CHECK(text ==
        "POOL  CONDITION  REASON  NODES  IMAGE  MESSAGE\n"
        "w-1   Ready      InSync  0/0    59 d\n"
        "w-2   Ready      InSync  0/0    59 d\n"
        "w-10  Ready      InSync  0/0    59 d\n"
        "3 of 3 pools Ready.\n"
        "From a look at the service just now; no daemon was asked.\n");
}

TEST_CASE("status page: in a window the worst comes first and what finds no room is counted") {
  const Screen screen{.terminal = true, .color = false, .width = 80, .height = 24};
  const std::string text =
      RenderStatusPage(Fleet(), {.screen = screen, .absence = "x", .in_window = true});
  // Two lines stand above the page, and the cursor rests on the last one.
  CHECK(Lines(text) == 21);
  const std::size_t degraded = text.find("web-499  Degraded");
  const std::size_t progressing = text.find("web-250  Progressing");
  REQUIRE(degraded != std::string::npos);
  REQUIRE(progressing != std::string::npos);
  CHECK(degraded < progressing);
  CHECK(progressing < text.find("web-0    Ready"));
  CHECK(text.find("... and 483 more: 483 Ready\n") != std::string::npos);
  CHECK(text.find("498 of 500 pools Ready, 1 Degraded, 1 Progressing.\n") != std::string::npos);
}

TEST_CASE("status page: an account that cannot be read is not pushed out of the window") {
  StatusReport report = Fleet();
  AccountStatus gamma;
  gamma.account = "gamma";
  gamma.pools_of_specs = 4;
  gamma.failure = AccountFailure{{ErrorKind::kUnauthorized, "list pools: no"}, kWall};
  report.accounts.push_back(gamma);
  const Screen screen{.terminal = true, .color = false, .width = 100, .height = 12};
  const std::string text =
      RenderStatusPage(report, {.screen = screen, .absence = "x", .in_window = true});
  CHECK(text.find("gamma    (4 pools)  Unknown") != std::string::npos);
}

TEST_CASE("status page: a window that is too small still shows a few pools") {
  const Screen screen{.terminal = true, .color = false, .width = 80, .height = 3};
  const std::string text =
      RenderStatusPage(Fleet(), {.screen = screen, .absence = "x", .in_window = true});
  CHECK(text.find("web-499") != std::string::npos);
  CHECK(Lines(text) == 8);
}

TEST_CASE("status page: without those that are Ready all are counted the same") {
  const std::string text =
      RenderStatusPage(Fleet(), {.screen = {}, .absence = "x", .not_ready = true});
  CHECK(Lines(text) == 5);
  CHECK(text.find("web-250") != std::string::npos);
  CHECK(text.find("498 of 500 pools Ready, 1 Degraded, 1 Progressing.\n") != std::string::npos);
  CHECK(
      RenderStatusPage(ReportOf({Pool("w")}), {.screen = {}, .absence = "x", .not_ready = true}) ==
      "1 of 1 pool Ready.\nFrom a look at the service just now; x.\n");
}

TEST_CASE("status page: what many pools say alike is said once") {
  std::vector<cycle::PoolStatus> pools = {Pool("a"), Pool("b"), Pool("c"), Pool("d")};
  for (cycle::PoolStatus& pool : pools) pool.notes = {"support ends in 59 days"};
  pools[3].notes = {"only this one"};
  const std::string text = RenderStatusPage(ReportOf(pools), {.screen = {}, .absence = "x"});
  CHECK(text.find("3 pools (a, b, c): support ends in 59 days\n") != std::string::npos);
  CHECK(text.find("d     Ready      InSync  0/0    59 d\n  only this one\n") != std::string::npos);
  CHECK(text.find("  support") == std::string::npos);
}

TEST_CASE("status page: what is wrong with the daemon stands above where it comes from") {
  StatusReport report = ReportOf({Pool("a")});
  report.pid = 812;
  report.started = kWall - std::chrono::hours(3);
  report.problems = {{kWall - std::chrono::minutes(2), "cannot write state/specs: disk is full"}};
  const std::string line =
      "The daemon, since 2 min: cannot write state/specs: disk is full\nFrom the daemon";
  const StatusPage page{.screen = {}, .absence = ""};
  CHECK(RenderStatusPage(report, page).find(line) != std::string::npos);
  CHECK(RenderPoolPages(report, {Pool("a")}, page).find(line) != std::string::npos);
}

TEST_CASE("status page: what cannot be read any more is said to be of earlier") {
  StatusReport report = ReportOf({Pool("a")});
  report.pid = 812;
  report.made = kWall + std::chrono::minutes(11);
  report.accounts[0].failure = AccountFailure{{ErrorKind::kTransient, "list pools: gone"}, kWall};
  const StatusPage page{.screen = {}, .absence = ""};
  const std::string text = RenderStatusPage(report, page);
  CHECK(text.find("Not read since 2026-07-01T12:00:00Z: account 'demo': list pools: gone\n"
                  "`systemctl reload poolkeeper` (SIGHUP) makes it look at once.\n"
                  "As last seen: 1 of 1 pool Ready.\n") != std::string::npos);
  CHECK(RenderPoolPages(report, {Pool("a")}, page)
            .starts_with("a was Ready (InSync) when last seen, 11 min ago\n"));
}

TEST_CASE("status page: on a narrow screen names are cut, conditions never") {
  const Screen screen{.terminal = true, .color = true, .width = 40, .height = 12};
  const std::string text = RenderStatusPage(
      ReportOf({Pool("pool-with-a-rather-long-name-of-35"), Pool("b", Condition::kDegraded)}),
      {.screen = screen, .absence = "x"});
  CHECK(text.find("pool-with-a-rather-long-na...") != std::string::npos);
  CHECK(text.find("\x1b[31mDegraded\x1b[0m") != std::string::npos);
  CHECK(text.find("\x1b[32mReady") != std::string::npos);
}

}  // namespace
}  // namespace reconciler::daemon
