// Queries of the emulator's lists as hostile input: as a filter, which must give the same when it
// is asked twice, and as the whole query of several lists.
#include "tests/emulator/odata_filter.h"
#include "tests/fuzz/emulator_world.h"

namespace {

using emulator::FilterValue;

FilterValue ValueOf(std::string_view name, emulator::Instant now) {
  if (name == "id") return std::string{"pool-1"};
  if (name == "time") return now;
  if (name == "flag") return true;
  if (name == "count") return std::int64_t{7};
  return {};
}

void TryFilter(std::string_view text, emulator::Instant now) {
  constexpr std::string_view kAll = "eq ne gt ge lt le startswith";
  const auto filter = emulator::Filter::Parse(text, {{"id", kAll},
                                                     {"time", kAll, emulator::FilterType::kTime},
                                                     {"flag", kAll, emulator::FilterType::kFlag},
                                                     {"count", kAll, emulator::FilterType::kNumber},
                                                     {"absent", kAll}});
  if (const auto* error = std::get_if<std::string>(&filter)) return fuzz::Require(!error->empty());
  const auto lookup = [now](std::string_view name) { return ValueOf(name, now); };
  const auto& parsed = std::get<emulator::Filter>(filter);
  fuzz::Require(parsed.Matches(lookup) == parsed.Matches(lookup));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::SmallWorld world;  // reads alone: nothing of one input is left for the next
  const std::string_view text = fuzz::Bytes(data, size);
  TryFilter(text, world.now);
  for (const char* const path : {"/pools", "/pools/p/nodes", "/nodecounts", "/jobs",
                                 "/jobs/j/tasks", "/jobschedules", "/poolusagemetrics"}) {
    for (const std::string& query :
         {std::string(text), "$filter=" + emulator::PercentEncode(text)}) {
      const emulator::Request request{
          "GET", std::string(path) + "?api-version=2025-06-01&" + query, {}, {}};
      fuzz::RequireReadable(request, world.service.Handle(request));
    }
  }
  return 0;
}
