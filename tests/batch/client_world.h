// A client over a scripted transport, for tests of what it sends and reads.
#pragma once

#include <string>
#include <utility>

#include "reconciler/batch/client.h"
#include "reconciler/batch/shared_key.h"
#include "reconciler/core/random.h"
#include "tests/batch/scripted_transport.h"
#include "tests/batch/test_clocks.h"

namespace reconciler::batch {

struct ClientWorld {
  explicit ClientWorld(ScriptedTransport::Script script)
      : transport(std::move(script)),
        client({"demo", {"https", "demo.batch.azure.com", 443}}, credential, transport, clock,
               random) {}

  SharedKeyCredential credential{"demo", Secret("0123456789")};
  FakeClock clock;
  SeededRandom random{1};
  ScriptedTransport transport;
  Client client;
};

/// The value of a request's header; "(absent)" where it has none.
inline std::string Header(const HttpRequest& request, const std::string& name) {
  for (const auto& [known, value] : request.headers) {
    if (known == name) return value;
  }
  return "(absent)";
}

}  // namespace reconciler::batch
