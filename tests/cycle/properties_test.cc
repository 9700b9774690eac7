// Properties outside the scale group: who moved, what is written, what is forgotten.
#include <doctest/doctest.h>

#include <algorithm>

#include "reconciler/core/json.h"
#include "reconciler/plan/record.h"
#include "tests/cycle/keeper.h"

namespace {

using namespace reconciler;
using Writes = std::vector<std::string>;

const Writes kOnePatch{"PATCH /pools/linux"};
constexpr char kHostname[] = "  targetDedicatedNodes: 1\n  startTask: {commandLine: hostname}\n";
constexpr char kPrintenv[] = "  targetDedicatedNodes: 1\n  startTask: {commandLine: printenv}\n";
constexpr char kNoTask[] = "  targetDedicatedNodes: 1\n";

constexpr char kBlender[] =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/compute/providers/"
    "Microsoft.Batch/batchAccounts/demo/applications/blender";

std::string Command(keeper::Keeper& world) {
  const Value pool = world.Get("linux");
  const Value* command = pool.FindPath("startTask.commandLine");
  return command == nullptr ? "" : command->AsString();
}

bool Recorded(keeper::Keeper& world, const std::string& property) {
  const auto record = plan::ReadRecord(world.Item("linux", "poolkeeper.applied"));
  return record && record->Find(property) != nullptr;
}

void SomebodyPatches(keeper::Keeper& world, const std::string& body) {
  REQUIRE(world.Call("PATCH", "/pools/linux", body) == 200);
}

void SomebodySetsCommand(keeper::Keeper& world, const std::string& command) {
  SomebodyPatches(world, R"({"startTask":{"commandLine":")" + command + R"("}})");
}

/// Changes one item of the metadata and keeps the others, as a careful colleague does.
void SomebodySetsItem(keeper::Keeper& world, const std::string& name, const std::string& value) {
  auto items = ReadMetadata(world.Get("linux"));
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const MetadataItem& item) { return item.name == name; });
  if (found != items.end()) {
    found->value = value;
  } else {
    items.insert(items.begin(), {name, value});
  }
  Value body;
  body.Set("metadata", WriteMetadata(items));
  SomebodyPatches(world, WriteJson(body));
}

}  // namespace

TEST_CASE("a changed start task is one PATCH and reaches the record") {
  keeper::Keeper world;
  world.Spec("linux", kHostname);
  world.Settle();
  world.Spec("linux", kPrintenv);
  world.Run();
  CHECK(world.TakeWrites() == kOnePatch);
  REQUIRE(world.PlanOf("linux").changes.size() == 1);
  CHECK(world.PlanOf("linux").changes[0].cause == Cause::kSpecChanged);
  CHECK(Command(world) == "printenv");
  CHECK(world.StatusOf("linux").condition == Condition::kReady);
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE("a start task that left the spec is removed with updateproperties alone") {
  keeper::Keeper world;
  world.Spec("linux", std::string(kHostname) + "  metadata: [{name: team, value: render}]\n");
  world.Settle();
  SomebodySetsItem(world, "cost", "7");
  world.Spec("linux", std::string(kNoTask) + "  metadata: [{name: team, value: render}]\n");
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/updateproperties"});
  CHECK(Command(world).empty());
  CHECK(world.Item("linux", "team") == "render");
  CHECK(world.Item("linux", "cost") == "7");
  CHECK_FALSE(Recorded(world, "startTask"));
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE("an explicit null start task is removed, and kept away") {
  keeper::Keeper world;
  world.Spec("linux", kHostname);
  world.Settle();
  world.Spec("linux", std::string(kNoTask) + "  startTask: null\n");
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/updateproperties"});
  CHECK(Command(world).empty());
  CHECK(world.WritesOfCycles(2).empty());
  SomebodySetsCommand(world, "whoami");
  world.Run();
  CHECK(world.TakeWrites() == Writes{"POST /pools/linux/updateproperties"});
  CHECK(Command(world).empty());
}

TEST_CASE("a start task that was never named is left alone") {
  keeper::Keeper world;
  world.Spec("linux", kNoTask);
  world.Settle();
  SomebodySetsCommand(world, "whoami");
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(Command(world) == "whoami");
}

TEST_CASE("packages are written, and reset when they leave the spec") {
  keeper::Keeper world;
  world.Spec("linux", kNoTask);
  world.Settle();
  world.Spec("linux", std::string(kNoTask) + "  applicationPackageReferences: [{applicationId: " +
                          std::string(kBlender) + ", version: '4'}]\n");
  world.Run();
  CHECK(world.TakeWrites() == kOnePatch);
  const Value written = world.Get("linux");
  CHECK(written.Find("applicationPackageReferences") != nullptr);
  CHECK(world.WritesOfCycles(2).empty());
  world.Spec("linux", kNoTask);
  world.Run();
  CHECK(world.TakeWrites() == kOnePatch);
  const Value pool = world.Get("linux");
  const Value* packages = pool.Find("applicationPackageReferences");
  CHECK((packages == nullptr || packages->AsArray().empty()));
  CHECK_FALSE(Recorded(world, "applicationPackageReferences"));
  CHECK(world.WritesOfCycles(2).empty());
}

TEST_CASE("metadata items are added, changed and removed one by one, foreign ones stay in order") {
  keeper::Keeper world;
  world.Spec("linux", std::string(kNoTask) + "  metadata: [{name: team, value: render}]\n");
  world.Settle();
  SomebodySetsItem(world, "cost", "7");
  SomebodySetsItem(world, "boss", "ann");
  for (const char* list :
       {"[{name: team, value: anim}]", "[{name: team, value: anim}, {name: tier, value: gold}]",
        "[{name: tier, value: gold}]"}) {
    CAPTURE(list);
    world.Spec("linux", std::string(kNoTask) + "  metadata: " + list + "\n");
    world.Run();
    CHECK(world.TakeWrites() == kOnePatch);
    CHECK(world.WritesOfCycles(2).empty());
  }
  const auto items = ReadMetadata(world.Get("linux"));
  CHECK(items[0] == MetadataItem{"boss", "ann"});
  CHECK(items[1] == MetadataItem{"cost", "7"});
  CHECK(world.Item("linux", "team").empty());
  CHECK(world.Item("linux", "tier") == "gold");
}

TEST_CASE("what somebody changed is put back, and the cause says who moved") {
  keeper::Keeper world;
  world.Spec("linux", kHostname);
  world.Settle();
  SomebodySetsCommand(world, "whoami");
  world.Run();
  CHECK(world.PlanOf("linux").changes.at(0).cause == Cause::kPoolChanged);
  CHECK(world.TakeWrites() == kOnePatch);
  CHECK(Command(world) == "hostname");

  SomebodySetsCommand(world, "whoami");
  world.Restart();
  world.Run();
  CHECK(world.PlanOf("linux").changes.at(0).cause == Cause::kUnknown);
  CHECK(world.TakeWrites() == kOnePatch);

  SomebodySetsCommand(world, "whoami");
  world.Spec("linux", kPrintenv);
  world.Run();
  CHECK(world.PlanOf("linux").changes.at(0).cause == Cause::kBoth);
  CHECK(world.TakeWrites() == kOnePatch);
  CHECK(Command(world) == "printenv");
}

TEST_CASE("a spec that changed while no keeper ran is SpecChanged, by the record on the pool") {
  keeper::Keeper world;
  world.Spec("linux", kHostname);
  world.Settle();
  world.Restart();
  world.Spec("linux", kPrintenv);
  world.Run();
  CHECK(world.PlanOf("linux").changes.at(0).cause == Cause::kSpecChanged);
}

TEST_CASE("a value that the service respells is written once, recorded, and kept over a restart") {
  keeper::Keeper world;
  world.Spec("linux", kHostname);
  world.Settle();
  world.bent.on_answer = [](const HttpRequest& request, HttpAnswer& answer) {
    if (request.method != "GET") return;
    const std::string sent = R"("commandLine":"printenv")";
    const std::size_t at = answer.body.find(sent);
    if (at != std::string::npos)
      answer.body.replace(at, sent.size(), R"("commandLine":"PrintEnv")");
  };
  world.Spec("linux", kPrintenv);
  world.Run();
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux", "PATCH /pools/linux"});
  const auto record = plan::ReadRecord(world.Item("linux", "poolkeeper.applied"));
  REQUIRE(record);
  CHECK_FALSE(record->Find("startTask")->kept.empty());
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").condition == Condition::kReady);
  CHECK(world.last.plan.Kept() == 1);
  CHECK(world.PlanText().find("1 kept by the service as another value") != std::string::npos);
  const auto& notes = world.StatusOf("linux").notes;
  CHECK(std::count(notes.begin(), notes.end(),
                   "the service keeps another value of startTask.commandLine") == 1);
  CHECK(world.Events(EventKind::kKept).size() == 1);
  world.Restart();
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.last.plan.Kept() == 1);
  SomebodySetsCommand(world, "whoami");  // not what the service made of it
  world.Run();
  CHECK(world.PlanOf("linux").changes.at(0).cause == Cause::kPoolChanged);
  CHECK(Command(world) == "printenv");
  CHECK(world.WritesOfCycles(3).empty());
}

TEST_CASE(
    "killed before it learned of the respelling, the next process writes once more, no more") {
  keeper::Keeper world;
  world.Spec("linux", kHostname);
  world.Settle();
  world.bent.on_answer = [](const HttpRequest& request, HttpAnswer& answer) {
    const std::string sent = R"("commandLine":"printenv")";
    const std::size_t at = request.method == "GET" ? answer.body.find(sent) : std::string::npos;
    if (at != std::string::npos)
      answer.body.replace(at, sent.size(), R"("commandLine":"PrintEnv")");
  };
  world.Spec("linux", kPrintenv);
  world.transport.kill = [](const HttpRequest& request, bool after) {
    return after && request.method == "PATCH";
  };
  CHECK_THROWS_AS(world.Run(), doors::KeeperKilled);
  world.transport.kill = nullptr;
  (void)world.TakeWrites();
  world.Restart();
  world.Run();
  CHECK(world.TakeWrites() == Writes{"PATCH /pools/linux", "PATCH /pools/linux"});
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.last.plan.Kept() == 1);
}

TEST_CASE("a change that needs another pool is reported as blocked and never written") {
  keeper::Keeper world;
  world.Spec("linux", kHostname);
  world.Settle();
  std::string text = keeper::PoolText("linux", kHostname);
  text.replace(text.find("standard_d2_v3"), 14, "standard_d4_v3");
  world.tree.Write("linux.yaml", text);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.StatusOf("linux").condition == Condition::kBlocked);
  CHECK(world.StatusOf("linux").reason == Reason::kNeedsEmptyPool);
  CHECK(world.last.plan.Blocked() == 1);
  CHECK_FALSE(world.last.work_left);
  CHECK(world.PlanText().find("vmSize") != std::string::npos);
  // What can be done beside it is done, and what is blocked stays open.
  text.replace(text.find("hostname"), 8, "printenv");
  world.tree.Write("linux.yaml", text);
  world.Run();
  CHECK(world.TakeWrites() == kOnePatch);
  CHECK(world.StatusOf("linux").reason == Reason::kNeedsEmptyPool);
}

TEST_CASE("a property of a blocked cost that left the spec is released and forgotten") {
  keeper::Keeper world;
  world.Spec("linux", std::string(kNoTask) + "  taskSlotsPerNode: 4\n");
  world.Settle();
  world.Spec("linux", kNoTask);
  world.Run();
  CHECK(world.PlanText().find("released taskSlotsPerNode, stays 4") != std::string::npos);
  CHECK(world.TakeWrites() == kOnePatch);
  CHECK_FALSE(Recorded(world, "taskSlotsPerNode"));
  CHECK(world.Get("linux").IntOr("taskSlotsPerNode", 0) == 4);
  world.Run();
  CHECK(world.PlanText().find("released") == std::string::npos);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(world.Events(EventKind::kReleased).size() == 1);
}

TEST_CASE("metadata that the service finds too large is written without the record") {
  keeper::Settings settings;
  settings.service.switches.metadata_bytes_max = 700;
  keeper::Keeper world(settings);
  world.Spec("linux", kHostname);
  world.Settle();
  world.Spec("linux", std::string(kPrintenv) +
                          "  metadata: [{name: note, value: " + std::string(430, 'x') + "}]\n");
  world.Run();
  CHECK(world.Item("linux", "poolkeeper.applied") == "0");
  CHECK(world.Item("linux", "note").size() == 430);
  CHECK(Command(world) == "printenv");
  REQUIRE(world.StatusOf("linux").notes.size() >= 1);
  CHECK(world.StatusOf("linux").notes[0].rfind("MemoryReduced", 0) == 0);
  CHECK(world.WritesOfCycles(3).empty());
  // Without memory nothing is reset when it leaves the spec.
  world.Spec("linux", kNoTask);
  CHECK(world.WritesOfCycles(3).empty());
  CHECK(Command(world) == "printenv");
}

TEST_CASE("a secret that changed is written, and nobody sees either value") {
  keeper::Keeper world;
  world.secrets.values["token"] = "hunter2";
  const std::string spec = std::string(kNoTask) +
                           "  startTask:\n    commandLine: hostname\n"
                           "    environmentSettings: [{name: TOKEN, value: {secretRef: token}}]\n";
  world.Spec("linux", spec);
  world.Settle();
  CHECK(world.WritesOfCycles(2).empty());
  world.secrets.values["token"] = "hunter3";
  world.Run();
  CHECK(world.TakeWrites() == kOnePatch);
  CHECK(world.PlanText().find("(sensitive)") != std::string::npos);
  CHECK(world.PlanText().find("hunter") == std::string::npos);
  for (const Event& event : world.trace.events) {
    CHECK(doors::TraceSink::Line(event).find("hunter") == std::string::npos);
  }
  CHECK(world.WritesOfCycles(2).empty());
  world.secrets.digest_key = "another key";
  CHECK(world.WritesOfCycles(2).empty());  // unknown is no reason to write
  world.secrets.values.clear();
  CHECK(world.WritesOfCycles(2).empty());
  CHECK(world.StatusOf("linux").reason == Reason::kSecretMissing);
}

TEST_CASE(
    "somebody edits between the read and the PATCH: nothing of theirs is overwritten blindly") {
  keeper::Keeper world;
  world.Spec("linux", kHostname);
  world.Settle();
  world.Spec("linux", kPrintenv);
  bool once = true;
  world.transport.draw_fault = [&](const HttpRequest& request) {
    const bool hit = once && request.method == "PATCH";
    if (hit) once = false;
    return hit ? doors::Fault::kStaleEtag : doors::Fault::kNone;
  };
  world.transport.foreign_edit = [&](const HttpRequest&) { SomebodySetsItem(world, "cost", "7"); };
  world.Run();
  CHECK(Command(world) == "printenv");
  CHECK(world.Item("linux", "cost") == "7");
  CHECK(world.WritesOfCycles(2).empty());
}
