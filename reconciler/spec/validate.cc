#include "reconciler/spec/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "reconciler/core/text.h"
#include "reconciler/spec/known_slips.h"

namespace reconciler::spec {
namespace {

bool Holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string JoinWords(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? fmt::format(" {} ", last) : std::string(", ");
    text += words[i];
  }
  return text;
}

/// Where an object stands: the key that names it would be better, but items have none.
std::string Subject(const std::string& path) { return path.empty() ? "the document" : path; }

/// Whether the presence of that member tells the alternative from all others.
bool Distinguishes(const PropertyNode& row, const PropertyAlternative& alternative,
                   std::string_view name) {
  if (!Holds(alternative.required, name)) return false;
  return std::none_of(row.alternatives.begin(), row.alternatives.end(),
                      [&](const PropertyAlternative& other) {
                        return &other != &alternative &&
                               (Holds(other.members, name) || Holds(other.required, name));
                      });
}

const NodeMember* FirstNamed(const Node& node, const PropertyNode& row,
                             const PropertyAlternative& alternative) {
  for (const NodeMember& member : node.members) {
    if (member.value.IsNull()) continue;
    if (Distinguishes(row, alternative, member.name)) return &member;
  }
  return nullptr;
}

bool DistinguishesAny(const PropertyNode& row, std::string_view name) {
  return std::any_of(row.alternatives.begin(), row.alternatives.end(),
                     [&](const PropertyAlternative& alternative) {
                       return Distinguishes(row, alternative, name);
                     });
}

}  // namespace

std::string JoinPath(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

void Validator::Check(const Node& node, const PropertyNode& row, const std::string& path) {
  if (node.kind == NodeKind::kBad) return ExplainBad(node, row, path);
  if (sink_.full()) return;
  if (row.secret != SecretUse::kNone) return CheckSecret(node, row, path);
  if (!CheckType(node, row, path)) return;
  if (node.IsMap() && row.type == ValueType::kObject) {
    CheckObject(node, row, path);
  } else if (node.IsList() && row.type == ValueType::kList) {
    CheckList(node, row, path);
  } else {
    CheckScalar(node, row, path);
  }
}

void Validator::CheckObject(const Node& node, const PropertyNode& row, const std::string& path) {
  const bool was_whole = std::exchange(whole_, whole_ || !row.alternatives.empty());
  const PropertyAlternative* chosen = ChooseAlternative(node, row, path);
  for (const NodeMember& member : node.members) {
    const PropertyNode* known = row.FindMember(member.name);
    if (known != nullptr) {
      CheckMember(member, *known, row, chosen, path);
    } else if (row.further != nullptr) {
      Check(member.value, *row.further, JoinPath(path, member.name));
    } else if (!row.open) {
      CheckUnknownKey(member, row, path);
    }
  }
  CheckRequired(node, row, chosen, path);
  whole_ = was_whole;
}

void Validator::CheckMember(const NodeMember& member, const PropertyNode& row,
                            const PropertyNode& parent, const PropertyAlternative* chosen,
                            const std::string& path) {
  const std::string member_path = JoinPath(path, member.name);
  if (chosen != nullptr && !chosen->members.empty() && !Holds(chosen->members, member.name)) {
    if (!CheckNull(member, false, member_path)) return;
    // Two choices at once are reported by ChooseAlternative.
    if (DistinguishesAny(parent, member.name)) return;
    sink_.Error(member.place, member_path,
                fmt::format("{}: does not go together with '{}'", member_path, chosen->member));
    return;
  }
  const bool is_required =
      parent.IsRequired(member.name) || (chosen != nullptr && Holds(chosen->required, member.name));
  if (!CheckNull(member, is_required, member_path)) return;
  CheckVersion(member, row, member_path);
  Check(member.value, row, member_path);
}

/// False if there is nothing more to check.
bool Validator::CheckNull(const NodeMember& member, bool is_required, const std::string& path) {
  if (!member.value.IsNull()) return true;
  if (member.value.text.empty()) {
    const std::string_view advice =
        is_required ? "it is required"
                    : "write a value, or remove the key (null means \"at the service's default\")";
    sink_.Error(member.place, path, fmt::format("{}: nothing is written here; {}", path, advice));
  } else if (is_required && (whole_ || !options_.partial)) {
    sink_.Error(member.value.place, path, fmt::format("{}: is required and cannot be null", path));
  }
  return false;
}

void Validator::CheckVersion(const NodeMember& member, const PropertyNode& row,
                             const std::string& path) {
  if (options_.api_version.empty() || row.ExistsIn(options_.api_version)) return;
  sink_.Error(member.place, path,
              fmt::format("{}: exists {}, {}{}", path, VersionsInWords(row.since, row.until),
                          OwnVersionInWords(), InOtherVersions(row.path)));
}

std::string Validator::OwnVersionInWords() const {
  if (options_.version_assumed) {
    return fmt::format("{} is assumed without a configuration", options_.api_version);
  }
  return fmt::format("account '{}' uses {}", options_.account, options_.api_version);
}

const PropertyAlternative* Validator::ChooseAlternative(const Node& node, const PropertyNode& row,
                                                        const std::string& path) {
  if (row.alternatives.empty()) return nullptr;
  const PropertyAlternative* chosen = nullptr;
  const NodeMember* named = nullptr;
  for (const PropertyAlternative& alternative : row.alternatives) {
    const NodeMember* member = FirstNamed(node, row, alternative);
    if (member == nullptr) continue;
    if (chosen != nullptr) {
      const bool in_order = named < member;
      const NodeMember* first = in_order ? named : member;
      const NodeMember* second = in_order ? member : named;
      sink_.Error(second->place, JoinPath(path, second->name),
                  fmt::format("{}: '{}' and '{}' exclude each other; keep one", Subject(path),
                              first->name, second->name));
      return chosen;
    }
    chosen = &alternative;
    named = member;
  }
  if (chosen != nullptr) return chosen;
  std::vector<std::string> choices;
  for (const PropertyAlternative& alternative : row.alternatives) {
    choices.push_back(alternative.title.empty()
                          ? fmt::format("'{}'", alternative.member)
                          : fmt::format("'{}' ({})", alternative.member, alternative.title));
  }
  sink_.Error(node.place, path,
              fmt::format("{}: needs exactly one of {}", Subject(path), JoinWords(choices, "or")));
  return nullptr;
}

void Validator::CheckRequired(const Node& node, const PropertyNode& row,
                              const PropertyAlternative* chosen, const std::string& path) {
  if (options_.partial && !whole_) return;
  const auto require = [&](const std::string& name) {
    if (node.FindMember(name) != nullptr || IsMissedOtherwise(node, path, name)) return;
    const std::string member_path = JoinPath(path, name);
    std::string message =
        fmt::format("{} is missing: {}", member_path, DescribeMissing(*row.FindMember(name)));
    // Where a secret is missing it often stands nearby under a wrong name.
    if (NamesSecret(name)) {
      sink_.ErrorWithoutLine(node.place, member_path, std::move(message));
    } else {
      sink_.Error(node.place, member_path, std::move(message));
    }
  };
  for (const std::string& name : row.required) require(name);
  if (chosen == nullptr) return;
  for (const std::string& name : chosen->required) require(name);
}

void Validator::CheckUnknownKey(const NodeMember& member, const PropertyNode& parent,
                                const std::string& path) {
  const std::string member_path = JoinPath(path, member.name);
  if (member.name == "secretRef") {
    return sink_.Error(member.place, member_path, NoSecretHere(Subject(path)));
  }
  const std::string slip = ExplainKnownSlip(path, member.name);
  if (!slip.empty()) return sink_.Error(member.place, member_path, slip);
  std::vector<std::string_view> names;
  for (const PropertyNode& known : parent.members) names.push_back(known.name);
  const std::string nearest = NearestName(member.name, names);
  std::string message = fmt::format("unknown key '{}'", member.name);
  // The very name elsewhere tells more than a like one here.
  if (const std::string home = FindHome(parent, member.name); !home.empty()) {
    message += fmt::format(" (it belongs in '{}'; check the indentation)", home);
  } else if (!nearest.empty()) {
    message += fmt::format(" (did you mean '{}'?)", nearest);
  } else if (!path.empty()) {
    message += fmt::format(" in {}", path);
  }
  // What stands at a slip of a secret's name may be the secret.
  const PropertyNode* meant = parent.FindMember(nearest);
  if (NamesSecret(member.name) || (meant != nullptr && NamesSecret(meant->name))) {
    sink_.ErrorWithoutLine(member.place, member_path, message);
  } else {
    sink_.Error(member.place, member_path, message);
  }
}

void Validator::CheckList(const Node& node, const PropertyNode& row, const std::string& path) {
  if (row.items_max && node.items.size() > *row.items_max) {
    sink_.Error(node.items[*row.items_max].place, path,
                fmt::format("{}: has {} items, at most {} are allowed", path, node.items.size(),
                            *row.items_max));
  }
  if (row.items_min && node.items.size() < *row.items_min) {
    sink_.Error(node.place, path,
                fmt::format("{}: needs at least {} item{}", path, *row.items_min,
                            *row.items_min == 1 ? "" : "s"));
  }
  if (row.item == nullptr) return;
  const bool was_whole = std::exchange(whole_, true);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    Check(node.items[i], *row.item, fmt::format("{}[{}]", path, i));
  }
  whole_ = was_whole;
  if (row.compare == Compare::kByKey) CheckDuplicates(node, row, path);
}

void Validator::CheckDuplicates(const Node& node, const PropertyNode& row,
                                const std::string& path) {
  const PropertyNode* key_row = row.item->FindMember(row.key);
  const bool fold = key_row != nullptr && key_row->compare == Compare::kCaseFold;
  std::map<std::string, const Node*> seen;
  for (const Node& item : node.items) {
    const Node* key = item.FindValue(row.key);
    if (key == nullptr || key->text.empty()) continue;
    const auto [entry, is_new] = seen.try_emplace(fold ? FoldCase(key->text) : key->text, key);
    if (is_new) continue;
    sink_.Error(key->place, path,
                fmt::format("{}: two items with {} {}, the first in line {}", path, row.key,
                            ShowValue(*key), entry->second->place.line));
  }
}

}  // namespace reconciler::spec
