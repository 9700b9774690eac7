#include "tests/cycle/scenario.h"

#include <fmt/format.h>

#include <algorithm>

namespace keeper {
namespace {

using namespace reconciler;

constexpr int kCyclesMax = 80;  // a backoff is longer than a cycle
constexpr char kStop[] = "  resize: {onPending: stop}\n";
constexpr char kAuto[] =
    "  enableAutoScale: true\n  autoScaleFormula: $TargetDedicatedNodes = 2;\n";

std::string Fixed(int nodes, const std::string& command = "") {
  std::string text = fmt::format("  targetDedicatedNodes: {}\n", nodes);
  if (!command.empty()) text += "  startTask: {commandLine: " + command + "}\n";
  return text;
}

bool AllReady(const Keeper& world) {
  return world.last.observed && !world.last.statuses.empty() &&
         std::all_of(world.last.statuses.begin(), world.last.statuses.end(),
                     [](const auto& status) { return status.condition == Condition::kReady; });
}

bool ComesToRest(Keeper& world) {
  for (int cycle = 0; cycle < kCyclesMax; ++cycle) {
    try {
      world.Run();
      if (AllReady(world)) return true;
    } catch (const doors::KeeperKilled&) {
      world.Restart();
    }
  }
  return false;
}

bool Accepted(const doors::SimTransport::Entry& entry) {
  return entry.method != "GET" && entry.status >= 200 && entry.status < 300;
}

}  // namespace

std::string KindOf(const HttpRequest& request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (path == "/supportedimages") return "images";
  if (path == "/nodecounts") return "counts";
  if (path == "/pools") return request.method == "GET" ? "list" : "create";
  const std::size_t action = path.find('/', 7);
  if (action != std::string::npos) return path.substr(action + 1);
  return request.method == "GET" ? "get" : "patch";
}

bool PlayStory(Keeper& world) {
  world.Spec("alpha", Fixed(1, "hostname"));
  world.Spec("beta", kAuto);
  if (!ComesToRest(world)) return false;
  world.Spec("alpha", Fixed(3, "printenv"));
  if (!ComesToRest(world)) return false;
  world.Spec("alpha", Fixed(3));
  if (!ComesToRest(world)) return false;
  world.Spec("alpha", kAuto);
  world.Spec("beta", Fixed(1), kStop);
  if (!ComesToRest(world)) return false;
  world.Spec("alpha", Fixed(2));
  if (!ComesToRest(world)) return false;
  (void)world.Call("POST", "/pools/beta/resize",
                   R"({"targetDedicatedNodes":4,"targetLowPriorityNodes":0})");
  world.last.next_due = {};
  return ComesToRest(world);
}

std::string EndOfStory(Keeper& world) {
  std::string text;
  for (const std::string& id : world.service.PoolIds("demo")) {
    const Value pool = world.Get(id);
    text +=
        fmt::format("{} {} {} of {} auto={} task={} items={}\n", id,
                    pool.StringOr("allocationState"), pool.IntOr("currentDedicatedNodes", -1),
                    pool.IntOr("targetDedicatedNodes", -1), pool.BoolOr("enableAutoScale", false),
                    pool.Find("startTask") != nullptr, ReadMetadata(pool).size());
  }
  return text;
}

std::size_t AppliedWrites(const Keeper& world) {
  return static_cast<std::size_t>(
      std::count_if(world.transport.log.begin(), world.transport.log.end(), Accepted));
}

std::size_t AppliedCreates(const Keeper& world) {
  return static_cast<std::size_t>(std::count_if(
      world.transport.log.begin(), world.transport.log.end(),
      [](const auto& entry) { return Accepted(entry) && entry.target.rfind("/pools?", 0) == 0; }));
}

}  // namespace keeper
