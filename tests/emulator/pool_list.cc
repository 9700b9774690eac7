// The list of pools.
#include <fmt/format.h>

#include "tests/emulator/list_options.h"
#include "tests/emulator/member_json.h"
#include "tests/emulator/operations.h"
#include "tests/emulator/pool_json.h"

namespace emulator {

namespace {

const std::vector<FilterProperty>& Filterable() {
  using enum FilterType;
  constexpr std::string_view kOrdered = "eq ne ge gt le lt";
  static const std::vector<FilterProperty> kProperties{
      {"id", "startswith eq ne ge gt le lt"},
      {"state", "eq ne"},
      {"allocationState", "eq ne"},
      {"stateTransitionTime", kOrdered, kTime},
      {"allocationStateTransitionTime", kOrdered, kTime},
      {"creationTime", kOrdered, kTime},
      {"lastModified", kOrdered, kTime},
      {"enableAutoScale", "eq ne", kFlag},
      {"enableInterNodeCommunication", "eq ne", kFlag},
      {"vmSize", "eq ne"}};
  return kProperties;
}

std::string AllocationName(Allocation allocation) {
  if (allocation == Allocation::kSteady) return "steady";
  return allocation == Allocation::kResizing ? "resizing" : "stopping";
}

FilterValue Property(const Pool& pool, std::string_view name) {
  if (name == "id") return pool.id;
  if (name == "state") return std::string{pool.Deleting() ? "deleting" : "active"};
  if (name == "allocationState") return AllocationName(pool.allocation);
  if (name == "stateTransitionTime") return pool.state_since;
  if (name == "allocationStateTransitionTime") return pool.allocation_since;
  if (name == "creationTime") return pool.created;
  if (name == "lastModified") return pool.last_modified;
  if (name == "enableAutoScale") return pool.auto_scale;
  if (name == "vmSize") return pool.settings.Text("vmSize");
  const Json* const flag = pool.settings.Find(name);
  return flag != nullptr && *flag->AsBool();
}

}  // namespace

Reply ListPools(const Context& context) {
  auto read = ReadListOptions(context, Filterable());
  if (auto* const error = std::get_if<ApiError>(&read)) return Fail(std::move(*error));
  auto selection = ReadSelect(context, NamesOf(PoolMember(), context.api_version));
  if (auto* const error = std::get_if<ApiError>(&selection)) return Fail(std::move(*error));
  const ListOptions& options = std::get<ListOptions>(read);
  const Selection& names = std::get<Selection>(selection);
  const MemberMask mask = names ? MaskOf(*names) : MemberMask{};
  auto& pools = context.account.pools();
  auto at = options.after ? pools.upper_bound(*options.after) : pools.begin();
  Reply reply;
  reply.body =
      fmt::format(R"({{"odata.metadata":"{}/$metadata#pools","value":[)", context.endpoint);
  std::size_t count = 0;
  std::string last, link;
  for (; at != pools.end(); ++at) {
    const Pool& pool = at->second;
    if (!options.filter.Matches([&](std::string_view name) { return Property(pool, name); }))
      continue;
    if (count == options.page_size) {
      link = NextLinkMember(context, last);
      break;
    }
    if (count++ != 0) reply.body += ',';
    reply.body += '{';
    AppendPoolMembers(reply.body, pool, context.api_version, context.endpoint, mask);
    reply.body += '}';
    last = at->first;
  }
  reply.body += ']' + link + '}';
  return reply;
}

}  // namespace emulator
