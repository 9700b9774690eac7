#include "tests/emulator/fault_list.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "tests/emulator/fault_links.h"
#include "tests/emulator/json.h"
#include "tests/emulator/list_item.h"

namespace emulator {

namespace {

struct Page {
  const FaultFacts& facts;
  Service& service;
  const std::string& account;
  Json& body;
  Json::List& items;

  LinkPage Link() const { return {facts.request, body, service.config().seed, account}; }
};

void Empty(const Page& page) {
  page.items.clear();
  page.body.Remove("odata.nextLink");
}
void SetLink(const Page& page, const std::string& link) {
  page.body.Set("odata.nextLink", Json(link));
}

void RepeatFirst(const Page& page) {
  if (!page.items.empty()) page.items.push_back(Json(page.items.front()));
}

/// The last item of the page before comes again.
void RepeatBorder(const Page& page) {
  const std::string id = KeyBefore(page.facts.request);
  auto item = ItemOf(page.service, page.service.Present(page.account), page.facts.request,
                     IdMember(page.facts.operation), id);
  if (item) page.items.insert(page.items.begin(), *std::move(item));
}

/// Nothing, and the list goes on from where it stands.
void EmptyPage(const Page& page) {
  page.items.clear();
  SetLink(page, LinkAfter(page.Link(), KeyBefore(page.facts.request)));
}

/// As above, and each link is another one.
void Endless(const Page& page) {
  page.items.clear();
  SetLink(page, LinkAfter(page.Link(), fmt::format("!{}", page.facts.ids.Next())));
}

using Change = void (*)(const Page&);

const std::map<std::string_view, Change>& Changes() {
  static const std::map<std::string_view, Change> kChanges{
      {"missesItem",
       [](const Page& p) {
         if (!p.items.empty()) p.items.pop_back();
       }},
      {"repeatsItem", RepeatFirst},
      {"missesAtBorder",
       [](const Page& p) {
         if (!p.items.empty()) p.items.erase(p.items.begin());
       }},
      {"repeatsAtBorder", RepeatBorder},
      {"empty", Empty},
      {"half", [](const Page& p) { p.items.resize((p.items.size() + 1) / 2); }},
      {"emptyPage", EmptyPage},
      {"loopsToItself", [](const Page& p) { SetLink(p, OwnLink(p.Link(), true)); }},
      {"loopsToFirst", [](const Page& p) { SetLink(p, OwnLink(p.Link(), false)); }},
      {"endless", Endless},
  };
  return kChanges;
}

void Shorten(const Page& page, std::int64_t size) {
  if (size < 1 || static_cast<std::size_t>(size) >= page.items.size()) return;
  page.items.resize(static_cast<std::size_t>(size));
  const std::string last = Lower(page.items.back().Text(IdMember(page.facts.operation)));
  SetLink(page, LinkAfter(page.Link(), last));
}

}  // namespace

Response BentList(const Fault& fault, const FaultFacts& facts, Response answer, Service& service,
                  const std::string& account) {
  auto body = ParseJson(answer.body);
  if (!body || body->AsObject() == nullptr) return answer;
  for (JsonMember& member : *body->AsObject()) {
    if (member.name != "value" || member.value.AsList() == nullptr) continue;
    Json::List items = *member.value.AsList();
    const Page page{facts, service, account, *body, items};
    if (fault.kind == Fault::Kind::kList) Changes().at(fault.word)(page);
    if (fault.kind == Fault::Kind::kPageSize) Shorten(page, fault.number);
    if (fault.kind == Fault::Kind::kNextLink) {
      SetLink(page, OddLink(fault.word, page.Link()));
    }
    body->Set("value", Json(std::move(items)));
    SetBody(answer, JsonText(*body));
    break;
  }
  return answer;
}

}  // namespace emulator
