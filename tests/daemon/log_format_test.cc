#include "daemon/log_format.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/log_sink.h"
#include "reconciler/core/json.h"

namespace reconciler::daemon {
namespace {

const Instant kWall = *ParseTime("2026-07-01T12:00:00.5Z");

Event Drift() {
  Event event;
  event.kind = EventKind::kDifferenceFound;
  event.severity = Severity::kWarning;
  event.account = "contoso";
  event.cycle = "0badcafe";
  event.pool = "render-linux";
  event.property = "targetDedicatedNodes";
  event.cause = Cause::kPoolChanged;
  event.fields = {{"live", "6"}, {"desired", "4"}};
  return event;
}

TEST_CASE("log: logfmt names the time, the level and what varies, in one order") {
  CHECK(FormatEvent(Drift(), kWall, {}) ==
        "ts=2026-07-01T12:00:00Z level=warning msg=\"pool differs from its spec\" cycle=0badcafe "
        "account=contoso pool=render-linux property=targetDedicatedNodes cause=PoolChanged live=6 "
        "desired=4");
  Event event = Drift();
  event.action = "resize";
  event.reason = Reason::kResizing;
  event.request_id = "r-1";
  event.revision = "sha256:0123456789ab";
  event.detail = "why";
  CHECK(FormatEvent(event, kWall, {}) ==
        "ts=2026-07-01T12:00:00Z level=warning msg=\"pool differs from its spec\" cycle=0badcafe "
        "account=contoso pool=render-linux property=targetDedicatedNodes action=resize "
        "reason=Resizing cause=PoolChanged request_id=r-1 revision=sha256:0123456789ab live=6 "
        "desired=4 detail=why");
}

TEST_CASE("log: in the journal lines carry their priority and no time") {
  const LineStyle journal{.format = LogFormat::kLogfmt, .journal = true, .color = false};
  const auto begin = [&](Severity severity) {
    Event event = Drift();
    event.severity = severity;
    return FormatEvent(event, kWall, journal).substr(0, 16);
  };
  CHECK(begin(Severity::kDebug) == "<7>level=debug m");
  CHECK(begin(Severity::kInfo) == "<6>level=info ms");
  CHECK(begin(Severity::kWarning) == "<4>level=warning");
  CHECK(begin(Severity::kError) == "<3>level=error m");
}

TEST_CASE("log: one event is one line, whatever its values hold") {
  Event event;
  event.kind = EventKind::kSpecProblem;
  event.pool = "a b";
  event.property = "x=y";
  event.fields = {{"empty", ""}, {"quote", "say \"hi\" \\ there"}, {"we ird\n", "v"}};
  event.detail = "one\ntwo\r\tthree\x1b[31m \xff \xc3\xa4 \xc2\x9b";
  CHECK(FormatEvent(event, kWall, {}) ==
        "ts=2026-07-01T12:00:00Z level=info msg=\"spec file has an error\" pool=\"a b\" "
        "property=\"x=y\" empty=\"\" quote=\"say \\\"hi\\\" \\\\ there\" we_ird_=v "
        "detail=\"one\\ntwo\\r\\tthree\\x1b[31m \\xff \xc3\xa4 \\u009b\"");
}

TEST_CASE("log: JSON has the same keys, and is JSON whatever the values hold") {
  Event event = Drift();
  event.detail = "one\ntwo \xff \"q\"";
  const std::string line =
      FormatEvent(event, kWall, {.format = LogFormat::kJson, .journal = false, .color = false});
  CHECK(line.find('\n') == std::string::npos);
  const auto parsed = ParseJson(line);
  REQUIRE(parsed);
  CHECK(parsed->StringOr("ts") == "2026-07-01T12:00:00Z");
  CHECK(parsed->StringOr("level") == "warning");
  CHECK(parsed->StringOr("msg") == "pool differs from its spec");
  CHECK(parsed->StringOr("live") == "6");
  CHECK(parsed->StringOr("detail") == "one\ntwo \\xff \"q\"");
}

TEST_CASE("log: JSON has counts as numbers, and values of properties as text") {
  Event event;
  event.kind = EventKind::kSpecsLoaded;
  event.fields = {{"pools", "3"}, {"pid", "77"}, {"complete", "true"}, {"from", "123"}};
  const LineStyle json{.format = LogFormat::kJson, .journal = false, .color = false};
  CHECK(FormatEvent(event, kWall, json) ==
        R"({"ts":"2026-07-01T12:00:00Z","level":"info","msg":"specs loaded","pools":3,"pid":77,)"
        R"("complete":true,"from":"123"})");
}

TEST_CASE("log: colour touches the level alone") {
  const std::string line =
      FormatEvent(Drift(), kWall, {.format = LogFormat::kLogfmt, .journal = false, .color = true});
  CHECK(line.find("level=\x1b[33mwarning\x1b[0m msg=\"pool differs") != std::string::npos);
}

TEST_CASE("log: the journal is known by device and inode of the stream") {
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  struct stat info {};
  REQUIRE(::fstat(pipe_ends[1], &info) == 0);
  const std::string stream = std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
  CHECK(IsJournal(pipe_ends[1], stream));
  CHECK_FALSE(IsJournal(pipe_ends[1], stream + "0"));
  CHECK_FALSE(IsJournal(pipe_ends[1], ""));
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

class StoppedClock final : public Clock {
 public:
  Tick Now() override { return Tick{}; }
  Instant Wall() override { return kWall; }
  bool SleepUntil(Tick, std::stop_token) override { return true; }
};

TEST_CASE("log: what is below the level is left out, the rest is a line each") {
  int pipe_ends[2];
  REQUIRE(::pipe(pipe_ends) == 0);
  StoppedClock clock;
  LogSink sink(pipe_ends[1],
               {.format = LogFormat::kLogfmt, .least = Severity::kWarning, .no_color = false},
               clock);
  Event event = Drift();
  event.severity = Severity::kInfo;
  sink.Emit(event);
  sink.Emit(Drift());
  ::close(pipe_ends[1]);
  char buffer[4096];
  const ssize_t count = ::read(pipe_ends[0], buffer, sizeof buffer);
  ::close(pipe_ends[0]);
  REQUIRE(count > 0);
  CHECK(std::string(buffer, static_cast<std::size_t>(count)) ==
        FormatEvent(Drift(), kWall, {}) + "\n");
}

}  // namespace
}  // namespace reconciler::daemon
