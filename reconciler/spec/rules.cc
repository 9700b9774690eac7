#include "reconciler/spec/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "reconciler/core/text.h"
#include "reconciler/spec/formula_rules.h"
#include "reconciler/spec/validate.h"

namespace reconciler::spec {
namespace {

/// Follows member names separated by dots; nullptr if one is absent or null.
const Node* FindPath(const Node& node, std::string_view dotted) {
  const Node* found = &node;
  for (const std::string_view name : SplitText(dotted, '.')) {
    found = found->FindValue(name);
    if (found == nullptr) return nullptr;
  }
  return found;
}

const std::vector<Node>& ItemsOf(const Node* list) {
  static const std::vector<Node> kNone;
  return list != nullptr && list->IsList() ? list->items : kNone;
}

class Rules {
 public:
  /// `newest`: policy.image.newest, as a member of its parent; nullptr where it is not used.
  Rules(const Node& spec, const NodeMember* newest, const RuleOptions& options, FindingSink& sink)
      : spec_(spec), newest_(newest), options_(options), sink_(sink) {}

  void Run() {
    CheckScale();
    CheckImage();
    CheckSubnet();
    CheckResourceFiles();
    CheckUserAccounts();
    CheckNatPools();
    CheckUefi();
  }

 private:
  /// The key of a member of the spec, if it has a value.
  const NodeMember* Named(std::string_view name) const {
    const NodeMember* member = spec_.FindMember(name);
    return member == nullptr || member->value.IsNull() ? nullptr : member;
  }

  void Report(const Place& place, std::string path, std::string_view text) {
    std::string message = fmt::format("{}: {}", path, text);
    sink_.Error(place, std::move(path), std::move(message));
  }

  void CheckScale() {
    const NodeMember* auto_scale = Named("enableAutoScale");
    const bool is_auto = auto_scale != nullptr && auto_scale->value.kind == NodeKind::kBool &&
                         auto_scale->value.boolean;
    const NodeMember* formula = Named("autoScaleFormula");
    if (!is_auto && formula != nullptr) {
      Report(formula->place, "spec.autoScaleFormula", "goes only with enableAutoScale: true");
    }
    if (!is_auto) return;
    if (formula == nullptr) {
      Report(auto_scale->place, "spec.enableAutoScale", "true needs an autoScaleFormula");
    } else {
      CheckFormula(*formula, sink_);
    }
    for (const std::string_view target : {"targetDedicatedNodes", "targetLowPriorityNodes"}) {
      const NodeMember* member = Named(target);
      if (member == nullptr) continue;
      Report(member->place, fmt::format("spec.{}", target),
             "does not go together with enableAutoScale: true; the formula sets the targets");
    }
  }

  void CheckImage() {
    const Node* machine = FindPath(spec_, "virtualMachineConfiguration");
    const Node* image = machine == nullptr ? nullptr : machine->FindValue("imageReference");
    if (image == nullptr || !image->IsMap()) return;
    constexpr std::array<std::string_view, 3> kGalleryIds = {
        "virtualMachineImageId", "sharedGalleryImageId", "communityGalleryImageId"};
    const std::string machine_path = "spec.virtualMachineConfiguration";
    CheckSku(*image, machine_path + ".imageReference");
    for (const std::string_view name : kGalleryIds) {
      const NodeMember* id = image->FindMember(name);
      if (id == nullptr || id->value.IsNull()) continue;
      if (options_.shared_key) {
        Report(
            id->place, fmt::format("{}.imageReference.{}", machine_path, name),
            "an image of a gallery needs Entra ID, and this account signs in with its key: auth of "
            "the configuration has clientSecret, clientCertificate, workloadIdentity and "
            "managedIdentity");
      }
      if (machine->FindValue("nodeAgentSKUId") != nullptr) continue;
      Report(id->place, machine_path + ".nodeAgentSKUId",
             "must be written beside an image of a gallery: the service's list does not have it");
    }
  }

  /// The SKU of a marketplace image stands in the spec, or is left to policy.image.newest.
  void CheckSku(const Node& image, const std::string& path) {
    const NodeMember* sku = image.FindMember("sku");
    const bool named = sku != nullptr && !sku->value.IsNull();
    if (newest_ == nullptr) {
      if (named || image.FindValue("publisher") == nullptr) return;
      const std::string sku_path = path + ".sku";
      sink_.Error(sku == nullptr ? image.place : sku->place, sku_path,
                  sku_path +
                      " is missing: SKU of a marketplace image; write it, or set "
                      "policy.image.newest");
      return;
    }
    if (named) {
      Report(sku->place, path + ".sku",
             "does not go together with policy.image.newest; leave one out (newest: null takes an "
             "inherited one away)");
    } else if (image.FindValue("publisher") == nullptr) {
      Report(newest_->place, "policy.image.newest",
             "picks among marketplace images; imageReference must name publisher and offer");
    }
    const NodeMember* version = image.FindMember("version");
    if (version == nullptr || version->value.IsNull()) return;
    if (EqualFolded(version->value.text, "latest")) return;
    Report(version->place, path + ".version",
           "belongs to one SKU and does not go together with policy.image.newest; leave it out");
  }

  void CheckSubnet() {
    const Node* network = FindPath(spec_, "networkConfiguration");
    const NodeMember* subnet = network == nullptr ? nullptr : network->FindMember("subnetId");
    if (subnet == nullptr || subnet->value.IsNull() || !options_.shared_key) return;
    Report(
        subnet->place, "spec.networkConfiguration.subnetId",
        "a subnet needs Entra ID, and this account signs in with its key: auth of the "
        "configuration has clientSecret, clientCertificate, workloadIdentity and managedIdentity");
  }

  void CheckResourceFiles() {
    const std::vector<Node>& files = ItemsOf(FindPath(spec_, "startTask.resourceFiles"));
    for (std::size_t i = 0; i < files.size(); ++i) {
      const Node* path = files[i].FindValue("filePath");
      if (path == nullptr || !path->IsString()) continue;
      const std::vector<std::string_view> parts = SplitText(path->text, '/');
      const bool leaves = std::find(parts.begin(), parts.end(), "..") != parts.end();
      if (!leaves && !path->text.starts_with('/')) continue;
      Report(path->place, fmt::format("spec.startTask.resourceFiles[{}].filePath", i),
             fmt::format("{} must be relative and must not leave the folder by '..'",
                         ShowValue(*path)));
    }
  }

  void CheckUserAccounts() {
    const std::vector<Node>& users = ItemsOf(FindPath(spec_, "userAccounts"));
    for (std::size_t i = 0; i < users.size(); ++i) {
      const Node* linux_user = users[i].FindValue("linuxUserConfiguration");
      if (linux_user == nullptr || !linux_user->IsMap()) continue;
      const Node* uid = linux_user->FindValue("uid");
      const Node* gid = linux_user->FindValue("gid");
      if ((uid == nullptr) == (gid == nullptr)) continue;
      Report((uid != nullptr ? uid : gid)->place,
             fmt::format("spec.userAccounts[{}].linuxUserConfiguration", i),
             "uid and gid go together; write both or none");
    }
  }

  void CheckNatPools() {
    const std::string base = "spec.networkConfiguration.endpointConfiguration.inboundNATPools";
    const std::vector<Node>& pools =
        ItemsOf(FindPath(spec_, std::string_view(base).substr(std::string_view("spec.").size())));
    std::map<std::int64_t, const Node*> ports;
    std::map<std::int64_t, const Node*> priorities;
    for (std::size_t i = 0; i < pools.size(); ++i) {
      const std::string path = fmt::format("{}[{}]", base, i);
      CheckUnique(pools[i].FindValue("backendPort"), ports, path + ".backendPort");
      CheckPortRange(pools[i], path);
      const std::vector<Node>& rules = ItemsOf(pools[i].FindValue("networkSecurityGroupRules"));
      for (std::size_t k = 0; k < rules.size(); ++k) {
        CheckUnique(rules[k].FindValue("priority"), priorities,
                    fmt::format("{}.networkSecurityGroupRules[{}].priority", path, k));
      }
    }
  }

  /// Twice within one list of rules is the table's to report.
  void CheckUnique(const Node* number, std::map<std::int64_t, const Node*>& seen,
                   const std::string& path) {
    if (number == nullptr || number->kind != NodeKind::kInt) return;
    const auto [entry, is_new] = seen.try_emplace(number->integer, number);
    if (is_new) return;
    Report(number->place, path,
           fmt::format("{} is used twice in the pool, first in line {}", number->text,
                       entry->second->place.line));
  }

  void CheckPortRange(const Node& pool, const std::string& path) {
    constexpr std::int64_t kFirstReserved = 29876;
    constexpr std::int64_t kLeastPorts = 40;
    const Node* backend = pool.FindValue("backendPort");
    if (backend != nullptr && backend->kind == NodeKind::kInt &&
        (backend->integer == kFirstReserved || backend->integer == kFirstReserved + 1)) {
      Report(backend->place, path + ".backendPort", "29876 and 29877 are reserved by the service");
    }
    const Node* start = pool.FindValue("frontendPortRangeStart");
    const Node* end = pool.FindValue("frontendPortRangeEnd");
    if (start == nullptr || end == nullptr) return;
    if (start->kind != NodeKind::kInt || end->kind != NodeKind::kInt) return;
    if (end->integer - start->integer + 1 < kLeastPorts) {
      Report(end->place, path + ".frontendPortRangeEnd",
             fmt::format("the range {} to {} has less than {} ports", start->text, end->text,
                         kLeastPorts));
    } else if (start->integer <= 55000 && end->integer >= 50000) {
      Report(start->place, path + ".frontendPortRangeStart",
             fmt::format("the range {} to {} meets 50000 to 55000, which the service reserves",
                         start->text, end->text));
    }
  }

  void CheckUefi() {
    const Node* profile = FindPath(spec_, "virtualMachineConfiguration.securityProfile");
    if (profile == nullptr || profile->FindValue("uefiSettings") == nullptr) return;
    if (profile->FindValue("securityType") != nullptr) return;
    Report(profile->FindMember("uefiSettings")->place,
           "spec.virtualMachineConfiguration.securityProfile.uefiSettings", "needs a securityType");
  }

  const Node& spec_;
  const NodeMember* newest_;
  const RuleOptions& options_;
  FindingSink& sink_;
};

const NodeMember* FindNewest(const Node& document) {
  const Node* image = FindPath(document, "policy.image");
  const NodeMember* newest = image == nullptr ? nullptr : image->FindMember("newest");
  return newest == nullptr || newest->value.IsNull() ? nullptr : newest;
}

}  // namespace

void CheckReservedMetadata(const Node& document, FindingSink& sink) {
  constexpr std::string_view kReserved = "poolkeeper.";
  const std::vector<Node>& items = ItemsOf(FindPath(document, "spec.metadata"));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Node* name = items[i].FindValue("name");
    if (name == nullptr || !name->IsString()) continue;
    if (!FoldCase(name->text).starts_with(kReserved)) continue;
    const std::string path = fmt::format("spec.metadata[{}].name", i);
    sink.Error(name->place, path,
               fmt::format("{}: '{}' is reserved; names that begin with 'poolkeeper.' are written "
                           "by poolkeeper alone",
                           path, name->text));
  }
}

void CheckRules(const Node& document, const RuleOptions& options, FindingSink& sink) {
  CheckReservedMetadata(document, sink);
  const Node* spec = document.FindValue("spec");
  if (spec != nullptr && spec->IsMap()) Rules(*spec, FindNewest(document), options, sink).Run();
}

}  // namespace reconciler::spec
