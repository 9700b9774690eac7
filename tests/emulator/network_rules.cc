#include "tests/emulator/network_rules.h"

#include "tests/emulator/http_text.h"
#include "tests/emulator/nat_rules.h"

namespace emulator {

namespace {

using Broken = std::optional<ApiError>;

Broken CheckSubnet(const std::string& id, const Switches& switches) {
  const std::string lower = Lower(id);
  const bool formed = lower.rfind("/subscriptions/", 0) == 0 &&
                      lower.find("/microsoft.network/virtualnetworks/") != std::string::npos &&
                      lower.find("/subnets/") != std::string::npos;
  if (!formed) return InvalidValue("subnetId", id, "The value is not the id of a subnet");
  if (!switches.reject_subnets) return std::nullopt;
  // Recorded words; the account's subscription stands as zeros.
  return InvalidValue("subnetId", id,
                      "The specified subnetId is in a different subscription and cannot be used "
                      "with the current Batch account in subscription "
                      "00000000-0000-0000-0000-000000000000");
}

/// Source: Batch REST, BatchPublicIpAddressConfiguration and IpAddressProvisioningType; that the
/// two members need each other is inferred.
Broken CheckAddresses(const Json& addresses, const Switches& switches) {
  const bool own = addresses.Text("provision") == "UserManaged";
  const bool named = addresses.Find("ipAddressIds") != nullptr;
  if (own != named && switches.addresses_need_user_managed) {
    return InvalidValue("ipAddressIds", "",
                        own ? "Addresses are required where provision is usermanaged"
                            : "Addresses can only be given where provision is usermanaged");
  }
  const Json* const families = addresses.Find("ipFamilies");
  if (families == nullptr) return std::nullopt;
  const std::string sorted = JsonText(*families);
  if (sorted == R"(["IPv4"])" || sorted == R"(["IPv4","IPv6"])") return std::nullopt;
  return InvalidValue("ipFamilies", sorted, "The value must be IPv4, or IPv4 and IPv6");
}

}  // namespace

std::optional<ApiError> BrokenNetworkRule(const Json& network, const Switches& switches) {
  if (const std::string subnet = network.Text("subnetId"); !subnet.empty()) {
    if (auto broken = CheckSubnet(subnet, switches)) return broken;
  }
  const Json* const addresses = network.Find("publicIPAddressConfiguration");
  if (addresses != nullptr) {
    if (auto broken = CheckAddresses(*addresses, switches)) return broken;
  }
  const Json* const pools = network.At({"endpointConfiguration", "inboundNATPools"});
  if (pools == nullptr) return std::nullopt;
  if (addresses != nullptr && addresses->Text("provision") == "NoPublicIPAddresses") {
    return InvalidValue("endpointConfiguration", "",
                        "NAT pools are not possible without public addresses");
  }
  return BrokenNatRule(*pools->AsList());
}

}  // namespace emulator
