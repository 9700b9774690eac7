#include "reconciler/batch/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "reconciler/batch/answer_text.h"
#include "reconciler/batch/errors.h"
#include "reconciler/batch/paging.h"
#include "reconciler/batch/pool_reader.h"
#include "reconciler/core/guid.h"
#include "reconciler/core/json.h"
#include "reconciler/core/json_list.h"
#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

constexpr int kReadTries = 3;
constexpr std::chrono::milliseconds kFirstDelay{1'000};
/// Later than this after the first try no other begins: who hangs is reported, not waited for.
constexpr Tick kLastTryBegins = std::chrono::seconds(60);
constexpr std::size_t kPagesMax = 10'000;
constexpr const char* kBodyType = "application/json; odata=minimalmetadata";

/// Throttling is not among them: it holds the whole account, which the cycle decides.
bool IsWorthAnotherTry(const Error& error) {
  return error.kind == ErrorKind::kTransient || error.kind == ErrorKind::kNotSent;
}

Error Incomplete(std::string message) { return Error{ErrorKind::kTransient, std::move(message)}; }

/// Whether what we said who we are counts for nothing (any more).
bool IsAnyRefused(const std::vector<Result<HttpAnswer>>& results,
                  const std::vector<std::size_t>& chosen) {
  return std::any_of(chosen.begin(), chosen.end(), [&](std::size_t index) {
    return !results[index].has_value() && results[index].error().status == 401;
  });
}

/// The visitor, with a note where it fails.
template <class Visitor>
auto Noting(bool& failed, const Visitor& visit) {
  return [&failed, &visit](const auto& row) -> Status {
    Status status = visit(row);
    failed = failed || !status.has_value();
    return status;
  };
}

/// What does not parse came damaged: worth another look, never a verdict.
Result<Value> ParseRow(std::string_view row) {
  Result<Value> value = ParseJson(row);
  if (!value) return Incomplete(std::move(value).error().message);
  return value;
}

}  // namespace

Client::Client(AccountEndpoint account, Credential& credential, HttpTransport& transport,
               Clock& clock, Random& random)
    : account_(std::move(account)),
      credential_(credential),
      transport_(transport),
      clock_(clock),
      random_(random) {}

std::string Client::What(std::string_view what) const {
  return fmt::format("account '{}': {}", account_.account, what);
}

std::string Client::Target(std::string path) const {
  return WithParameter(std::move(path), "api-version", account_.api_version);
}

HttpRequest Client::Build(std::string method, std::string target, std::string body,
                          std::string_view if_match) {
  HttpRequest request{std::move(method), std::move(target), std::move(body)};
  request.headers = {{"Accept", "application/json"},
                     {"client-request-id", NewGuid(random_)},
                     {"return-client-request-id", "true"},
                     {"ocp-date", FormatHttpDate(clock_.Wall())}};
  if (!request.body.empty()) request.headers.emplace_back("Content-Type", kBodyType);
  if (!if_match.empty()) request.headers.emplace_back("If-Match", if_match);
  std::string authorization = credential_.Authorization(request);
  request.headers.emplace_back("Authorization", std::move(authorization));
  return request;
}

bool Client::WaitBeforeTry(int tried, const std::stop_token& stop) {
  // Equal jitter: half of a doubling delay is fixed, half is drawn.
  const auto delay = kFirstDelay * (1 << (tried - 1));
  const auto half = static_cast<std::uint64_t>(delay.count() / 2);
  const std::chrono::milliseconds drawn(static_cast<std::int64_t>(half + random_.Below(half + 1)));
  const Tick due = clock_.Now() + drawn;
  if (read_deadline_ != Tick{} && due >= read_deadline_) return false;
  return clock_.SleepUntil(due, stop);
}

bool Client::SendReadsOnce(const std::vector<Read>& reads, const std::vector<std::size_t>& chosen,
                           std::vector<Result<HttpAnswer>>& results, const std::stop_token& stop) {
  if (const Status ready = credential_.Prepare(stop); !ready) {
    for (const std::size_t index : chosen) {
      results[index] = Annotate(ready.error(), What(reads[index].what));
    }
    return false;
  }
  std::vector<HttpRequest> requests;
  std::vector<std::string> ids;
  for (const std::size_t index : chosen) {
    requests.push_back(Build("GET", reads[index].target, "", ""));
    ids.emplace_back(requests.back().headers[1].second);
  }
  ExchangeLimits limits;
  limits.in_flight_max = account_.requests_in_flight;
  limits.deadline = read_deadline_;
  std::vector<HttpAnswer> answers =
      transport_.SendAll(account_.endpoint, std::move(requests), limits, stop);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (Succeeded(answers[i], false)) {
      results[chosen[i]] = std::move(answers[i]);
      continue;
    }
    results[chosen[i]] =
        ErrorOf(answers[i], {What(reads[chosen[i]].what), false, stop.stop_requested(),
                             clock_.Wall(), ids[i], credential_.Advice()});
  }
  return true;
}

std::vector<Result<HttpAnswer>> Client::SendReads(const std::vector<Read>& reads,
                                                  const std::stop_token& stop) {
  std::vector<Result<HttpAnswer>> results(reads.size(), Error{});
  std::vector<std::size_t> chosen(reads.size());
  for (std::size_t i = 0; i < reads.size(); ++i) chosen[i] = i;
  const Tick last_try_begins = clock_.Now() + kLastTryBegins;
  for (int tried = 1; !chosen.empty(); ++tried) {
    // A credential tries as often as it makes sense: without one no further try begins.
    if (!SendReadsOnce(reads, chosen, results, stop)) break;
    if (IsAnyRefused(results, chosen) && credential_.Refused() &&
        !SendReadsOnce(reads, chosen, results, stop)) {
      break;
    }
    std::erase_if(chosen, [&](std::size_t index) {
      return results[index].has_value() || !IsWorthAnotherTry(results[index].error());
    });
    if (chosen.empty() || tried == kReadTries || clock_.Now() > last_try_begins) break;
    if (!WaitBeforeTry(tried, stop)) break;
  }
  return results;
}

Result<ListReport> Client::ReadList(const List& list, const RowVisitor& visit,
                                    const std::stop_token& stop) {
  const auto read = [&](std::string_view body, std::size_t, bool& row_failed) {
    return SplitJsonList(body, RowVisitor(Noting(row_failed, visit)));
  };
  return ReadListFrom(std::move(SendReads({{list.target, list.what}}, stop).front()), list, read,
                      stop);
}

Result<ListReport> Client::ReadListFrom(Result<HttpAnswer> answer, const List& list,
                                        const PageReader& read, const std::stop_token& stop) {
  ListReport report;
  std::set<std::string> tokens;
  while (report.pages < kPagesMax) {
    if (!answer) return std::move(answer).error();
    ++report.pages;
    const std::string what = What(fmt::format("{}, page {}", list.what, report.pages));
    const std::string came = DescribeBody(*answer);
    bool row_failed = false;
    const Result<JsonListTail> tail = read(answer->body, report.pages - 1, row_failed);
    if (!tail) {
      return Annotate(tail.error(), row_failed ? what : fmt::format("{} ({})", what, came));
    }
    report.items += tail->items;
    if (tail->next_link.empty()) return report;
    const std::optional<std::string> next = SkipToken(tail->next_link);
    if (!next) return Incomplete(what + ": the link to the next page has no $skiptoken");
    if (!tokens.insert(*next).second) {
      return Incomplete(
          fmt::format("{}: the link leads back to a page that was read ($skiptoken '{}')", what,
                      Printable(*next, 100)));
    }
    answer = std::move(
        SendReads({{WithParameter(list.target, "$skiptoken", *next), list.what}}, stop).front());
  }
  return Incomplete(What(fmt::format("{}: no end after {} pages", list.what, kPagesMax)));
}

Client::PoolsAndCounts Client::ListPoolsAndCounts(ListMemory& memory, const MarkedRowVisitor& pool,
                                                  const MarkedRowVisitor& counts,
                                                  std::stop_token stop) {
  const List pool_list{Target("/pools"), "list pools"};
  const List count_list{Target("/nodecounts"), "list node counts"};
  const auto reader = [](PageMemory& pages, const MarkedRowVisitor& visit) -> PageReader {
    return [&](std::string_view body, std::size_t page, bool& row_failed) {
      return VisitPage(pages, page, body, Noting(row_failed, visit));
    };
  };
  auto first =
      SendReads({{pool_list.target, pool_list.what}, {count_list.target, count_list.what}}, stop);
  Result<ListReport> pools =
      ReadListFrom(std::move(first[0]), pool_list, reader(memory.pools, pool), stop);
  if (!pools) return {pools, pools};
  return {std::move(pools),
          ReadListFrom(std::move(first[1]), count_list, reader(memory.counts, counts), stop)};
}

Result<LivePool> Client::ParsePool(std::string_view row) {
  Result<Value> value = ParseRow(row);
  if (!value) return std::move(value).error();
  return ReadPool(std::move(*value));
}

Result<NodeCounts> Client::ParseNodeCounts(std::string_view row) {
  const Result<Value> value = ParseRow(row);
  if (!value) return value.error();
  return ReadNodeCounts(*value);
}

Result<ListReport> Client::ListPools(const std::function<Status(LivePool)>& visit,
                                     std::string_view filter, std::stop_token stop) {
  List list{Target("/pools"), "list pools"};
  if (!filter.empty()) list.target = WithParameter(list.target, "$filter", filter);
  std::set<std::string> seen;
  return ReadList(
      list,
      [&](std::string_view row) -> Status {
        Result<LivePool> pool = ParsePool(row);
        if (!pool) return std::move(pool).error();
        if (!seen.insert(FoldCase(pool->id)).second) {
          return Incomplete(fmt::format("pool '{}' comes twice: the list changed while it was read",
                                        Printable(pool->id, 64)));
        }
        return visit(std::move(pool).value());
      },
      stop);
}

template <class T>
Result<std::vector<T>> Client::ReadRows(const List& list, Result<T> (*read)(const Value&),
                                        const std::stop_token& stop) {
  std::vector<T> rows;
  const auto collect = [&](std::string_view text) -> Status {
    const Result<Value> value = ParseRow(text);
    if (!value) return value.error();
    Result<T> row = read(*value);
    if (!row) return std::move(row).error();
    rows.push_back(std::move(row).value());
    return Ok{};
  };
  const auto report = ReadList(list, collect, stop);
  if (!report) return report.error();
  return rows;
}

Result<std::vector<SupportedImage>> Client::ListSupportedImages(std::stop_token stop) {
  return ReadRows({Target("/supportedimages"), "list supported images"}, ReadSupportedImage, stop);
}

Result<std::vector<Application>> Client::ListApplications(std::stop_token stop) {
  return ReadRows({Target("/applications"), "list applications"}, ReadApplication, stop);
}

Result<std::optional<LivePool>> Client::ToPool(const std::string& pool_id,
                                               Result<HttpAnswer> answer) {
  if (!answer) {
    const Error& error = answer.error();
    if (error.status == 404 && error.code == "PoolNotFound") return std::optional<LivePool>();
    return error;
  }
  const std::string what = What(fmt::format("get pool '{}'", pool_id));
  const std::string came = DescribeBody(*answer);
  Result<Value> body = ParseJson(answer->body);
  if (!body) return Incomplete(fmt::format("{} ({}): {}", what, came, body.error().message));
  Result<LivePool> pool = ReadPool(std::move(body).value());
  if (!pool) return Annotate(std::move(pool).error(), what);
  if (!EqualFolded(pool->id, pool_id)) {
    return Incomplete(fmt::format("{}: the answer is pool '{}'", what, Printable(pool->id, 64)));
  }
  return std::optional<LivePool>(std::move(pool).value());
}

Result<std::optional<LivePool>> Client::GetPool(const std::string& pool_id, std::stop_token stop) {
  return std::move(GetPools({pool_id}, stop).front());
}

std::vector<Result<std::optional<LivePool>>> Client::GetPools(
    const std::vector<std::string>& pool_ids, std::stop_token stop) {
  std::vector<Read> reads;
  for (const std::string& id : pool_ids) {
    reads.push_back({Target(PoolPath(id)), fmt::format("get pool '{}'", id)});
  }
  std::vector<Result<HttpAnswer>> answers = SendReads(reads, stop);
  std::vector<Result<std::optional<LivePool>>> pools;
  pools.reserve(pool_ids.size());
  for (std::size_t i = 0; i < pool_ids.size(); ++i) {
    pools.push_back(ToPool(pool_ids[i], std::move(answers[i])));
  }
  return pools;
}

}  // namespace reconciler::batch
