// SharedKey signatures.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/api_error.h"
#include "tests/emulator/service.h"

namespace emulator {

/// `SharedKey account:signature`; nothing when the header is not of that form.
struct SharedKeyHeader {
  std::string account, signature;
};
std::optional<SharedKeyHeader> ParseSharedKey(std::string_view authorization);

/// The twelve lines over the headers as they came, the ocp- headers and the resource.
/// `lower_names`: query names in lower case, as most clients sign them; else as spelled.
std::string StringToSign(const Request& request, std::string_view account, bool lower_names);
/// Base64 of the HMAC-SHA256; nothing when the key is not base64.
std::optional<std::string> Sign(std::string_view text, std::string_view base64_key);

/// Checks signature and date against an account. Dates may be 15 minutes off.
std::optional<ApiError> AuthenticationProblem(const Request& request, const SharedKeyHeader& header,
                                              const AccountConfig& account, Instant wall);

}  // namespace emulator
