// The tables of `poolkeeper images`, for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "daemon/terminal.h"
#include "reconciler/core/value.h"
#include "reconciler/plan/image_table.h"

namespace reconciler::daemon {

/// What one account answered. Its rows may point into its list.
struct AccountImages {
  std::string account;
  plan::ImageList list;
  std::vector<plan::ImageRow> rows;
};

/// A table for each account, with what was left out below it.
std::string RenderImages(const std::vector<AccountImages>& accounts,
                         const plan::ImageFilter& filter, const Screen& screen);

/// Held by schemas/images.output.schema.json. `failures`: accounts that did not answer.
Value ImagesToJson(const std::vector<AccountImages>& accounts, Array failures);

}  // namespace reconciler::daemon
