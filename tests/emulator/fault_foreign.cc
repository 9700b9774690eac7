#include "tests/emulator/fault_foreign.h"

#include <fmt/format.h>

#include <utility>

#include "tests/emulator/content_type.h"
#include "tests/emulator/json.h"

namespace emulator {

namespace {

constexpr std::string_view kVersion = "2025-06-01";

void Carry(Service& service, const std::string& account, const FaultFacts& facts,
           const char* method, const std::string& path, std::string body) {
  Request request{method,
                  fmt::format("{}?api-version={}", path, kVersion),
                  {{"Content-Type", kBodyType}},
                  std::move(body)};
  service.Carry(account, request, facts.now);
}

/// The pool's metadata with other values; an item where there is none.
std::string OtherMetadata(Service& service, const std::string& account, const std::string& pool) {
  const auto json = ParseJson(service.PoolJson(account, pool));
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

}  // namespace

void ActAsSomebody(const Fault& fault, const FaultFacts& facts, Service& service,
                   const std::string& account, const std::string& pool) {
  if (fault.kind == Fault::Kind::kForeignResize) {
    return service.ResizePool(account, pool, fault.number);
  }
  const std::string path = "/pools/" + PercentEncode(pool);
  const auto patch = [&](std::string body) {
    Carry(service, account, facts, "PATCH", path, std::move(body));
  };
  if (fault.word == "deletes") service.DropPool(account, pool);
  if (fault.word == "recreates") service.RecreatePool(account, pool);
  if (fault.word == "takesName") {
    Carry(service, account, facts, "POST", "/pools", ForeignPool(pool));
  }
  if (fault.word == "stripsMetadata") patch(R"({"metadata":[]})");
  if (fault.word == "changesMetadata") patch(OtherMetadata(service, account, pool));
  if (fault.word == "changesStartTask") {
    patch(R"({"startTask":{"commandLine":"/bin/true of somebody else"}})");
  }
}

}  // namespace emulator
