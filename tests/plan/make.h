// A spec, the pool that it made, and a decision about both, for tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "reconciler/plan/plan.h"
#include "reconciler/plan/write.h"
#include "tests/plan/json_literal.h"

namespace reconciler::plan {

inline constexpr const char* kRenderBody = R"({
  "vmSize": "standard_d2_v3",
  "virtualMachineConfiguration": {"imageReference":
    {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"}},
  "targetDedicatedNodes": 2,
  "startTask": {"commandLine": "hostname"},
  "metadata": [{"name": "team", "value": "render"}]})";

/// A start task with a secret called "token".
inline constexpr const char* kSecretTask =
    R"({"commandLine": "hostname", "environmentSettings": [
        {"name": "TOKEN", "value": {"secretRef": "token"}}]})";

inline Instant At(std::string_view text) { return ParseTime(text).value(); }

inline Position Line(int line, const char* file = "pools/render.yaml") {
  return {.file = std::make_shared<const std::string>(file), .line = line, .column = 3};
}

/// What the service answers for a pool body; `body` holds the members of the answer.
LivePool MakeLive(Value body);
ImageList MakeImages();

/// One pool of account contoso. `live` is what creating `spec` gave; change either, then Decide.
struct OnePool {
  explicit OnePool(std::string_view body = kRenderBody, std::string_view id = "render-linux");
  OnePool(const OnePool&) = delete;
  OnePool& operator=(const OnePool&) = delete;

  /// Reads the spec again, and decides.
  PoolPlan Decide();
  PoolPlan DecideAbsent();
  /// The spec says otherwise: one member, null included.
  void Want(std::string_view member, std::string_view json);
  void WantNothingOf(std::string_view member) { spec.body.Erase(member); }
  /// Somebody moved the live pool: one member of the answer.
  void Set(std::string_view member, std::string_view json);
  /// The live pool is what the spec says, and this process has seen it.
  void Remember();
  /// The body of the first step of that kind in `plan`.
  WriteIntent Write(const PoolPlan& plan, StepKind kind, bool record_reduced = false);
  /// As if that write had been done.
  void Done(const WriteIntent& intent);

  PoolSpec spec;
  SecretBook secrets;
  ImageList images;
  DecideContext context;
  PreparedSpec prepared;
  LivePool live;
  Ownership ownership = Ownership::kOurs;
  PoolMemory memory;
};

const Change* FindChange(const std::vector<Change>& changes, std::string_view path);
const Hold* FindHold(const PoolPlan& plan, Reason reason);
/// "patch, resize".
std::string StepsOf(const PoolPlan& plan);
/// The text of one metadata item of a body; empty if there is none.
std::string ItemOf(const Value& body, std::string_view name);

}  // namespace reconciler::plan
