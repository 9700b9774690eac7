#include "tests/emulator/hidden_writes.h"

#include <algorithm>
#include <utility>

#include "tests/emulator/fault_answer.h"
#include "tests/emulator/json.h"
#include "tests/emulator/list_item.h"
#include "tests/emulator/skip_token.h"

namespace emulator {

void HiddenWrites::Add(const std::string& account, const std::string& pool, Service::Past before,
                       Instant until) {
  pools_.push_back({account, pool, std::move(before), until});
}

Response HiddenWrites::Without(Service& service, const Operation& operation, const Request& request,
                               Response fresh, Instant now) {
  std::erase_if(pools_, [&](const Hidden& hidden) { return hidden.until <= now; });
  if (pools_.empty() || operation.write || operation.token) return fresh;
  const std::string account = service.AccountOf(request);
  const bool list = operation.name == "listPools" || operation.name == "listNodeCounts";
  for (const Hidden& hidden : pools_) {
    if (!EqualsIgnoringCase(hidden.account, account)) continue;
    if (EqualsIgnoringCase(hidden.pool, operation.pool)) {
      return service.HandleIn(hidden.before, request);
    }
    if (list) Replace(service, operation, request, hidden, fresh);
  }
  return fresh;
}

void HiddenWrites::Replace(Service& service, const Operation& operation, const Request& request,
                           const Hidden& hidden, Response& page) {
  const std::string name = IdMember(operation);
  auto body = ParseJson(page.body);
  const Json* const value = body ? body->Find("value") : nullptr;
  if (value == nullptr || value->AsList() == nullptr) return;
  Json::List items = *value->AsList();
  const std::string key = Lower(hidden.pool);
  auto place = std::find_if(items.begin(), items.end(),
                            [&](const Json& item) { return Lower(item.Text(name)) >= key; });
  const bool shown = place != items.end() && Lower(place->Text(name)) == key;
  const Target target = ParseTarget(request.target);
  const std::string* const token = target.Find("$skiptoken");
  const bool behind_token = token == nullptr || KeyInSkipToken(*token).value_or("") < key;
  const bool before_end = place != items.end() || body->Find("odata.nextLink") == nullptr;
  if (shown) place = items.erase(place);
  const auto old = ItemOf(service, hidden.before, request, name, hidden.pool);
  if (old && (shown || (behind_token && before_end))) items.insert(place, *old);
  body->Set("value", Json(std::move(items)));
  SetBody(page, JsonText(*body));
}

}  // namespace emulator
