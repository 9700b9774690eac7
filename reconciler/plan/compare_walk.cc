#include "reconciler/plan/compare_walk.h"

#include <algorithm>
#include <utility>

#include "reconciler/plan/canonical.h"
#include "reconciler/plan/secret_ref.h"

namespace reconciler::plan {
namespace {

std::string PathOf(const Frame& frame, bool by_index) {
  if (frame.up == nullptr) return std::string(frame.text);
  const std::string above = PathOf(*frame.up, by_index);
  if (!frame.is_item)
    return above.empty() ? std::string(frame.text) : above + "." + std::string(frame.text);
  const bool label = !by_index && !frame.text.empty();
  return above + "[" + (label ? std::string(frame.text) : std::to_string(frame.index)) + "]";
}

}  // namespace

bool Walk::Visit(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  if (!node.returned || node.compare == Compare::kNone) return true;
  for (Side* side : {&desired, &live}) {
    const Value* present = Present(node, side->value);
    side->empty_object = present == nullptr && side->value != nullptr && side->value->IsObject();
    side->value = present;
  }
  if (desired.value != nullptr && live.value != nullptr) return Both(node, desired, live, at);
  if (desired.value != nullptr) return LiveAbsent(node, desired, live, at);
  if (live.value != nullptr) return DesiredAbsent(node, desired, live, at);
  return true;
}

bool Walk::DesiredAbsent(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  static const Value kNothing;
  const Value* fallback = desired.final ? &kNothing : node.DefaultFor(api_version_);
  if (fallback == nullptr) return true;
  if (fallback->IsNull())
    return SaysNothing(node, *live.value) || OneSided(node, desired, live, at);
  return Both(node, Side{fallback, true, false}, live, at);
}

bool Walk::LiveAbsent(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  const bool secret = node.secret != SecretUse::kNone && IsSecretRef(*desired.value);
  const Value* fallback = live.final || secret ? nullptr : node.DefaultFor(api_version_);
  if (fallback != nullptr && !fallback->IsNull()) {
    return Both(node, desired, Side{fallback, true, false}, at);
  }
  const bool default_known = live.final || (fallback != nullptr && !secret);
  const bool same =
      default_known ? SaysNothing(node, *desired.value) : HasEmptyForm(node, *desired.value);
  return same || OneSided(node, desired, live, at);
}

bool Walk::OneSided(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  static const Value kEmpty{Object{}};
  const Value& there = desired.value != nullptr ? *desired.value : *live.value;
  const bool whole = at.up == nullptr && !desired.empty_object && !live.empty_object;
  const bool by_members = node.compare == Compare::kObject && there.IsObject() && !node.open;
  if (out_ == nullptr || whole || !by_members) return Report(node, desired, live, at);
  const auto or_empty = [](Side side) {
    if (side.value == nullptr) side.value = &kEmpty;
    return side;
  };
  const std::size_t before = out_->size();
  (void)Members(node, or_empty(desired), or_empty(live), at);
  if (out_->size() == before) MembersOfUnknownDefault(node, or_empty(desired), or_empty(live), at);
  return out_->size() > before || Report(node, desired, live, at);
}

void Walk::MembersOfUnknownDefault(const PropertyNode& node, Side desired, Side live,
                                   const Frame& at) {
  for (const PropertyNode& row : node.members) {
    if (!row.returned || row.compare == Compare::kNone) continue;
    if (row.DefaultFor(api_version_) != nullptr) continue;
    const Side left{Present(row, desired.value->Find(row.name)), desired.defaulted, true};
    const Side right{Present(row, live.value->Find(row.name)), live.defaulted, true};
    const Value* there = left.value != nullptr ? left.value : right.value;
    if (there == nullptr || ScalarsEqual(row, row.filled, *there)) continue;
    (void)Report(row, left, right, Frame{&at, row.name});
  }
}

bool Walk::Both(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  if (node.secret != SecretUse::kNone && IsSecretRef(*desired.value)) {
    return IsThatSecret(node, *desired.value, *live.value) || Report(node, desired, live, at);
  }
  switch (node.compare) {
    case Compare::kJson:
      return Json(node, desired, live, at);
    case Compare::kObject:
      if (!desired.value->IsObject() || !live.value->IsObject()) break;
      return Members(node, desired, live, at);
    case Compare::kList:
    case Compare::kSet:
    case Compare::kByKey:
      if (!desired.value->IsArray() || !live.value->IsArray() || node.item == nullptr) break;
      return Lists(node, desired, live, at);
    default:
      return ScalarsEqual(node, *desired.value, *live.value) || Report(node, desired, live, at);
  }
  return *desired.value == *live.value || Report(node, desired, live, at);
}

bool Walk::Json(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  const Value wanted = JsonTree(*desired.value);
  const Value found = JsonTree(*live.value);
  if (wanted == found) return true;
  // What may be a secret as a whole is not taken apart.
  if (node.secret != SecretUse::kNone) return Report(node, desired, live, at);
  return JsonMembers(node, Side{&wanted, desired.defaulted}, Side{&found, live.defaulted}, at);
}

bool Walk::JsonMembers(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  if (out_ == nullptr || desired.value == nullptr || live.value == nullptr ||
      !desired.value->IsObject() || !live.value->IsObject()) {
    return Report(node, desired, live, at);
  }
  const PropertyNode& row = node.further == nullptr ? node : *node.further;
  for (const Member& member : desired.value->AsObject()) {
    const Value* found = live.value->Find(member.name);
    if (found != nullptr && *found == member.value) continue;
    (void)JsonMembers(row, Side{&member.value, desired.defaulted}, Side{found, live.defaulted},
                      Frame{&at, member.name});
  }
  for (const Member& member : live.value->AsObject()) {
    if (desired.value->Find(member.name) != nullptr) continue;
    (void)JsonMembers(row, Side{}, Side{&member.value, live.defaulted}, Frame{&at, member.name});
  }
  return true;
}

/// Also true where it cannot be told.
bool Walk::IsThatSecret(const PropertyNode& node, const Value& desired, const Value& live) const {
  if (IsSecretRef(live)) return desired == live;
  if (secrets_ == nullptr) return true;
  const std::string_view text = live.IsString() ? std::string_view(live.AsString()) : "";
  return secrets_->Matches(node, *SecretName(desired), text).value_or(true);
}

bool Walk::Members(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  const PropertyAlternative* desired_choice = ChosenAlternative(node, *desired.value);
  const PropertyAlternative* live_choice = ChosenAlternative(node, *live.value);
  for (const PropertyNode& row : node.members) {
    const Side below_desired{desired.value->Find(row.name), desired.defaulted,
                             Excludes(desired_choice, row.name)};
    const Side below_live{live.value->Find(row.name), live.defaulted,
                          Excludes(live_choice, row.name)};
    if (!Visit(row, below_desired, below_live, Frame{&at, row.name})) return false;
  }
  return !node.open || FurtherMembers(node, desired, live, at);
}

bool Walk::FurtherMembers(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  const auto visit = [&](const Member& member, const Value* wanted, const Value* found) {
    if (node.FindMember(member.name) != nullptr) return true;
    const Frame below{&at, member.name};
    const Side left{wanted, desired.defaulted, true};
    const Side right{found, live.defaulted, true};
    if (node.further != nullptr) return Visit(*node.further, left, right, below);
    const bool same =
        (wanted == nullptr ? Value() : *wanted) == (found == nullptr ? Value() : *found);
    return same || Report(node, left, right, below);
  };
  for (const Member& member : desired.value->AsObject()) {
    if (!visit(member, &member.value, live.value->Find(member.name))) return false;
  }
  for (const Member& member : live.value->AsObject()) {
    if (desired.value->Find(member.name) != nullptr) continue;
    if (!visit(member, nullptr, &member.value)) return false;
  }
  return true;
}

bool Walk::SaysNothing(const PropertyNode& node, const Value& value) {
  if (node.compare != Compare::kObject || !value.IsObject()) return false;
  if (node.open) return false;
  return std::all_of(node.members.begin(), node.members.end(), [&](const PropertyNode& row) {
    const Value* member = Present(row, value.Find(row.name));
    if (member == nullptr || !row.returned || row.compare == Compare::kNone) return true;
    const Value* fallback = row.DefaultFor(api_version_);
    if (fallback == nullptr) return ScalarsEqual(row, row.filled, *member);
    if (fallback->IsNull()) return SaysNothing(row, *member);
    Walk quick(api_version_, secrets_, had_secrets_, nullptr);
    return quick.Both(row, Side{fallback}, Side{member}, Frame{});
  });
}

bool Walk::HasEmptyForm(const PropertyNode& node, const Value& value) {
  if (node.compare != Compare::kObject || !value.IsObject() || node.open) return false;
  const PropertyAlternative* chosen = ChosenAlternative(node, value);
  return std::all_of(node.members.begin(), node.members.end(), [&](const PropertyNode& row) {
    if (!row.returned || row.compare == Compare::kNone) return true;
    const Value* member = Present(row, value.Find(row.name));
    const Value* fallback = row.DefaultFor(api_version_);
    if (member != nullptr) {
      return fallback != nullptr && fallback->IsNull() && SaysNothing(row, *member);
    }
    return fallback == nullptr || fallback->IsNull() || Excludes(chosen, row.name);
  });
}

bool Walk::Report(const PropertyNode& node, Side desired, Side live, const Frame& at) {
  if (out_ == nullptr) return false;
  const bool wanted = desired.value != nullptr && !desired.defaulted;
  const bool found = live.value != nullptr && !live.defaulted;
  DeepDifference difference{PathOf(at, false), PathOf(at, true), {}, {}, false};
  if (wanted) difference.desired = HideSecrets(node, *desired.value, had_secrets_);
  if (desired.value != nullptr && desired.defaulted) difference.standard = *desired.value;
  if (found) difference.live = HideSecrets(node, *live.value, had_secrets_);
  const auto is_reference = [](bool there, const Side& side) {
    return there && IsSecretRef(*side.value);
  };
  difference.sensitive =
      node.secret == SecretUse::kAlways ||
      (node.secret == SecretUse::kMaybe &&
       (had_secrets_ || is_reference(wanted, desired) || is_reference(found, live)));
  if (difference.sensitive) {
    if (wanted) difference.desired = kSensitiveText;
    if (found) difference.live = kSensitiveText;
  }
  out_->push_back(std::move(difference));
  return true;
}

}  // namespace reconciler::plan
