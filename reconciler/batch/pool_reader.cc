#include "reconciler/batch/pool_reader.h"

#include <fmt/format.h>

#include <utility>

#include "reconciler/batch/answer_text.h"
#include "reconciler/batch/row_reader.h"
#include "reconciler/core/text.h"

namespace reconciler::batch {
namespace {

AllocationState ToAllocationState(std::string_view text) {
  if (EqualFolded(text, "steady")) return AllocationState::kSteady;
  if (EqualFolded(text, "resizing")) return AllocationState::kResizing;
  if (EqualFolded(text, "stopping")) return AllocationState::kStopping;
  return AllocationState::kUnknown;
}

/// Text of an error inside an object; some answers wrap it as {lang, value}.
std::string MessageOf(const Value& error) {
  const Value* message = error.Find("message");
  if (message == nullptr) return {};
  const std::string_view text =
      message->IsString() ? message->AsString() : message->StringOr("value");
  return Printable(text);
}

void ReadResizeErrors(RowReader& row, LivePool& pool) {
  const Array* errors = row.List("resizeErrors");
  if (errors == nullptr) return;
  for (const Value& item : *errors) {
    if (!item.IsObject()) return row.Fail("resizeErrors", "objects", item.TypeName());
    pool.resize_errors.push_back({Printable(item.StringOr("code"), 100), MessageOf(item)});
  }
}

void ReadAutoScaleRun(RowReader& row, LivePool& pool) {
  const Value* run = row.Object("autoScaleRun");
  if (run == nullptr) return;
  AutoScaleRun& out = pool.auto_scale_run.emplace();
  out.timestamp = row.Time("autoScaleRun.timestamp");
  out.results = row.Text("autoScaleRun.results");
  const Value* error = row.Object("autoScaleRun.error");
  if (error == nullptr) return;
  out.error_code = Printable(error->StringOr("code", "unknown"), 100);
  out.error_message = MessageOf(*error);
}

void ReadNodes(RowReader& row, LivePool& pool) {
  // While a pool is being deleted the service leaves members out one by one.
  const auto text = [&](std::string_view name) {
    return pool.deleting ? row.Text(name) : row.RequiredText(name);
  };
  const auto count = [&](std::string_view name) {
    return pool.deleting ? row.Count(name) : row.RequiredCount(name);
  };
  pool.vm_size = text("vmSize");
  pool.allocation_state = ToAllocationState(text("allocationState"));
  pool.allocation_transition = row.Time("allocationStateTransitionTime");
  pool.current_dedicated = count("currentDedicatedNodes");
  pool.current_low_priority = count("currentLowPriorityNodes");
  pool.target_dedicated = count("targetDedicatedNodes");
  pool.target_low_priority = count("targetLowPriorityNodes");
  pool.auto_scale = row.Flag("enableAutoScale");
}

}  // namespace

Result<LivePool> ReadPool(Value body) {
  if (!body.IsObject()) {
    return Error{ErrorKind::kTransient,
                 fmt::format("a pool: expected an object, found {}", body.TypeName())};
  }
  const std::string id(body.StringOr("id"));
  RowReader row(body, id.empty() ? "a pool" : fmt::format("pool '{}'", Printable(id, 64)));
  LivePool pool;
  pool.id = row.RequiredText("id");
  pool.etag = row.RequiredText("eTag");
  if (ReadETag(pool.etag).empty()) row.Fail("eTag", "an entity tag", "other characters");
  pool.creation_time = row.Text("creationTime");
  pool.last_modified = row.Time("lastModified");
  pool.deleting = EqualFolded(row.RequiredText("state"), "deleting");
  ReadNodes(row, pool);
  ReadResizeErrors(row, pool);
  ReadAutoScaleRun(row, pool);
  if (row.error()) return *row.error();
  pool.body = std::move(body);
  return pool;
}

}  // namespace reconciler::batch
