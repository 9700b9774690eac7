#include "tests/emulator/security_rules.h"

namespace emulator {

namespace {

/// Source: Batch REST, HostEndpointSettingsModeTypes.
bool IsTwofold(const Json* endpoint) {
  return endpoint != nullptr && endpoint->Text("mode") == "Enforce" &&
         endpoint->Find("inVMAccessControlProfileReferenceId") != nullptr;
}

}  // namespace

std::optional<ApiError> BrokenSecurityRule(const Json& profile) {
  // Source: Batch REST, SecurityProfile.securityType.
  if (profile.Find("uefiSettings") != nullptr && profile.Find("securityType") == nullptr) {
    return ApiError{
        "InvalidPropertyValue",
        {{"PropertyName", "uefiSettings"}, {"Reason", "The property needs a securityType"}}};
  }
  for (const char* const name : {"imds", "wireServer"}) {
    if (!IsTwofold(profile.At({"proxyAgentSettings", name}))) continue;
    return ApiError{"InvalidPropertyValue",
                    {{"PropertyName", "inVMAccessControlProfileReferenceId"},
                     {"Reason", "The property must not be given while mode is Enforce"}}};
  }
  return std::nullopt;
}

}  // namespace emulator
