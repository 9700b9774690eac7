#include "tests/emulator/fault_foreign.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "tests/emulator/content_type.h"
#include "tests/emulator/json.h"

namespace emulator {

namespace {

constexpr std::string_view kVersion = "2025-06-01";

struct Somebody {
  Service& service;
  Instant now;
  const std::string& account;
  const std::string& pool;

  void Carry(const char* method, const std::string& path, std::string body) const {
    const Request request{method,
                          fmt::format("{}?api-version={}", path, kVersion),
                          {{"Content-Type", kBodyType}},
                          std::move(body)};
    service.Carry(account, request, now);
  }
  void Patch(std::string body) const {
    Carry("PATCH", "/pools/" + PercentEncode(pool), std::move(body));
  }
};

/// The pool's metadata with other values; an item where there is none.
std::string OtherMetadata(const Somebody& who) {
  const auto json = ParseJson(who.service.PoolJson(who.account, who.pool));
  const Json* const metadata = json ? json->Find("metadata") : nullptr;
  Json::List items;
  if (metadata != nullptr && metadata->AsList() != nullptr) items = *metadata->AsList();
  if (items.empty()) items.emplace_back(Json::Object{{"name", Json(std::string("by"))}});
  for (Json& item : items) item.Set("value", Json(item.Text("value") + " of somebody else"));
  Json body{Json::Object{}};
  body.Set("metadata", Json(std::move(items)));
  return JsonText(body);
}

std::string ForeignPool(const std::string& id) {
  return R"({"id":")" + id +
         R"(","vmSize":"standard_d1_v2","targetDedicatedNodes":1,"virtualMachineConfiguration":{)"
         R"("imageReference":{"publisher":"canonical","offer":"0001-com-ubuntu-server-jammy",)"
         R"("sku":"22_04-lts"},"nodeAgentSKUId":"batch.node.ubuntu 22.04"}})";
}

using Deed = void (*)(const Somebody&);

const std::map<std::string_view, Deed>& Deeds() {
  static const std::map<std::string_view, Deed> kDeeds{
      {"deletes", [](const Somebody& who) { who.service.DropPool(who.account, who.pool); }},
      {"recreates", [](const Somebody& who) { who.service.RecreatePool(who.account, who.pool); }},
      {"takesName",
       [](const Somebody& who) { who.Carry("POST", "/pools", ForeignPool(who.pool)); }},
      {"stripsMetadata", [](const Somebody& who) { who.Patch(R"({"metadata":[]})"); }},
      {"changesMetadata", [](const Somebody& who) { who.Patch(OtherMetadata(who)); }},
      {"changesStartTask", [](const Somebody& who) {
         who.Patch(R"({"startTask":{"commandLine":"/bin/true of somebody else"}})");
       }}};
  return kDeeds;
}

}  // namespace

void ActAsSomebody(const Fault& fault, const FaultFacts& facts, Service& service,
                   const std::string& account, const std::string& pool) {
  if (fault.kind == Fault::Kind::kForeignResize) {
    return service.ResizePool(account, pool, fault.number);
  }
  Deeds().at(fault.word)({service, facts.now, account, pool});
}

}  // namespace emulator
