// Keeps events as lines, and a digest over all of them.
#pragma once

#include <string>
#include <vector>

#include "reconciler/core/digest.h"
#include "reconciler/core/event.h"
#include "reconciler/core/ports.h"

namespace doors {

class TraceSink final : public reconciler::EventSink {
 public:
  void Emit(const reconciler::Event& event) override {
    events.push_back(event);
    digest_ = reconciler::Base64Url(reconciler::Sha256(digest_ + Line(event)));
  }
  static std::string Line(const reconciler::Event& event) {
    std::string line(reconciler::TextOf(event.kind).name);
    for (const std::string& part :
         {event.account, event.cycle, event.pool, event.property, event.action,
          std::string(reconciler::ReasonName(event.reason)),
          std::string(reconciler::CauseName(event.cause)), event.detail, event.revision}) {
      line += " | " + part;
    }
    for (const auto& [name, value] : event.fields) line += " | " + name + "=" + value;
    return line;
  }
  std::size_t Count(reconciler::EventKind kind) const {
    std::size_t count = 0;
    for (const auto& event : events) count += event.kind == kind ? 1 : 0;
    return count;
  }
  const std::string& digest() const { return digest_; }

  std::vector<reconciler::Event> events;

 private:
  std::string digest_;
};

}  // namespace doors
