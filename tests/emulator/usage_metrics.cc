// Core hours of pools in intervals of half an hour.
#include <fmt/format.h>

#include <algorithm>

#include "tests/emulator/list_options.h"
#include "tests/emulator/operations.h"
#include "tests/emulator/vm_size.h"

namespace emulator {

namespace {

constexpr std::chrono::minutes kInterval{30};
/// How far back a request must begin and end. Source: Batch REST, Pool - List Usage Metrics.
constexpr std::chrono::minutes kStartDelay{150};
constexpr std::chrono::minutes kEndDelay{120};

struct Span {
  Instant start, end;
};

std::optional<ApiError> ReadTime(const Context& context, const char* name, Duration delay,
                                 Instant& time) {
  const std::string* const text = context.target.Find(name);
  if (text == nullptr) return std::nullopt;
  const auto read = ParseTime(*text);
  if (!read) return InvalidQuery(name, *text, "The value is not a time");
  if (*read > context.now - delay) {
    return InvalidQuery(name, *text,
                        fmt::format("The time must lie at least {} back", FormatDuration(delay)));
  }
  time = *read;
  return std::nullopt;
}

/// The span that is asked for; without times the last whole interval.
std::variant<Span, ApiError> ReadSpan(const Context& context) {
  Span span;
  span.start = Instant{(context.now - kStartDelay).time_since_epoch() / kInterval * kInterval};
  span.end = span.start + kInterval;
  if (auto error = ReadTime(context, "startTime", kStartDelay, span.start)) return *error;
  if (context.target.Find("startTime") != nullptr) span.end = context.now - kEndDelay;
  if (auto error = ReadTime(context, "endtime", kEndDelay, span.end)) return *error;
  if (span.end <= span.start) {
    return InvalidQuery("endtime", FormatTime(span.end), "The span must not be empty");
  }
  return span;
}

/// What a pool has now is taken to be what it had since its creation.
double CoreHours(const Pool& pool) {
  const auto cores = static_cast<double>(pool.nodes.size()) *
                     static_cast<double>(CoresOf(pool.settings.Text("vmSize")));
  return cores * std::chrono::duration<double, std::ratio<3600>>(kInterval).count();
}

struct Page {
  const Context& context;
  const ListOptions& options;
  std::string items, last, link;
  std::size_t count = 0;
};

void AppendIntervals(Page& page, const std::string& pool_key, const Pool& pool, const Span& span) {
  if (pool.nodes.empty()) return;
  const Instant from = std::max(span.start, pool.created);
  Instant start{(from.time_since_epoch() + kInterval - Duration{1}) / kInterval * kInterval};
  for (; start + kInterval <= span.end && page.link.empty(); start += kInterval) {
    const std::string key = fmt::format("{}\n{}", pool_key, FormatTime(start));
    if (page.options.after && key <= *page.options.after) continue;
    if (page.count == page.options.page_size) {
      page.link = NextLinkMember(page.context, page.last);
      return;
    }
    page.items += page.count++ == 0 ? R"({"poolId":)" : R"(,{"poolId":)";
    AppendQuoted(page.items, pool.id);
    page.items +=
        fmt::format(R"(,"startTime":"{}","endTime":"{}","vmSize":"{}","totalCoreHours":{}}})",
                    FormatTime(start), FormatTime(start + kInterval), pool.settings.Text("vmSize"),
                    CoreHours(pool));
    page.last = key;
  }
}

}  // namespace

Reply ListUsageMetrics(const Context& context) {
  auto read = ReadListOptions(context, {{"poolId", "startswith eq ge gt le lt"}});
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  const ListOptions& options = std::get<ListOptions>(read);
  auto span = ReadSpan(context);
  if (auto* const error = std::get_if<ApiError>(&span)) return Fail(std::move(*error));
  Page page{context, options, {}, {}, {}};
  for (const auto& [key, pool] : context.account.pools()) {
    const std::string& id = pool.id;
    if (!options.filter.Matches([&](std::string_view) { return FilterValue{id}; })) continue;
    AppendIntervals(page, key, pool, std::get<Span>(span));
    if (!page.link.empty()) break;
  }
  Reply reply;
  reply.body = fmt::format(R"({{"odata.metadata":"{}/$metadata#poolusagemetrics","value":[{}]{}}})",
                           context.endpoint, page.items, page.link);
  return reply;
}

}  // namespace emulator
