#include "tests/emulator/pool_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tests/emulator/json.h"
#include "tests/emulator/member_table.h"
#include "tests/emulator/normalise.h"

namespace emulator {

namespace {

struct View {
  const Pool& pool;
  std::string_view api_version, endpoint;
};
/// Writes the value of a member that code knows; false: the member is absent.
using Writer = bool (*)(std::string& out, const View& view);

bool Quoted(std::string& out, std::string_view text) {
  AppendQuoted(out, text);
  return true;
}
bool Plain(std::string& out, std::string_view text) {
  out += text;
  return true;
}
bool Number(std::string& out, std::int64_t value) { return Plain(out, std::to_string(value)); }
bool Time(std::string& out, Instant instant) { return Quoted(out, FormatTime(instant)); }

std::string_view AllocationText(Allocation allocation) {
  if (allocation == Allocation::kSteady) return "steady";
  return allocation == Allocation::kResizing ? "resizing" : "stopping";
}

bool WriteResizeErrors(std::string& out, const View& view) {
  const Pool& pool = view.pool;
  if (pool.resize_errors.empty() || pool.allocation != Allocation::kSteady) return false;
  out += '[';
  for (const ResizeError& error : pool.resize_errors) {
    if (&error != pool.resize_errors.data()) out += ',';
    AppendNamedError(out, error, {});
  }
  out += ']';
  return true;
}

bool WriteRun(std::string& out, const View& view) {
  if (!view.pool.auto_scale || !view.pool.run) return false;
  out += '{';
  AppendAutoScaleRun(out, *view.pool.run);
  out += '}';
  return true;
}

const std::map<std::string_view, Writer>& Writers() {
  static const std::map<std::string_view, Writer> kWriters{
      {"id", [](std::string& o, const View& v) { return Quoted(o, v.pool.id); }},
      {"url",
       [](std::string& o, const View& v) {
         return Quoted(o, fmt::format("{}/pools/{}", v.endpoint, v.pool.id));
       }},
      {"eTag", [](std::string& o, const View& v) { return Quoted(o, v.pool.etag); }},
      {"lastModified", [](std::string& o, const View& v) { return Time(o, v.pool.last_modified); }},
      {"creationTime", [](std::string& o, const View& v) { return Time(o, v.pool.created); }},
      {"state", [](std::string& o,
                   const View& v) { return Quoted(o, v.pool.Deleting() ? "deleting" : "active"); }},
      {"stateTransitionTime",
       [](std::string& o, const View& v) { return Time(o, v.pool.state_since); }},
      {"allocationState",
       [](std::string& o, const View& v) { return Quoted(o, AllocationText(v.pool.allocation)); }},
      {"allocationStateTransitionTime",
       [](std::string& o, const View& v) { return Time(o, v.pool.allocation_since); }},
      {"resizeTimeout",
       [](std::string& o, const View& v) {
         return Quoted(o, FormatDuration(v.pool.resize_timeout));
       }},
      {"currentDedicatedNodes",
       [](std::string& o, const View& v) { return Number(o, v.pool.Current(kDedicated)); }},
      {"targetDedicatedNodes",
       [](std::string& o, const View& v) { return Number(o, v.pool.target[kDedicated]); }},
      {"currentLowPriorityNodes",
       [](std::string& o, const View& v) { return Number(o, v.pool.Current(kSpot)); }},
      {"targetLowPriorityNodes",
       [](std::string& o, const View& v) { return Number(o, v.pool.target[kSpot]); }},
      {"resizeErrors", WriteResizeErrors},
      {"enableAutoScale",
       [](std::string& o, const View& v) {
         return Plain(o, v.pool.auto_scale ? "true" : "false");
       }},
      {"autoScaleFormula",
       [](std::string& o, const View& v) {
         return v.pool.auto_scale && Quoted(o, v.pool.formula);
       }},
      {"autoScaleEvaluationInterval",
       [](std::string& o, const View& v) {
         return v.pool.auto_scale && Quoted(o, FormatDuration(v.pool.evaluation_interval));
       }},
      {"autoScaleRun", WriteRun},
      {"currentNodeCommunicationMode",
       [](std::string& o, const View& v) {
         return !v.pool.nodes.empty() && Quoted(o, v.pool.current_communication_mode);
       }},
  };
  return kWriters;
}

/// The writers by place in the member table; null: a kept setting.
const std::vector<Writer>& WritersByPlace() {
  static const std::vector<Writer> kByPlace = [] {
    std::vector<Writer> out;
    for (const Member& member : PoolMember().children) {
      const auto at = Writers().find(member.name);
      out.push_back(at == Writers().end() ? nullptr : at->second);
    }
    return out;
  }();
  return kByPlace;
}

void Render(const Pool& pool, std::string_view api_version) {
  pool.rendered.api_version = std::string(api_version);
  pool.rendered.members.clear();
  const std::vector<Member>& members = PoolMember().children;
  for (std::size_t place = 0; place < members.size(); ++place) {
    const Json* const value = pool.settings.Find(members[place].name);
    if (value == nullptr || !members[place].In(api_version)) continue;
    std::string text;
    AppendForVersion(text, *value, members[place], api_version);
    text.shrink_to_fit();
    pool.rendered.members.emplace_back(place, std::move(text));
  }
  pool.rendered.members.shrink_to_fit();
}

}  // namespace

MemberMask MaskOf(const std::vector<std::string>& names) {
  MemberMask mask;
  for (const Member& member : PoolMember().children) {
    mask.push_back(std::find(names.begin(), names.end(), member.name) != names.end());
  }
  return mask;
}

void AppendPoolMembers(std::string& out, const Pool& pool, std::string_view api_version,
                       std::string_view endpoint, const MemberMask& mask) {
  if (pool.rendered.api_version != api_version) Render(pool, api_version);
  const View view{pool, api_version, endpoint};
  const std::vector<Member>& members = PoolMember().children;
  const std::vector<Writer>& writers = WritersByPlace();
  auto setting = pool.rendered.members.begin();
  bool first = true;
  for (std::size_t place = 0; place < members.size(); ++place) {
    const bool is_setting = setting != pool.rendered.members.end() && setting->first == place;
    const std::string* const text = is_setting ? &(setting++)->second : nullptr;
    if (!mask.empty() && !mask[place]) continue;
    if (text == nullptr && (writers[place] == nullptr || !members[place].In(api_version))) continue;
    const std::size_t before = out.size();
    if (!first) out += ',';
    out += '"';
    out += members[place].name;
    out += "\":";
    if (text != nullptr) {
      out += *text;
    } else if (!writers[place](out, view)) {
      out.resize(before);
      continue;
    }
    first = false;
  }
}

void AppendNamedError(std::string& out, const ResizeError& error, std::string_view detail) {
  out += R"({"code":)";
  AppendQuoted(out, error.code);
  out += R"(,"message":)";
  AppendQuoted(out, error.message);
  if (!detail.empty()) {
    out += R"(,"values":[{"name":"Message","value":)";
    AppendQuoted(out, detail);
    out += "}]";
  }
  out += '}';
}

void AppendAutoScaleRun(std::string& out, const AutoScaleRun& run) {
  out += R"("timestamp":)";
  AppendQuoted(out, FormatTime(run.timestamp));
  out += R"(,"results":)";
  AppendQuoted(out, run.results);
  if (run.error) {
    out += R"(,"error":)";
    AppendNamedError(out, *run.error, run.detail);
  }
}

}  // namespace emulator
