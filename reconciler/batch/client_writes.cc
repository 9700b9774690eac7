// The writing half of the client.
#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "reconciler/batch/answer_text.h"
#include "reconciler/batch/client.h"
#include "reconciler/batch/errors.h"
#include "reconciler/batch/paging.h"
#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

// Writes go out in slices: signatures are made fresh for each, and a throttled account is noticed
// after at most one. A multiple of what is in flight, so that little is lost at their ends.
constexpr std::size_t kRoundsPerSlice = 8;

struct Route {
  std::string_view verb;      // of messages
  std::string_view action{};  // last part of the path
  bool conditional = true;
};

Route RouteOf(Write::Kind kind) {
  switch (kind) {
    case Write::Kind::kCreate:
      return {"create", "", false};
    case Write::Kind::kPatch:
      return {"patch"};
    case Write::Kind::kUpdateProperties:
      return {"update properties of", "updateproperties", false};
    case Write::Kind::kResize:
      return {"resize", "resize"};
    case Write::Kind::kStopResize:
      return {"stop resize of", "stopresize"};
    case Write::Kind::kEnableAutoScale:
      return {"enable autoscale of", "enableautoscale"};
    case Write::Kind::kDisableAutoScale:
      return {"disable autoscale of", "disableautoscale", false};
    case Write::Kind::kAddNodeUser:
      return {"add", "users", false};
    case Write::Kind::kReplaceNodeUser:
      return {"replace", "users", false};
    case Write::Kind::kDeleteNodeUser:
      return {"delete", "users", false};
  }
  return {"write"};
}

std::string Describe(const Write& write) {
  if (!write.node_id.empty()) {
    return fmt::format("{} user '{}' on node '{}' of pool '{}'", RouteOf(write.kind).verb,
                       write.user, write.node_id, write.pool_id);
  }
  return fmt::format("{} pool '{}'", RouteOf(write.kind).verb, write.pool_id);
}

std::string MethodOf(Write::Kind kind) {
  switch (kind) {
    case Write::Kind::kPatch:
      return "PATCH";
    case Write::Kind::kReplaceNodeUser:
      return "PUT";
    case Write::Kind::kDeleteNodeUser:
      return "DELETE";
    default:
      return "POST";
  }
}

/// Whether the path ends with the name of the user.
bool NamesUser(Write::Kind kind) {
  return kind == Write::Kind::kReplaceNodeUser || kind == Write::Kind::kDeleteNodeUser;
}

/// TooManyEnableAutoScaleRequests holds one pool; every other throttling holds the account.
bool HoldsAccount(const Result<WriteAnswer>& answer) {
  return !answer && answer.error().kind == ErrorKind::kThrottled &&
         answer.error().code != "TooManyEnableAutoScaleRequests";
}

}  // namespace

/// What must not be sent: a condition that the call would ignore, or that is no entity tag.
std::optional<Error> Client::Objection(const Write& write) const {
  if (write.if_match.empty()) return std::nullopt;
  const std::string what = What(Describe(write));
  if (!RouteOf(write.kind).conditional) {
    return Error{ErrorKind::kTerminal, what + ": the call takes no condition"};
  }
  if (ReadETag(write.if_match).empty()) {
    return Error{ErrorKind::kTerminal, what + ": the condition is no entity tag"};
  }
  return std::nullopt;
}

HttpRequest Client::BuildWrite(Write write) {
  const Route route = RouteOf(write.kind);
  const bool create = write.kind == Write::Kind::kCreate;
  std::string path = create ? "/pools" : PoolPath(write.pool_id, route.action);
  if (!write.node_id.empty()) path = NodePath(write.pool_id, write.node_id, route.action);
  if (NamesUser(write.kind)) path += '/' + PercentEncode(write.user);
  const std::string method = MethodOf(write.kind);
  return Build(method, Target(path), std::move(write.body), write.if_match);
}

Result<WriteAnswer> Client::ToWriteAnswer(const HttpAnswer& answer, const std::string& what,
                                          std::string client_request_id, bool stopped) {
  if (!Succeeded(answer, true)) {
    return ErrorOf(answer, {What(what), true, stopped, clock_.Wall(), std::move(client_request_id),
                            credential_.Advice()});
  }
  return WriteAnswer{ReadETag(HeaderOf(answer, "ETag")),
                     Printable(HeaderOf(answer, "request-id"), 64), answer.status};
}

/// Nothing went out, as we could not say who we are: no doubt about what was applied.
Error Client::NotSent(Error error, const std::string& what) {
  if (error.kind == ErrorKind::kTransient) error.kind = ErrorKind::kNotSent;
  return Annotate(std::move(error), what);
}

void Client::SendSlice(std::vector<Write>& writes, std::size_t first, std::size_t last,
                       Tick deadline, const std::stop_token& stop,
                       std::vector<Result<WriteAnswer>>& answers) {
  const Status ready = credential_.Prepare(stop);
  std::vector<HttpRequest> requests;
  std::vector<std::size_t> chosen;
  std::vector<std::string> whats;
  std::vector<std::string> ids;
  for (std::size_t i = first; i < last; ++i) {
    if (std::optional<Error> objection = Objection(writes[i])) {
      answers[i] = std::move(*objection);
      continue;
    }
    if (!ready) {
      answers[i] = NotSent(ready.error(), What(Describe(writes[i])));
      continue;
    }
    chosen.push_back(i);
    whats.push_back(Describe(writes[i]));
    requests.push_back(BuildWrite(std::move(writes[i])));
    ids.push_back(requests.back().headers[1].second);
  }
  ExchangeLimits limits;
  limits.in_flight_max = account_.requests_in_flight;
  limits.deadline = deadline;
  const std::vector<HttpAnswer> received =
      transport_.SendAll(account_.endpoint, std::move(requests), limits, stop);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    answers[chosen[i]] =
        ToWriteAnswer(received[i], whats[i], std::move(ids[i]), stop.stop_requested());
    if (received[i].status == 401) credential_.Refused();
  }
}

std::vector<Result<WriteAnswer>> Client::Send(std::vector<Write> writes, Tick deadline,
                                              std::stop_token stop) {
  std::vector<Result<WriteAnswer>> answers(writes.size(), Error{});
  const std::size_t slice =
      kRoundsPerSlice * static_cast<std::size_t>(std::max(account_.requests_in_flight, 1));
  std::size_t next = 0;
  while (next < writes.size()) {
    const std::size_t last = std::min(next + slice, writes.size());
    SendSlice(writes, next, last, deadline, stop, answers);
    const auto from = answers.begin() + static_cast<std::ptrdiff_t>(next);
    const auto to = answers.begin() + static_cast<std::ptrdiff_t>(last);
    next = last;
    const auto held = std::find_if(from, to, HoldsAccount);
    if (held == to) continue;
    const std::optional<std::chrono::milliseconds> retry_after = held->error().retry_after;
    for (; next < writes.size(); ++next) {
      answers[next] =
          Error{ErrorKind::kThrottled,
                What(Describe(writes[next]) + ": not sent: the service throttles the account"),
                retry_after};
    }
  }
  return answers;
}

}  // namespace reconciler::batch
