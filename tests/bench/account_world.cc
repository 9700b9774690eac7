#include "tests/bench/account_world.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "reconciler/batch/shared_key.h"
#include "reconciler/core/digest.h"

namespace bench {

using namespace reconciler;

std::vector<HttpAnswer> CountingTransport::SendAll(const Endpoint& endpoint,
                                                   std::vector<HttpRequest> requests,
                                                   const ExchangeLimits& limits,
                                                   std::stop_token stop) {
  sent += requests.size();
  for (const HttpRequest& request : requests) {
    if (request.method == "GET") targets.push_back(request.target);
  }
  return inner_.SendAll(endpoint, std::move(requests), limits, std::move(stop));
}

std::shared_ptr<const SpecSnapshot> MakeSpecs(int pools) {
  auto specs = std::make_shared<SpecSnapshot>();
  specs->revision = "sha256:0123456789ab";
  specs->complete = true;
  const auto file = std::make_shared<const std::string>("pools/all.yaml");
  for (int i = 0; i < pools; ++i) {
    PoolSpec spec;
    spec.id = fmt::format("pool-{:05}", i);
    spec.account = "demo";
    spec.position = {file, i * 20 + 4, 9};
    const Value image =
        Object{{"publisher", "canonical"}, {"offer", "ubuntuserver"}, {"sku", "18.04-lts"}};
    spec.body = Object{{"vmSize", "STANDARD_D2_V3"},
                       {"virtualMachineConfiguration", Object{{"imageReference", image}}},
                       {"targetDedicatedNodes", 1},
                       {"taskSlotsPerNode", 2},
                       {"startTask", Object{{"commandLine", "printenv AZ_BATCH_NODE_STARTUP_DIR"},
                                            {"waitForSuccess", true}}},
                       {"metadata", Array{Object{{"name", "team"}, {"value", "render"}},
                                          Object{{"name", "cost-center"}, {"value", "4711"}}}}};
    spec.digest = spec.id;
    specs->pools.push_back(std::move(spec));
  }
  return specs;
}

Secret WellKnownKey() {
  std::string bytes;
  for (int byte = 0; byte < 64; ++byte) bytes += static_cast<char>(byte);
  return Secret(bytes);
}

AccountWorld::AccountWorld(std::uint16_t port, int requests_in_flight) {
  auto made = batch::CurlTransport::Create({}, clock);
  if (!made) throw std::runtime_error(made.error().message);
  curl = std::move(*made);
  transport.emplace(*curl);
  cycle::AccountConfig config;
  config.name = "demo";
  config.endpoint = {"http", "127.0.0.1", port};
  config.identity = {"bench", "specs"};
  config.requests_in_flight = requests_in_flight;
  account.emplace(config, std::make_unique<batch::SharedKeyCredential>("demo", WellKnownKey()));
}

const cycle::CycleReport& AccountWorld::Run(const std::shared_ptr<const SpecSnapshot>& specs) {
  Doors doors{*transport, clock, random, state, secrets, events};
  last = cycle::RunCycle(*account, specs, doors, {}, {});
  if (!last.observed) {
    throw std::runtime_error(last.failure ? last.failure->message : "account not observed");
  }
  return last;
}

}  // namespace bench
