// Enable, disable and evaluate autoscale.
#include <fmt/format.h>

#include "tests/emulator/operations.h"
#include "tests/emulator/pool_json.h"
#include "tests/emulator/pool_rules.h"

namespace emulator {

namespace {

/// Not more often than this per pool. Source: Batch REST, Pool - Enable Auto Scale.
constexpr std::chrono::seconds kEnablePause{30};

struct ScaleBody {
  std::optional<std::string> formula;
  std::optional<Duration> interval;
  BodyProblems problems;
};

ScaleBody ReadBody(const Context& context, const Json& body, bool evaluate) {
  ScaleBody out;
  const NormaliseContext normalising = context.Normalising(false);
  for (const JsonMember& sent : *body.AsObject()) {
    if (LeftOut(sent, normalising, out.problems)) continue;
    const bool known = sent.name == "autoScaleFormula" ||
                       (!evaluate && sent.name == "autoScaleEvaluationInterval");
    const Member* const row = known ? PoolMember().Child(sent.name) : nullptr;
    if (!Accepts(row, sent.name, normalising, out.problems)) continue;
    const auto value = NormaliseValue(sent.value, *row, normalising, out.problems);
    if (!value) continue;
    if (sent.name == "autoScaleFormula") {
      out.formula = *value->AsString();
    } else {
      out.interval = ParseDuration(*value->AsString());
    }
  }
  return out;
}

/// Of a pool that need not have a formula yet.
std::optional<ApiError> EnableProblem(const Pool& pool, const ScaleBody& read) {
  if (read.problems.value) return read.problems.value;
  if (!pool.auto_scale && !read.formula) return MissingProperty("autoScaleFormula");
  return read.formula ? FormulaProblem(*read.formula) : std::nullopt;
}

std::optional<ApiError> EnableForbidden(const Context& context, const Pool& pool) {
  if (pool.Deleting()) return ApiError{"PoolBeingDeleted", {}};
  if (pool.allocation == Allocation::kResizing) return ApiError{"PoolBeingResized", {}};
  if (pool.last_enabled && context.now - *pool.last_enabled < kEnablePause) {
    return ApiError{"TooManyEnableAutoScaleRequests", {}};
  }
  return std::nullopt;
}

}  // namespace

Reply EnableAutoScale(const Context& context, std::string_view id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  const ScaleBody read = ReadBody(context, *body, false);
  if (read.problems.shape) return Fail(*read.problems.shape);
  if (!read.formula && !read.interval && !read.problems.value) {
    return Fail(MissingProperty("autoScaleFormula and/or autoScaleEvaluationInterval"));
  }
  WritablePool found = FindPool(context, id, true);
  if (found.reply) return std::move(*found.reply);
  Pool& pool = *found.pool;
  if (auto problem = EnableProblem(pool, read)) return Fail(*std::move(problem));
  if (auto forbidden = EnableForbidden(context, pool)) return Fail(*std::move(forbidden));
  if (!pool.auto_scale) pool.evaluation_interval = std::chrono::minutes{15};
  if (read.formula) pool.formula = *read.formula;
  if (read.interval) pool.evaluation_interval = *read.interval;
  context.account.EnableAutoScale(pool, context.now);
  return Acted(context, 200, pool, "enableautoscale");
}

Reply DisableAutoScale(const Context& context, std::string_view id) {
  WritablePool found = FindPool(context, id, false);
  if (found.reply) return std::move(*found.reply);
  Pool& pool = *found.pool;
  if (pool.Deleting()) return Fail("PoolBeingDeleted");
  if (!pool.auto_scale) {
    return Fail(ApiError{context.config.switches.wrong_state_code,
                         {{"Reason", "Automatic scaling is not enabled on the pool"}}});
  }
  context.account.DisableAutoScale(pool, context.now);
  return Acted(context, 200, pool, "disableautoscale");
}

Reply EvaluateAutoScale(const Context& context, std::string_view id) {
  const auto body = BodyObject(context);
  if (!body) return Fail(NotAnObject(context));
  const ScaleBody read = ReadBody(context, *body, true);
  if (read.problems.shape) return Fail(*read.problems.shape);
  if (!read.formula) return Fail(MissingProperty("autoScaleFormula"));
  WritablePool found = FindPool(context, id, false);
  if (found.reply) return std::move(*found.reply);
  const Pool& pool = *found.pool;
  if (auto problem = FormulaProblem(*read.formula)) return Fail(std::move(*problem));
  if (!pool.auto_scale) {
    return Fail(ApiError{context.config.switches.wrong_state_code,
                         {{"Reason", "Automatic scaling is not enabled on the pool"}}});
  }
  const FormulaResult result = context.account.Evaluate(pool, *read.formula, context.now);
  AutoScaleRun run{context.now, result.results, std::nullopt, result.error_detail};
  if (!result.error_code.empty()) run.error = ResizeError{result.error_code, result.error_message};
  Reply reply;
  reply.data_service_id = fmt::format("{}/evaluateautoscale", PoolUrl(context, pool));
  reply.body = fmt::format(
      R"({{"odata.metadata":"{}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun",)",
      context.endpoint);
  AppendAutoScaleRun(reply.body, run);
  reply.body += '}';
  return reply;
}

}  // namespace emulator
