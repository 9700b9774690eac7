// Rules on the network of the nodes and their public addresses.
#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "reconciler/core/text.h"
#include "reconciler/spec/rule_context.h"
#include "reconciler/spec/validate.h"

namespace reconciler::spec {
namespace {

constexpr std::string_view kAddresses = "spec.networkConfiguration.publicIPAddressConfiguration";

void CheckSubnet(RuleContext& context, const Node& network) {
  const NodeMember* subnet = FindMemberAt(network, "subnetId");
  if (subnet == nullptr) return;
  const std::string path = "spec.networkConfiguration.subnetId";
  if (context.options().shared_key) {
    context.Error(subnet->place, path,
                  "a subnet needs Entra ID, and this account signs in with its key: auth of the "
                  "configuration has clientSecret, clientCertificate, workloadIdentity and "
                  "managedIdentity");
  }
  static const std::regex kForm(
      "/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\\.Network/virtualNetworks/"
      "[^/]+/subnets/[^/]+",
      std::regex::icase);
  constexpr std::size_t kIdMax = 512;
  if (!subnet->value.IsString() || subnet->value.text.size() > kIdMax) return;
  if (std::regex_match(subnet->value.text, kForm)) return;
  context.Error(subnet->value.place, path,
                fmt::format("expected the ARM id of a subnet, /subscriptions/ID/resourceGroups/"
                            "GROUP/providers/Microsoft.Network/virtualNetworks/NETWORK/subnets/"
                            "NAME, found {}",
                            ShowValue(subnet->value)));
}

/// One address serves so many dedicated, or so many Spot nodes.
void CheckAddressCount(RuleContext& context, const NodeMember& ids) {
  constexpr std::int64_t kNodesPerAddress = 100;
  std::int64_t needed = 0;
  for (const std::string_view target : {"targetDedicatedNodes", "targetLowPriorityNodes"}) {
    const Node* count = FindPath(context.spec(), target);
    if (IsInteger(count)) needed += (count->integer + kNodesPerAddress - 1) / kNodesPerAddress;
  }
  const auto addresses = static_cast<std::int64_t>(ItemsOf(&ids.value).size());
  if (addresses == 0 || needed <= addresses) return;
  context.Warning(ids.place, fmt::format("{}.ipAddressIds", kAddresses),
                  fmt::format("has {} of the {} addresses that the targets need: each serves {} "
                              "dedicated or {} Spot nodes",
                              addresses, needed, kNodesPerAddress, kNodesPerAddress));
}

void CheckAddresses(RuleContext& context, const Node& addresses) {
  const NodeMember* provision = FindMemberAt(addresses, "provision");
  const bool own = provision != nullptr && IsText(&provision->value, "usermanaged");
  const NodeMember* ids = FindMemberAt(addresses, "ipAddressIds");
  const bool some = ids != nullptr && !ItemsOf(&ids->value).empty();
  if (own && !some) {
    context.Warning(provision->place, fmt::format("{}.provision", kAddresses),
                    "usermanaged needs the addresses in ipAddressIds");
  }
  if (some && !own) {
    context.Warning(ids->place, fmt::format("{}.ipAddressIds", kAddresses),
                    "has no effect without provision: usermanaged");
  }
  if (some && own) CheckAddressCount(context, *ids);
  const NodeMember* families = FindMemberAt(addresses, "ipFamilies");
  if (families == nullptr || ItemsOf(&families->value).empty()) return;
  const std::vector<Node>& items = families->value.items;
  const auto count = [&items](std::string_view family) {
    return std::count_if(items.begin(), items.end(),
                         [family](const Node& item) { return IsText(&item, family); });
  };
  if (count("IPv4") == 1 && count("IPv6") <= 1) return;
  context.Warning(families->place, fmt::format("{}.ipFamilies", kAddresses),
                  "the service knows [IPv4] and [IPv4, IPv6]");
}

}  // namespace

void CheckNetworkRules(RuleContext& context) {
  const Node* network = FindPath(context.spec(), "networkConfiguration");
  if (network == nullptr) return;
  CheckSubnet(context, *network);
  const Node* addresses = network->FindValue("publicIPAddressConfiguration");
  if (addresses != nullptr) CheckAddresses(context, *addresses);
}

}  // namespace reconciler::spec
