#include "tests/doors/foreign_call.h"

namespace doors {

emulator::Response ForeignCall(emulator::Service& service, const std::string& method,
                               const std::string& path, const std::string& body,
                               std::string_view api_version) {
  emulator::Request request;
  request.method = method;
  request.target = path + "?api-version=" + std::string(api_version);
  request.headers = {{"Host", "demo.local"}, {"Authorization", "SharedKey demo:x"}};
  if (method != "GET") {
    request.headers.emplace_back("Content-Length", std::to_string(body.size()));
    request.headers.emplace_back("Content-Type", "application/json; odata=minimalmetadata");
  }
  request.body = body;
  return service.Handle(request);
}

}  // namespace doors
