#include "reconciler/cycle/image_look.h"

#include <utility>

#include "reconciler/cycle/node_look.h"

namespace reconciler::cycle {

Result<ImageLook> LookAtImages(const Account& account, Doors& doors, bool with_pools,
                               std::stop_token stop) {
  batch::Client client = ClientOf(account, doors);
  ImageLook look;
  auto images = client.ListSupportedImages(stop);
  if (!images) return std::move(images).error();
  look.images = {std::move(*images), doors.clock.Wall()};
  if (!with_pools) return look;
  const auto visit = [&](LivePool pool) -> Status {
    if (auto use = plan::UseOf(pool.id, pool.body)) look.uses.push_back(std::move(*use));
    return Ok{};
  };
  if (auto listed = client.ListPools(visit, "", stop); !listed) return std::move(listed).error();
  return look;
}

}  // namespace reconciler::cycle
