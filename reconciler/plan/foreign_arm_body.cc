// Members of the management plane. Source: the reference of Microsoft.Batch batchAccounts/pools.
#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "reconciler/core/text.h"
#include "reconciler/plan/foreign_tools.h"
#include "reconciler/plan/import_words.h"

namespace reconciler::plan {
namespace {

/// Copies a member from below `scaleSettings` to the top, where it is there.
void TakeScale(const Value& scale, std::string_view from, std::string_view to, Value& body) {
  if (const Value* found = scale.FindPath(from)) body.Set(to, *found);
}

/// What stands beside the members that are known is not dropped without a word.
void NoteOthers(const Value& body, std::string_view path,
                std::initializer_list<std::string_view> known, std::vector<ImportNote>& left_out) {
  const Value* object = body.FindPath(path);
  if (object == nullptr || !object->IsObject()) return;
  for (const Member& member : object->AsObject()) {
    if (member.value.IsNull()) continue;
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    left_out.push_back({std::string(path) + "." + member.name, "not a member that a spec knows"});
  }
}

void NoteOthersOfScale(const Value& body, std::vector<ImportNote>& left_out) {
  NoteOthers(body, "scaleSettings", {"autoScale", "fixedScale"}, left_out);
  NoteOthers(body, "scaleSettings.autoScale", {"formula", "evaluationInterval"}, left_out);
  NoteOthers(
      body, "scaleSettings.fixedScale",
      {"targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout", "nodeDeallocationOption"},
      left_out);
}

void MoveScale(Value& body) {
  const Value* settings = body.Find("scaleSettings");
  if (settings == nullptr) return;
  const Value scale = *settings;
  body.Erase("scaleSettings");
  if (scale.FindPath("autoScale.formula") != nullptr) body.Set("enableAutoScale", true);
  TakeScale(scale, "autoScale.formula", "autoScaleFormula", body);
  TakeScale(scale, "autoScale.evaluationInterval", "autoScaleEvaluationInterval", body);
  TakeScale(scale, "fixedScale.targetDedicatedNodes", "targetDedicatedNodes", body);
  TakeScale(scale, "fixedScale.targetLowPriorityNodes", "targetLowPriorityNodes", body);
  TakeScale(scale, "fixedScale.resizeTimeout", "resizeTimeout", body);
}

void MoveCertificates(Value& body) {
  const Value* certificates = body.Find("certificates");
  if (certificates == nullptr || !certificates->IsArray()) return;
  Array moved;
  for (Value certificate : certificates->AsArray()) {
    // ".../certificates/sha1-0a0e4f50"
    const std::string id(certificate.StringOr("id"));
    const std::size_t name = id.rfind('/') + 1;
    const std::size_t dash = id.find('-', name);
    if (dash != std::string::npos) {
      certificate.Set("thumbprintAlgorithm", id.substr(name, dash - name));
      certificate.Set("thumbprint", id.substr(dash + 1));
    }
    certificate.Erase("id");
    moved.push_back(std::move(certificate));
  }
  body.Erase("certificates");
  body.Set("certificateReferences", std::move(moved));
}

}  // namespace

Value BodyOfArmPool(const Value& properties, std::vector<ImportNote>& left_out) {
  Value body = properties;
  if (const Value* machine = properties.FindPath("deploymentConfiguration."
                                                 "virtualMachineConfiguration")) {
    body.Set("virtualMachineConfiguration", *machine);
  }
  if (properties.FindPath("deploymentConfiguration.cloudServiceConfiguration") != nullptr) {
    left_out.push_back(
        {"deploymentConfiguration.cloudServiceConfiguration", std::string(kCloudServices)});
  }
  NoteOthers(properties, "deploymentConfiguration",
             {"virtualMachineConfiguration", "cloudServiceConfiguration"}, left_out);
  body.Erase("deploymentConfiguration");
  if (Value* machine = body.Find("virtualMachineConfiguration")) {
    if (Value* image = machine->Find("imageReference")) {
      Rename(*image, "id", "virtualMachineImageId");
    }
  }
  if (const Value* communication = body.Find("interNodeCommunication")) {
    const bool on = communication->IsString() && EqualFolded(communication->AsString(), "Enabled");
    body.Set("enableInterNodeCommunication", on);
    body.Erase("interNodeCommunication");
  }
  Rename(body, "applicationPackages", "applicationPackageReferences");
  if (Value* packages = body.Find("applicationPackageReferences");
      packages && packages->IsArray()) {
    for (Value& package : packages->AsArray()) Rename(package, "id", "applicationId");
  }
  if (properties.FindPath("scaleSettings.fixedScale.nodeDeallocationOption") != nullptr) {
    left_out.push_back({"scaleSettings.fixedScale.nodeDeallocationOption",
                        "write policy.resize.nodeDeallocationOption"});
  }
  NoteOthersOfScale(properties, left_out);
  MoveScale(body);
  if (body.Find("applicationLicenses") != nullptr) {
    left_out.push_back({"applicationLicenses", "only the management plane takes it"});
    body.Erase("applicationLicenses");
  }
  MoveCertificates(body);
  return body;
}

}  // namespace reconciler::plan
