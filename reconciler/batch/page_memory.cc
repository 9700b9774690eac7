#include "reconciler/batch/page_memory.h"

#include <utility>

namespace reconciler::batch {
namespace {

Result<PageMemory::Page> TakeApart(const Sha256Bytes& digest, std::string_view body) {
  PageMemory::Page page;
  page.digest = digest;
  Result<JsonListTail> tail = SplitJsonList(body, [&](std::string_view row) -> Status {
    page.rows.push_back(
        {static_cast<std::size_t>(row.data() - body.data()), row.size(), Sha256(row)});
    return Ok{};
  });
  if (!tail) return std::move(tail).error();
  page.tail = std::move(*tail);
  return page;
}

}  // namespace

Result<JsonListTail> VisitPage(PageMemory& memory, std::size_t number, std::string_view body,
                               const MarkedRowVisitor& visit) {
  const Sha256Bytes digest = Sha256(body);
  if (memory.pages.size() <= number) memory.pages.resize(number + 1);
  PageMemory::Page& page = memory.pages[number];
  if (page.digest != digest) {
    Result<PageMemory::Page> fresh = TakeApart(digest, body);
    if (!fresh) return std::move(fresh).error();
    page = std::move(*fresh);
  }
  for (const PageMemory::RowMark& row : page.rows) {
    Status visited = visit({body.substr(row.offset, row.size_bytes), row.digest});
    if (!visited) return std::move(visited).error();
  }
  return page.tail;
}

}  // namespace reconciler::batch
