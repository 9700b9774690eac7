// Differences that other tools show for ever: one case for each, from the spec to three quiet
// looks. Sources: issues of the providers of Terraform and of ARM for Batch pools; recorded
// traffic.
#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "reconciler/core/json.h"
#include "tests/cycle/keeper.h"

namespace drift {
namespace {

using reconciler::Value;
using Edit = std::function<void(Value& pool)>;

/// Creates a pool of a spec while the service answers as `edit` says; then nothing may be written
/// and nothing may differ. `kept`: what the service keeps otherwise is told, and left at that.
void StaysQuiet(const std::string& spec, const Edit& edit = {}, bool kept = false,
                const std::string& api_version = "2025-06-01") {
  keeper::Settings settings;
  settings.api_version = api_version;
  keeper::Keeper world(settings);
  if (edit) {
    world.bent.on_answer = [&](const reconciler::HttpRequest& request,
                               reconciler::HttpAnswer& answer) {
      if (request.method != "GET" || answer.status != 200) return;
      auto body = reconciler::ParseJson(answer.body);
      if (!body) return;
      Value* list = body->Find("value");
      if (list == nullptr) edit(*body);
      if (list != nullptr && list->IsArray()) {
        for (Value& item : list->AsArray()) edit(item);
      }
      answer.body = reconciler::WriteJson(*body);
    };
  }
  world.Spec("p", spec);
  REQUIRE(world.RunUntilReady());
  std::vector<std::string> writes = world.TakeWrites();
  const std::size_t records = kept ? 1 : 0;  // that the service kept another value
  CHECK(writes.size() == 1 + records);
  for (int look = 0; look < 3; ++look) {
    world.RunNow();
    CAPTURE(world.PlanText());
    CHECK_FALSE(world.PlanOf("p").Differs());
    CHECK_FALSE(world.PlanOf("p").HasWork());
    CHECK(world.PlanOf("p").kept.empty() == !kept);
  }
  CHECK(world.TakeWrites().empty());
}

/// Replaces a member below a path, where the path is there.
Edit Says(const std::string& parent, const std::string& name, const Value& value) {
  return [=](Value& pool) {
    Value* found = pool.FindPath(parent);
    if (found != nullptr && found->IsObject()) found->Set(name, value);
  };
}

TEST_CASE("known flap: the order of the targets of disk encryption") {
  StaysQuiet("    diskEncryptionConfiguration: {targets: [temporarydisk, osdisk]}\n",
             Says("virtualMachineConfiguration.diskEncryptionConfiguration", "targets",
                  reconciler::Array{"OsDisk", "TemporaryDisk"}));
}

TEST_CASE("known flap: caching of a data disk that never sticks") {
  StaysQuiet(
      "    dataDisks: [{lun: 0, diskSizeGB: 10, caching: readwrite}]\n",
      [](Value& pool) {
        Value* machine = pool.Find("virtualMachineConfiguration");
        Value* disks = machine == nullptr ? nullptr : machine->Find("dataDisks");
        if (disks == nullptr) return;
        for (Value& disk : disks->AsArray()) disk.Set("caching", "none");
      },
      true);
}

TEST_CASE("known flap: a retry count of -1 that is kept as 1") {
  StaysQuiet("  startTask: {commandLine: a, maxTaskRetryCount: -1}\n",
             Says("startTask", "maxTaskRetryCount", 1), true);
}

TEST_CASE("known flap: the case of vmSize") {
  StaysQuiet("", [](Value& pool) {
    if (pool.Find("vmSize") != nullptr) pool.Set("vmSize", "STANDARD_D2_V3");
  });
}

TEST_CASE("known flap: Spread and spread") {
  StaysQuiet("  taskSchedulingPolicy: {nodeFillType: spread}\n",
             Says("taskSchedulingPolicy", "nodeFillType", "Spread"));
  StaysQuiet("", Says("taskSchedulingPolicy", "nodeFillType", "Spread"));
}

TEST_CASE("known flap: PT15M and PT900S") {
  StaysQuiet(
      "  enableAutoScale: true\n  autoScaleFormula: $TargetDedicatedNodes = 0;\n"
      "  autoScaleEvaluationInterval: PT900S\n",
      [](Value& pool) {
        if (pool.Find("autoScaleFormula")) pool.Set("autoScaleEvaluationInterval", "PT15M");
      });
}

TEST_CASE("known flap: white space at the end of a formula") {
  StaysQuiet("  enableAutoScale: true\n  autoScaleFormula: |+\n    $TargetDedicatedNodes = 0;\n\n",
             [](Value& pool) {
               if (pool.Find("autoScaleFormula")) {
                 pool.Set("autoScaleFormula", "$TargetDedicatedNodes = 0;\r\n");
               }
             });
}

TEST_CASE("known flap: the order of resource files is that of the spec, and kept") {
  StaysQuiet(
      "  startTask:\n    commandLine: a\n    resourceFiles:\n"
      "      - {httpUrl: 'https://s/b', filePath: b}\n      - {httpUrl: 'https://s/a', filePath: "
      "a}\n");
}

TEST_CASE("known flap: confidentialVM and confidentialvm") {
  StaysQuiet(
      "    securityProfile: {securityType: ConfidentialVM}\n"
      "    osDisk: {managedDisk: {securityProfile: {securityEncryptionType: NonPersistedTPM}}}\n",
      Says("virtualMachineConfiguration.securityProfile", "securityType", "confidentialVM"));
}

TEST_CASE("known flap: the query of a SAS that the service leaves out or writes anew") {
  const std::string spec =
      "  startTask:\n    commandLine: a\n    resourceFiles:\n"
      "      - {httpUrl: 'https://s/a?sv=1&sig=abc', filePath: a}\n";
  for (const char* shown : {"https://s/a", "https://s/a?sv=2&sig=def"}) {
    StaysQuiet(spec, [shown](Value& pool) {
      Value* task = pool.Find("startTask");
      Value* files = task == nullptr ? nullptr : task->Find("resourceFiles");
      if (files == nullptr) return;
      for (Value& file : files->AsArray()) file.Set("httpUrl", shown);
    });
  }
}

TEST_CASE("known flap: numbers as text, absent and empty members, members that nobody knows") {
  StaysQuiet("  taskSlotsPerNode: 2\n  startTask: {commandLine: a}\n", [](Value& pool) {
    if (pool.Find("vmSize") == nullptr) return;
    pool.Set("taskSlotsPerNode", "2");
    pool.Set("certificateReferences", reconciler::Array{});
    pool.Set("mountConfiguration", Value());
    pool.Set("somethingNew", reconciler::Object{{"a", 1}});
    if (Value* task = pool.Find("startTask")) {
      task->Set("resourceFiles", reconciler::Array{});
      task->Set("environmentSettings", Value());
    }
  });
}

TEST_CASE("known flap: an application without a version, and its id in another case") {
  const std::string id =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/demo/"
      "applications/blender";
  StaysQuiet("  applicationPackageReferences: [{applicationId: " + id + "}]\n", [&](Value& pool) {
    Value* packages = pool.Find("applicationPackageReferences");
    if (packages == nullptr) return;
    for (Value& package : packages->AsArray()) {
      package.Set("applicationId",
                  "/subscriptions/s/resourcegroups/g/providers/microsoft.batch/batchaccounts/demo/"
                  "applications/Blender");
    }
  });
}

}  // namespace
}  // namespace drift
