#include "reconciler/cycle/image_store.h"

#include <utility>

#include "reconciler/batch/list_rows.h"
#include "reconciler/core/json.h"
#include "reconciler/cycle/tell.h"

namespace reconciler::cycle {
namespace {

constexpr std::chrono::hours kListAge{6};
constexpr std::chrono::minutes kFetchPause{10};

std::string KeyOf(const Account& account) { return "images-" + account.config.name + ".json"; }

void SaveImages(Pass& pass) {
  // A command that only looks writes nothing.
  if (!pass.options.act) return;
  const plan::ImageList& list = *pass.account.images;
  Array images;
  for (const SupportedImage& image : list.images)
    images.push_back(batch::WriteSupportedImage(image));
  const Value json = Object{{"fetched", FormatTime(list.fetched)}, {"images", std::move(images)}};
  const Status saved = pass.doors.state.Put(KeyOf(pass.account), WriteJson(json));
  pass.account.images_unsaved = !saved;
  if (!saved) TellStateFailure(pass, "images", saved.error());
}

}  // namespace

void LoadImages(Account& account, Doors& doors, Instant wall) {
  const auto stored = doors.state.Get(KeyOf(account));
  if (!stored || !*stored) return;
  const Result<Value> json = ParseJson(**stored);
  if (!json) return;  // a broken cache is no cache
  const auto fetched = ParseTime(json->StringOr("fetched"));
  const Value* images = json->Find("images");
  if (!fetched || *fetched > wall || wall - *fetched > kListAge || images == nullptr ||
      !images->IsArray()) {
    return;
  }
  plan::ImageList list;
  list.fetched = *fetched;
  for (const Value& row : images->AsArray()) {
    Result<SupportedImage> image = batch::ReadSupportedImage(row);
    if (!image) return;
    list.images.push_back(std::move(*image));
  }
  account.images = std::move(list);
  account.images_due = doors.clock.Now() + (kListAge - (wall - *fetched));
}

Status FetchImages(Pass& pass) {
  Account& account = pass.account;
  const Tick now = pass.doors.clock.Now();
  account.images_fetched = now;
  auto images = pass.client.ListSupportedImages(pass.stop);
  if (!images) {
    account.images_due = now + kFetchPause;
    account.images_problem = images.error().message;
    return std::move(images).error();
  }
  account.images_problem.clear();
  account.images = plan::ImageList{std::move(*images), pass.context.wall};
  account.images_due = now + kListAge;
  SaveImages(pass);
  return Ok{};
}

void HoldImagesAlert(Pass& pass) {
  if (pass.account.images_unsaved) SaveImages(pass);  // a full disk passes
  if (pass.account.images_problem.empty()) return;
  Event event = pass.EventOf(EventKind::kObservationPartial, Severity::kWarning, "");
  event.reason = Reason::kImageListMissing;
  event.detail = pass.account.images_problem;
  pass.account.alerts.Hold("images", "", event,
                           pass.EventOf(EventKind::kObservationWhole, Severity::kInfo, ""));
}

}  // namespace reconciler::cycle
