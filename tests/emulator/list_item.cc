#include "tests/emulator/list_item.h"

#include <fmt/format.h>

namespace emulator {

std::string IdMember(const Operation& operation) {
  return operation.name == "listNodeCounts" ? "poolId" : "id";
}

std::optional<Json> ItemOf(Service& service, const Service::Past& past, const Request& request,
                           const std::string& id_member, const std::string& id) {
  const Target target = ParseTarget(request.target);
  Request alone = request;
  alone.target = fmt::format("{}?$filter={}", target.path,
                             PercentEncode(fmt::format("{} eq '{}'", id_member, id)));
  for (const char* const name : {"api-version", "$select"}) {
    const std::string* const value = target.Find(name);
    if (value != nullptr) alone.target += fmt::format("&{}={}", name, PercentEncode(*value));
  }
  const auto body = ParseJson(service.HandleIn(past, alone).body);
  const Json* const items = body ? body->Find("value") : nullptr;
  if (items == nullptr || items->AsList() == nullptr || items->AsList()->empty()) {
    return std::nullopt;
  }
  return items->AsList()->front();
}

}  // namespace emulator
