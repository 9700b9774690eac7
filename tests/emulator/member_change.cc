#include "tests/emulator/member_change.h"

namespace emulator {

MemberChange ReadMemberChange(const Context& context, const Member& table, const Json& body,
                              bool replaces) {
  MemberChange change;
  const NormaliseContext normalising = context.Normalising(false);
  for (const JsonMember& sent : *body.AsObject()) {
    if (LeftOut(sent, normalising, change.problems)) continue;
    const Member* const member = table.Child(sent.name);
    const bool taken = member != nullptr && (replaces ? member->update : member->patch_always);
    if (!Accepts(taken ? member : nullptr, sent.name, normalising, change.problems)) continue;
    auto value = NormaliseValue(sent.value, *member, normalising, change.problems);
    if (!value && member->drop_empty) value = Json{Json::List{}};
    if (value) change.settings.Set(sent.name, std::move(*value));
  }
  for (const Member& member : table.children) {
    const bool missing = replaces && member.update_required && body.Find(member.name) == nullptr;
    if (missing && !change.problems.shape) change.problems.shape = MissingProperty(member.name);
  }
  return change;
}

Json MergedMembers(const Member& table, const Json& settings, const Json& sent, bool replaces) {
  Json::Object merged;
  const Switches switches;
  const NormaliseContext context{"", false, switches};
  for (const Member& member : table.children) {
    const Json* const now = sent.Find(member.name);
    const Json* const before = settings.Find(member.name);
    BodyProblems none;
    if (now != nullptr) {
      const bool emptied = member.drop_empty && now->AsList() != nullptr && now->AsList()->empty();
      if (!emptied) merged.push_back({member.name, *now});
    } else if (before != nullptr && !(replaces && member.update)) {
      merged.push_back({member.name, *before});
    } else if (member.fill && member.update) {
      merged.push_back({member.name, NormaliseValue(*member.fill, member, context, none).value()});
    }
  }
  return Json{std::move(merged)};
}

}  // namespace emulator
