#include "tests/emulator/request_context.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace emulator {

Reply Fail(ApiError error) {
  Reply reply;
  reply.status = StatusOf(error.code);
  reply.error = std::move(error);
  return reply;
}

Reply Fail(std::string code) { return Fail(ApiError{std::move(code), {}}); }

std::string PoolUrl(const Context& context, const Pool& pool) {
  return fmt::format("{}/pools/{}", context.endpoint, pool.id);
}

Reply Acted(const Context& context, int status, const Pool& pool, std::string_view action) {
  Reply reply;
  reply.status = status;
  reply.etag = pool.etag;
  reply.last_modified = pool.last_modified;
  reply.data_service_id = PoolUrl(context, pool);
  if (!action.empty()) reply.data_service_id += fmt::format("/{}", action);
  return reply;
}

std::optional<Json> BodyObject(const Context& context) {
  if (Trim(context.request.body).empty()) return Json{Json::Object{}};
  auto body = ParseJson(context.request.body);
  if (!body || body->AsObject() == nullptr) return std::nullopt;
  return body;
}

ApiError NotAnObject(const Context& context) {
  const std::size_t at = JsonErrorAt(context.request.body);
  if (at == 0) return InvalidBody("The body is not a JSON object");
  return InvalidBody(fmt::format("The body is not JSON from its byte {} on", at));
}

namespace {

constexpr std::array<std::string_view, 4> kConditions{"If-Match", "If-None-Match",
                                                      "If-Modified-Since", "If-Unmodified-Since"};

/// Both the bare form that the service hands out and the quoted one that some clients send.
bool SameEtag(std::string_view sent, std::string_view etag) {
  sent = Trim(sent);
  if (sent.substr(0, 2) == "W/") sent.remove_prefix(2);
  if (sent.size() >= 2 && sent.front() == '"' && sent.back() == '"') {
    sent = sent.substr(1, sent.size() - 2);
  }
  return sent == "*" || sent == etag;
}

}  // namespace

std::optional<Reply> UnmetCondition(const Context& context, const Versioned& thing, bool read) {
  std::string_view name;
  const std::string* value = nullptr;
  for (const std::string_view condition : kConditions) {
    const std::string* const sent = FindHeader(context.request.headers, condition);
    if (sent == nullptr) continue;
    if (value != nullptr) return Fail("MultipleConditionHeadersNotSupported");
    name = condition;
    value = sent;
  }
  if (value == nullptr) return std::nullopt;
  bool met = false;
  if (name == "If-Match" || name == "If-None-Match") {
    met = SameEtag(*value, thing.etag) == (name == "If-Match");
  } else {
    const auto date = ParseHttpDate(*value);
    if (!date) {
      return Fail(ApiError{"InvalidHeaderValue",
                           {{"HeaderName", std::string(name)}, {"HeaderValue", *value}}});
    }
    const bool modified = std::chrono::floor<std::chrono::seconds>(thing.last_modified) > *date;
    met = modified == (name == "If-Modified-Since");
  }
  if (met) return std::nullopt;
  Reply reply = Fail("ConditionNotMet");
  if (read) {
    reply.status = 304;
    reply.etag = thing.etag;
    reply.last_modified = thing.last_modified;
  }
  return reply;
}

WritablePool FindPool(const Context& context, std::string_view id, bool conditional) {
  Pool* const pool = context.account.Find(id);
  if (pool == nullptr) return {nullptr, Fail("PoolNotFound")};
  if (conditional) {
    if (auto unmet = UnmetCondition(context, *pool, false)) return {nullptr, std::move(unmet)};
  }
  return {pool, std::nullopt};
}

FoundNode FindNode(const Context& context, std::string_view pool_id, std::string_view node_id) {
  FoundNode found;
  found.pool = context.account.Find(pool_id);
  if (found.pool == nullptr) {
    found.missing = Fail("PoolNotFound");
    return found;
  }
  const auto node = std::find_if(found.pool->nodes.begin(), found.pool->nodes.end(),
                                 [&](const Node& other) { return other.id == node_id; });
  if (node == found.pool->nodes.end()) {
    found.missing = Fail("NodeNotFound");
  } else {
    found.node = &*node;
  }
  return found;
}

}  // namespace emulator
