// Where the rows of a page stand, so that a page that came again unchanged is not taken apart
// again.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/digest.h"
#include "reconciler/core/json_list.h"

namespace reconciler::batch {

/// One row of a list: its text, a view that lives as long as the call, and the text's digest.
struct Row {
  std::string_view text;
  Sha256Bytes digest;
};
using MarkedRowVisitor = std::function<Status(const Row& row)>;

/// The pages of one list as they came last.
struct PageMemory {
  struct RowMark {
    std::size_t offset = 0;
    std::size_t size_bytes = 0;
    Sha256Bytes digest{};
  };
  struct Page {
    Sha256Bytes digest{};
    JsonListTail tail;
    std::vector<RowMark> rows;
  };
  std::vector<Page> pages;
};

/// Hands over the rows of page `number` (from 0). Errors: as SplitJsonList, and those of `visit`.
Result<JsonListTail> VisitPage(PageMemory& memory, std::size_t number, std::string_view body,
                               const MarkedRowVisitor& visit);

}  // namespace reconciler::batch
