// Create, get and delete.
#include <fmt/format.h>

#include "tests/emulator/list_options.h"
#include "tests/emulator/member_json.h"
#include "tests/emulator/operations.h"
#include "tests/emulator/pool_json.h"
#include "tests/emulator/pool_rules.h"

namespace emulator {

namespace {

bool NamesWindowsAgent(const Json& body) {
  const Json* const vm = body.Find("virtualMachineConfiguration");
  return vm != nullptr && Lower(vm->Text("nodeAgentSKUId")).find("windows") != std::string::npos;
}

bool Flag(const Json& object, std::string_view name) {
  const Json* const value = object.Find(name);
  return value != nullptr && value->AsBool() != nullptr && *value->AsBool();
}

std::optional<ApiError> CheckScale(const Switches& switches, const Json& settings) {
  const bool automatic = Flag(settings, "enableAutoScale");
  const std::string formula = settings.Text("autoScaleFormula");
  const auto refuse = [&](const char* reason) {
    return ApiError{switches.auto_scale_settings_code, {{"Reason", reason}}};
  };
  if (!automatic) {
    if (settings.Find("autoScaleFormula") != nullptr ||
        settings.Find("autoScaleEvaluationInterval") != nullptr) {
      return refuse("A formula or interval must not be given while enableAutoScale is false");
    }
    return std::nullopt;
  }
  if (settings.Find("targetDedicatedNodes") != nullptr ||
      settings.Find("targetLowPriorityNodes") != nullptr) {
    return refuse("Targets must not be given while enableAutoScale is true");
  }
  if (settings.Find("autoScaleFormula") == nullptr) {
    return refuse("autoScaleFormula is required while enableAutoScale is true");
  }
  return FormulaProblem(formula);
}

/// Moves what is not a setting but the pool's size and identity out of the settings.
Pool MakePool(Json settings) {
  Pool pool;
  const auto take = [&](const char* name) {
    const Json* const value = settings.Find(name);
    std::optional<Json> out = value == nullptr ? std::nullopt : std::optional<Json>{*value};
    settings.Remove(name);
    return out;
  };
  pool.id = *take("id")->AsString();
  if (const auto value = take("targetDedicatedNodes"))
    pool.target[kDedicated] = *value->AsInteger();
  if (const auto value = take("targetLowPriorityNodes")) pool.target[kSpot] = *value->AsInteger();
  if (const auto value = take("resizeTimeout")) {
    pool.resize_timeout = *ParseDuration(*value->AsString());
  }
  if (const auto value = take("enableAutoScale")) pool.auto_scale = *value->AsBool();
  if (const auto value = take("autoScaleFormula")) pool.formula = *value->AsString();
  if (const auto value = take("autoScaleEvaluationInterval")) {
    pool.evaluation_interval = *ParseDuration(*value->AsString());
  }
  pool.settings = std::move(settings);
  return pool;
}

}  // namespace

Reply CreatePool(const Context& context) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  // At every api-version since November 2024. Source: recorded traffic.
  if (body->Find("cloudServiceConfiguration") != nullptr) {
    return Fail("CloudServiceConfigurationRetired");
  }
  BodyProblems problems;
  Json settings =
      NormaliseObject(*body, PoolMember(), context.Normalising(NamesWindowsAgent(*body)), problems);
  if (problems.shape) return Fail(*problems.shape);
  const std::string id = settings.Text("id");
  if (const Pool* const existing = context.account.Find(id)) {
    return Fail(existing->Deleting() ? "PoolBeingDeleted" : "PoolExists");
  }
  if (!ValidPoolId(id)) {
    return Fail(
        InvalidValue("id", id, "The id must have 1 to 64 letters, digits, hyphens or underscores"));
  }
  if (problems.value) return Fail(*problems.value);
  FinishSettings(settings);
  if (auto broken = BrokenRule(context, settings, settings)) return Fail(std::move(*broken));
  if (auto broken = CheckScale(context.config.switches, settings)) return Fail(std::move(*broken));
  const auto quota = static_cast<std::size_t>(context.account.config().pool_quota);
  if (context.account.pools().size() >= quota) return Fail("PoolQuotaReached");
  const Pool& pool = context.account.Add(MakePool(std::move(settings)), context.now);
  Reply reply = Acted(context, 201, pool, "");
  reply.location = reply.data_service_id;
  return reply;
}

Reply GetPool(const Context& context, std::string_view id) {
  const Pool* const pool = context.account.Find(id);
  if (pool == nullptr) return Fail("PoolNotFound");
  auto selection = ReadSelect(context, NamesOf(PoolMember(), context.api_version));
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  if (auto unmet = UnmetCondition(context, *pool, true)) return std::move(*unmet);
  Reply reply;
  reply.etag = pool->etag;
  reply.last_modified = pool->last_modified;
  if (context.request.method == "HEAD") return reply;
  const Selection& names = std::get<Selection>(selection);
  reply.body = fmt::format(R"({{"odata.metadata":"{}/$metadata#pools/@Element")", context.endpoint);
  std::string members;
  AppendPoolMembers(members, *pool, context.api_version, context.endpoint,
                    names ? MaskOf(*names) : MemberMask{});
  if (!members.empty()) reply.body += ',' + members;
  reply.body += '}';
  return reply;
}

Reply DeletePool(const Context& context, std::string_view id) {
  WritablePool found = FindPool(context, id, true);
  if (found.reply) return std::move(*found.reply);
  if (found.pool->Deleting()) return Fail("PoolBeingDeleted");
  context.account.BeginDelete(*found.pool, context.now);
  Reply reply;
  reply.status = 202;
  return reply;
}

}  // namespace emulator
