// A fresh look at the images of an account, apart from any cycle.
#pragma once

#include <stop_token>
#include <vector>

#include "reconciler/cycle/account.h"
#include "reconciler/plan/image_table.h"

namespace reconciler::cycle {

struct ImageLook {
  plan::ImageList images;
  std::vector<plan::ImageUse> uses;  // of live pools; empty unless asked for
};
/// Asks the service for its list and, `with_pools`, for the images of all live pools. Blocks in the
/// transport. Errors: those of batch::Client.
Result<ImageLook> LookAtImages(const Account& account, Doors& doors, bool with_pools,
                               std::stop_token stop);

}  // namespace reconciler::cycle
