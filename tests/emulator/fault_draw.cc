#include "tests/emulator/fault_draw.h"

#include <algorithm>
#include <utility>

namespace emulator {

namespace {

/// '*' any letters, '?' one.
bool MatchesGlob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (MatchesGlob(pattern.substr(1), text.substr(skip))) return true;
    }
    return false;
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         MatchesGlob(pattern.substr(1), text.substr(1));
}

bool Fits(const std::string& pattern, std::string_view text) {
  return pattern.empty() || MatchesGlob(Lower(pattern), Lower(text));
}

bool FitsOperation(const FaultRule& rule, const Operation& operation) {
  const auto fits = [&](const std::string& name) {
    return name == "any" || name == operation.name ||
           (name == "read" && !operation.write && !operation.token) ||
           (name == "write" && operation.write);
  };
  return rule.operations.empty() ||
         std::any_of(rule.operations.begin(), rule.operations.end(), fits);
}

bool FitsPage(const FaultRule& rule, const Target& target) {
  const bool next = target.Find("$skiptoken") != nullptr;
  const bool between = rule.fault.word == "missesAtBorder" || rule.fault.word == "repeatsAtBorder";
  const std::string& wanted = between && rule.page.empty() ? "next" : rule.page;
  return wanted.empty() || (wanted == "next") == next;
}

bool Matches(const FaultRule& rule, const FaultCall& call) {
  if ((rule.fault.kind == Fault::Kind::kUpload) != call.head_only) return false;
  const Operation& operation = call.operation;
  if (!FitsOperation(rule, operation) || !Fits(rule.pool, operation.pool) ||
      !Fits(rule.node, operation.node)) {
    return false;
  }
  const Target target = ParseTarget(call.request.target);
  if (!Fits(rule.path, target.path) || !FitsPage(rule, target)) return false;
  const std::string* const id = FindHeader(call.request.headers, "client-request-id");
  if (!Fits(rule.client_request_id, id == nullptr ? "" : *id)) return false;
  if (!rule.account.empty() && !Fits(rule.account, call.account())) return false;
  if (rule.phase.empty()) return true;
  const auto phases = call.phases();
  return std::find(phases.begin(), phases.end(), rule.phase) != phases.end();
}

/// What is left of the chance at this time of the plan.
double PercentAt(const FaultRule& rule, Duration age) {
  if (age < rule.from) return 0;
  if (!rule.length || age < rule.from + *rule.length) return rule.percent;
  if (rule.heals.count() == 0) return 0;
  const Duration healing = age - rule.from - *rule.length;
  const double part = std::chrono::duration<double>(healing) / rule.heals;
  return rule.percent * std::max(0.0, 1 - part);
}

/// A seed that shares no numbers with its neighbours'.
std::uint64_t Spread(std::uint64_t seed, std::uint64_t place) {
  return Random(Random(seed).Next() ^ (place * 0xd1342543de82ef95U)).Next();
}

}  // namespace

FaultDraw::FaultDraw(FaultPlan plan, Instant start) : plan_(std::move(plan)), start_(start) {
  for (std::size_t i = 0; i < plan_.rules.size(); ++i) {
    const FaultRule& rule = plan_.rules[i];
    const std::uint64_t seed = rule.seed ? Spread(*rule.seed, 0) : Spread(plan_.seed, i + 1);
    states_.push_back({Random(seed), seed, 0, rule.fault.bucket.tokens, start, start});
  }
  strikes_.assign(plan_.rules.size(), 0);
}

bool FaultDraw::Draw(const FaultRule& rule, State& state, const FaultCall& call) {
  constexpr std::uint64_t kParts = 1'000'000;
  const double percent = PercentAt(rule, call.now - start_);
  const std::uint64_t drawn =
      rule.per_connection ? Random(Spread(state.seed, call.request.connection)).Below(kParts)
                          : state.random.Below(kParts);
  return static_cast<double>(drawn) < percent / 100 * static_cast<double>(kParts);
}

bool FaultDraw::Strikes(const FaultRule& rule, State& state, const FaultCall& call) {
  if (!Matches(rule, call)) return false;
  const std::uint64_t number = ++state.calls;
  const bool drawn = Draw(rule, state, call);
  return drawn && number >= rule.first_call && number <= rule.last_call;
}

std::optional<Duration> FaultDraw::Wait(const BucketFault& bucket, State& state, Instant now) {
  const double seconds = std::chrono::duration<double>(now - state.filled).count();
  state.tokens = std::min(bucket.tokens, state.tokens + seconds * bucket.per_second);
  state.filled = now;
  if (state.tokens >= 1 && now >= state.closed_until) {
    state.tokens -= 1;
    return std::nullopt;
  }
  const std::chrono::duration<double> fill((1 - state.tokens) / bucket.per_second);
  const Instant full = now + std::chrono::ceil<Duration>(std::max(fill, fill.zero()));
  state.closed_until = std::max(state.closed_until, full) + bucket.penalty;
  return state.closed_until - now;
}

std::optional<Fault> FaultDraw::Next(const FaultCall& call) {
  std::optional<Fault> struck;
  for (std::size_t i = 0; i < plan_.rules.size(); ++i) {
    const FaultRule& rule = plan_.rules[i];
    if (!Strikes(rule, states_[i], call) || struck || strikes_[i] >= rule.times) continue;
    Fault fault = rule.fault;
    if (fault.kind == Fault::Kind::kBucket) {
      const auto wait = Wait(fault.bucket, states_[i], call.now);
      if (!wait) continue;
      fault.status = 429;
      const auto seconds = std::chrono::ceil<std::chrono::seconds>(*wait).count();
      if (fault.retry_after.empty()) fault.retry_after = {std::to_string(seconds)};
    }
    ++strikes_[i];
    struck = std::move(fault);
  }
  return struck;
}

}  // namespace emulator
