#include "tests/daemon/stage.h"

#include <doctest/doctest.h>

#include <chrono>
#include <utility>

#include "daemon/endpoint.h"
#include "daemon/system_clock.h"
#include "reconciler/batch/client.h"
#include "reconciler/batch/curl_transport.h"
#include "reconciler/batch/shared_key.h"
#include "reconciler/core/random.h"

namespace reconciler::daemon {

using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

std::vector<std::string> EmulatorArguments(const std::string& config_file, Wire wire,
                                           const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"--port", "0", "--time-scale", "10", "--config", config_file};
  if (wire == Wire::kTls) arguments.insert(arguments.end(), {"--tls", "--tls-ca-file", "ca.pem"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

Stage::Stage(const std::string& emulator_config, Wire wire, const std::vector<std::string>& more)
    : emulator_(EMULATOR_BINARY,
                EmulatorArguments(folder_.Write("emulator.yaml", emulator_config), wire, more),
                folder_.path()) {
  REQUIRE(emulator_.WaitForOutput("\n"));
  const std::string out = emulator_.out();
  const std::size_t at = out.find("http");
  REQUIRE(at != std::string::npos);
  endpoint_ = out.substr(at, out.find('\n') - at);
  for (int byte = 0; byte < 64; ++byte) key_ += static_cast<char>(byte);
  // The same bytes in base64: the emulator's well-known key is public.
  folder_.Write("demo.key",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7"
                "PD0+Pw==\n");
  WriteConfig("");
}

void Stage::WriteConfig(const std::string& more, const std::string& auth) const {
  folder_.Write("poolkeeper.yaml",
                "apiVersion: poolkeeper/v1\nkind: Config\nowner: test\ninterval: 1s\n"
                "source: {path: specs, id: test}\nstate: state\n" +
                    more + "accounts:\n  - name: demo\n    endpoint: " + endpoint_ +
                    "\n    allowCustomEndpoint: true\n    mode: manage\n"
                    "    auth: {" +
                    auth + "}\n");
}

void Stage::WritePool(const std::string& name, int nodes, const std::string& more) const {
  folder_.Write("specs/" + name + ".yaml",
                "apiVersion: poolkeeper/v1\nkind: Pool\nmetadata: {name: " + name +
                    "}\nspec:\n  vmSize: standard_d2_v3\n  virtualMachineConfiguration:\n"
                    "    imageReference: {publisher: canonical, offer: "
                    "0001-com-ubuntu-server-jammy, sku: 22_04-lts}\n  targetDedicatedNodes: " +
                    std::to_string(nodes) + "\n" + more);
}

std::unique_ptr<Process> Stage::Start(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {"--config", "poolkeeper.yaml"});
  return std::make_unique<Process>(arguments, folder_.path());
}

Outcome Stage::Run(std::vector<std::string> arguments) const {
  const auto process = Start(std::move(arguments));
  const int code = process->Wait();
  return {code, process->out(), process->err()};
}

bool Stage::BecomesReady() const {
  const auto end = steady_clock::now() + seconds(30);
  while (Run({"status", "--fresh"}).code != 0) {
    if (steady_clock::now() > end) return false;
  }
  return true;
}

void Stage::SendBehindOurBack(batch::Write write) const {
  SystemClock clock;
  SeededRandom random(1);
  batch::SharedKeyCredential key("demo", Secret(key_));
  const auto transport = batch::CurlTransport::Create({}, clock);
  REQUIRE(transport);
  const auto endpoint = ParseEndpoint(endpoint_, true);
  REQUIRE(endpoint);
  batch::Client client({"demo", *endpoint}, key, **transport, clock, random);
  const auto answers = client.Send({std::move(write)}, Tick{}, {});
  REQUIRE(answers.front());
}

void Stage::PatchBehindOurBack(const std::string& pool, const std::string& body) const {
  batch::Write patch;
  patch.kind = batch::Write::Kind::kPatch;
  patch.pool_id = pool;
  patch.body = body;
  SendBehindOurBack(std::move(patch));
}

void Stage::ResizeBehindOurBack(const std::string& pool, int nodes) const {
  batch::Write resize;
  resize.kind = batch::Write::Kind::kResize;
  resize.pool_id = pool;
  resize.body =
      "{\"targetDedicatedNodes\": " + std::to_string(nodes) + ", \"targetLowPriorityNodes\": 0}";
  SendBehindOurBack(std::move(resize));
}

}  // namespace reconciler::daemon
