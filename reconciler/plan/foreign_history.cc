// Source: the release notes of Microsoft.Azure.Batch for .NET, which name the api-version of each
// change.
#include "reconciler/plan/foreign_history.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/plan/foreign_moves.h"
#include "reconciler/plan/foreign_tools.h"

namespace reconciler::plan {
namespace {

/// The old name goes on only where the new one is not there too; else it stays and is told.
void MoveUnlessThere(Value& object, std::string_view from, std::string_view to) {
  if (object.Find(to) == nullptr) Rename(object, from, to);
}

/// Of a list that may be absent, or anything.
template <class Visit>
void ForEachItem(Value* list, Visit visit) {
  if (list == nullptr || !list->IsArray()) return;
  for (Value& item : list->AsArray()) visit(item);
}

/// {a: b}, as people write it, in the shape of the service: [{name: a, value: b}].
void MakePairs(Value& object, std::string_view name) {
  const Value* map = object.Find(name);
  if (map == nullptr || !map->IsObject()) return;
  if (map->AsObject().empty()) {
    object.Erase(name);
  } else {
    object.Set(name, PairsOf(*map));
  }
}

/// Before 2017-01-01.4.0 a task told with one switch as whom it runs.
void MoveRunElevated(Value& task, ForeignPool& pool) {
  const Value* found = task.Find("runElevated");
  if (found == nullptr) return;
  if (task.Find("userIdentity") != nullptr) {
    pool.left_out.push_back({"startTask.runElevated", "userIdentity takes its place"});
  } else if (*found == Value(true) ||
             (found->IsString() && EqualFolded(found->AsString(), "true"))) {
    task.Set("userIdentity", Object{{"autoUser", Object{{"elevationLevel", "admin"}}}});
  }
  task.Erase("runElevated");
}

void MoveStartTask(Value& task, ForeignPool& pool) {
  if (!task.IsObject()) return;
  MakePairs(task, "environmentSettings");
  MoveRunElevated(task, pool);
  // Since 2018-12-01.8.0.
  ForEachItem(task.Find("resourceFiles"),
              [](Value& file) { MoveUnlessThere(file, "blobSource", "httpUrl"); });
}

/// The kind of a data disk's storage has moved with api-version 2025-06-01.
void MoveStorageKind(Value& disk) {
  const Value* found = disk.Find("storageAccountType");
  if (found == nullptr || disk.Find("managedDisk") != nullptr) return;
  const Value kind = *found;
  disk.Erase("storageAccountType");
  disk.Set("managedDisk", Object{{"storageAccountType", kind}});
}

/// Before 2017-09-01.6.0 images could be blobs.
void LeaveOutImageBlobs(Value& machine, ForeignPool& pool) {
  Value* disk = machine.Find("osDisk");
  if (disk == nullptr || !disk->Erase("imageUris")) return;
  pool.left_out.push_back({"virtualMachineConfiguration.osDisk.imageUris",
                           "the service takes no blobs as images any more; name an image by "
                           "imageReference.virtualMachineImageId"});
  if (disk->AsObject().empty()) machine.Erase("osDisk");
}

void MoveMachine(Value& machine, ForeignPool& pool) {
  if (!machine.IsObject()) return;
  ForEachItem(machine.Find("dataDisks"), MoveStorageKind);
  LeaveOutImageBlobs(machine, pool);
  Value* containers = machine.Find("containerConfiguration");
  if (containers != nullptr && EqualFolded(containers->StringOr("type"), "docker")) {
    containers->Set("type", "dockerCompatible");
  }
}

/// Since 2020-03-01.11.0 addresses stand beside who provides them.
void MovePublicAddresses(Value& network) {
  for (const char* name : {"publicIPs", "publicIps"}) {
    const Value* found = network.Find(name);
    if (found == nullptr || network.Find("publicIPAddressConfiguration") != nullptr) continue;
    const Value addresses = *found;
    network.Erase(name);
    network.Set("publicIPAddressConfiguration",
                Object{{"provision", "usermanaged"}, {"ipAddressIds", addresses}});
  }
}

/// Since 2017-05-01.5.0 keys are of Linux users alone.
void MoveUserKey(Value& user) {
  const Value* found = user.Find("sshPrivateKey");
  if (found == nullptr) return;
  const Value key = *found;
  user.Erase("sshPrivateKey");
  const Value* there = user.Find("linuxUserConfiguration");
  Value linux_user = there != nullptr && there->IsObject() ? *there : Value(Object{});
  linux_user.Set("sshPrivateKey", key);
  user.Set("linuxUserConfiguration", std::move(linux_user));
}

}  // namespace

void MoveOldMembers(ForeignPool& pool) {
  Value& body = pool.body;
  MoveUnlessThere(body, "targetDedicated", "targetDedicatedNodes");  // since 2017-05-01.5.0
  MoveUnlessThere(body, "maxTasksPerNode", "taskSlotsPerNode");      // since 2020-09-01.12.0
  MakePairs(body, "metadata");
  ForEachItem(body.Find("userAccounts"), MoveUserKey);
  if (Value* machine = body.Find("virtualMachineConfiguration")) MoveMachine(*machine, pool);
  if (Value* network = body.Find("networkConfiguration")) MovePublicAddresses(*network);
  if (Value* task = body.Find("startTask")) MoveStartTask(*task, pool);
}

void CompleteApplicationIds(ForeignPool& pool) {
  constexpr std::string_view kWhole =
      "the full id is to be written here: /subscriptions/ID/resourceGroups/GROUP/providers/"
      "Microsoft.Batch/batchAccounts/ACCOUNT/applications/";
  std::size_t at = 0;
  ForEachItem(pool.body.Find("applicationPackageReferences"), [&](Value& package) {
    const std::string path =
        fmt::format("spec.applicationPackageReferences[{}].applicationId", at++);
    const std::string id(package.StringOr("applicationId"));
    if (id.empty() || id.find('/') != std::string::npos) return;
    if (pool.account_id.empty()) {
      pool.comments.push_back({path, std::string(kWhole) + id});
    } else {
      package.Set("applicationId", pool.account_id + "/applications/" + id);
    }
  });
}

}  // namespace reconciler::plan
