#include "reconciler/plan/secret_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reconciler/plan/secret_ref.h"

namespace reconciler::plan {
namespace {

/// Tags by the place that they are of.
using Tags = std::multimap<std::string, std::string, std::less<>>;

Tags ReadTags(std::string_view text) {
  Tags tags;
  for (; text.size() >= kTagCharacters; text.remove_prefix(kTagCharacters)) {
    tags.emplace(text.substr(0, kTagPlaceCharacters), text.substr(0, kTagCharacters));
  }
  return tags;
}

/// Whether the record tells the secrets apart, and in the same words as now.
bool TellsApart(const PreparedProperty& property, const AppliedEntry* applied) {
  if (applied == nullptr) return false;
  const bool then = applied->secret_digest.empty() || !applied->secret_tags.empty();
  const bool now = property.secret_digest.empty() || !property.secret_tags.empty();
  const bool same_key = !applied->HasSecrets() || !property.HasSecrets() ||
                        applied->secret_key_id == property.secret_key_id;
  return then && now && same_key;
}

/// The path itself, or what holds it.
bool IsShown(const std::string& path, const std::vector<Change>& shown) {
  return std::any_of(shown.begin(), shown.end(), [&](const Change& change) {
    if (!path.starts_with(change.path)) return false;
    return path.size() == change.path.size() || path[change.path.size()] == '.' ||
           path[change.path.size()] == '[';
  });
}

/// A difference of the item is shown, by which the secret in it has got another place.
bool HasMoved(const SecretPlace& place, const std::vector<Change>& shown) {
  return !place.formed_item.empty() &&
         std::any_of(shown.begin(), shown.end(), [&](const Change& change) {
           return change.path.starts_with(place.formed_item);
         });
}

class Teller {
 public:
  Teller(const PreparedProperty& property, const PoolSpec& spec, const Change& model,
         const std::vector<Change>& shown)
      : property_(property), spec_(spec), model_(model), shown_(shown) {}

  std::vector<Change> Apart(const AppliedEntry& applied) {
    Tags then = ReadTags(applied.secret_tags);
    std::string_view tags = property_.secret_tags;
    std::vector<const SecretPlace*> moved;
    for (const SecretPlace& place : property_.secret_places) {
      const std::string_view tag = tags.substr(0, kTagCharacters);
      tags.remove_prefix(kTagCharacters);
      if (!Take(then, tag)) moved.push_back(&place);
    }
    for (const SecretPlace* place : moved) Tell(*place, then);
    if (property_.node != nullptr && property_.desired != nullptr && !then.empty()) {
      for (const SecretPlace& place :
           LocateAbsentSecrets(*property_.node, *property_.desired, property_.name)) {
        const auto gone = then.find(TagOfPlace(place.identity));
        if (gone == then.end()) continue;
        then.erase(gone);
        Add(place, true, false, "the secret was taken away");
      }
    }
    if (lines_.empty() && shown_.empty()) Whole("a secret inside was taken away");
    return std::move(lines_);
  }

  std::vector<Change> Together() {
    const auto is_sensitive = [](const Change& change) { return change.sensitive; };
    if (std::any_of(shown_.begin(), shown_.end(), is_sensitive)) return {};
    const std::vector<SecretPlace>& places = property_.secret_places;
    std::string note = "a secret inside changed";
    if (places.size() == 1) {
      Add(places.front(), true, true, note);
      return std::move(lines_);
    }
    std::vector<std::string> paths;
    for (const SecretPlace& place : places) paths.push_back(place.path);
    if (!paths.empty()) note += fmt::format(", one of {}", fmt::join(paths, ", "));
    Whole(note);
    return std::move(lines_);
  }

 private:
  /// True: that very secret was in that place.
  static bool Take(Tags& then, std::string_view tag) {
    const auto [first, last] = then.equal_range(tag.substr(0, kTagPlaceCharacters));
    const auto same = std::find_if(first, last, [&](const auto& was) { return was.second == tag; });
    if (same == last) return false;
    then.erase(same);
    return true;
  }

  void Tell(const SecretPlace& place, Tags& then) {
    const auto other = then.find(TagOfPlace(place.identity));
    const bool was_there = other != then.end();
    if (was_there) then.erase(other);
    if (!was_there && HasMoved(place, shown_)) return;
    const bool query = place.name.empty();
    Add(place, was_there || query, true,
        query       ? "the query changed"
        : was_there ? "the secret changed"
                    : "the secret is new");
  }

  void Add(const SecretPlace& place, bool before, bool after, const std::string& note) {
    if (IsShown(place.path, shown_)) return;
    Change& change = AddLine(before, after, note);
    change.path = place.path;
    change.position = spec_.PositionOf(place.spec_path);
  }

  void Whole(const std::string& note) { AddLine(true, true, note); }

  Change& AddLine(bool before, bool after, const std::string& note) {
    Change& change = lines_.emplace_back(model_);
    change.sensitive = true;
    if (before) change.before = Value(kSensitiveText);
    if (after) change.after = Value(kSensitiveText);
    change.note = model_.note.empty() ? note : note + ", " + model_.note;
    return change;
  }

  const PreparedProperty& property_;
  const PoolSpec& spec_;
  const Change& model_;
  const std::vector<Change>& shown_;
  std::vector<Change> lines_;
};

}  // namespace

std::vector<Change> SecretChanges(const PreparedProperty& property, const PoolSpec& spec,
                                  const AppliedEntry* applied, const Change& model,
                                  const std::vector<Change>& shown) {
  Teller teller(property, spec, model, shown);
  return TellsApart(property, applied) ? teller.Apart(*applied) : teller.Together();
}

}  // namespace reconciler::plan
