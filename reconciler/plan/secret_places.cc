#include "reconciler/plan/secret_places.h"

#include <algorithm>
#include <utility>

#include "reconciler/core/digest.h"
#include "reconciler/core/json.h"
#include "reconciler/plan/canonical.h"
#include "reconciler/plan/compare.h"
#include "reconciler/plan/secret_ref.h"

namespace reconciler::plan {
namespace {

/// Items are told apart by what they are at this version, whatever the account's is.
constexpr std::string_view kFormOf = "2025-06-01";

struct At {
  std::string path;
  std::string spec_path;
  std::string identity;
  std::string formed_item;

  At Member(const std::string& name) const {
    return {path + "." + name, spec_path + "." + name, identity + "." + name, formed_item};
  }
  At Item(const std::string& label, std::size_t index, const std::string& item) const {
    const std::string number = "[" + std::to_string(index) + "]";
    return {path + (label.empty() ? number : "[" + label + "]"), spec_path + number,
            identity + "[" + item + "]", formed_item};
  }
};

Value WithoutSecrets(const Value& value) {
  if (value.IsArray()) {
    Array items;
    for (const Value& item : value.AsArray()) items.push_back(WithoutSecrets(item));
    return items;
  }
  if (!value.IsObject()) return value;
  Object members;
  for (const Member& member : value.AsObject()) {
    if (!IsSecretRef(member.value)) members.push_back({member.name, WithoutSecrets(member.value)});
  }
  return members;
}

std::string FormOf(const PropertyNode& row, const Value& item) {
  const Value bare = WithoutSecrets(item);
  return ShortDigest(WriteSortedJson(Canonicalize(row, &bare, kFormOf)));
}

class Locator {
 public:
  explicit Locator(bool absent) : absent_(absent) {}

  void Visit(const PropertyNode* node, const Value& value, const At& at) {
    if (const std::string* name = SecretName(value)) {
      Add(at, *name, "");
    } else if (value.IsString() && node != nullptr && node->compare == Compare::kUrl) {
      const std::string_view url = WithoutQuery(value.AsString());
      if (url.size() < value.AsString().size()) Add(at, "", value.AsString().substr(url.size()));
    } else if (value.IsObject()) {
      VisitMembers(node, value, at);
    } else if (value.IsArray()) {
      VisitItems(node, value.AsArray(), at);
    }
  }

  std::vector<SecretPlace> Take() {
    const auto before = [](const SecretPlace& left, const SecretPlace& right) {
      return left.identity < right.identity;
    };
    std::stable_sort(places_.begin(), places_.end(), before);
    return std::move(places_);
  }

 private:
  void Add(const At& at, const std::string& name, std::string query) {
    if (absent_) return;
    places_.push_back({at.path, at.spec_path, at.identity, at.formed_item, name, std::move(query)});
  }

  void VisitMembers(const PropertyNode* node, const Value& value, const At& at) {
    for (const Member& member : value.AsObject()) {
      const PropertyNode* row = node == nullptr ? nullptr : node->FindMember(member.name);
      if (row == nullptr && node != nullptr) row = node->further.get();
      Visit(row, member.value, at.Member(member.name));
    }
    if (!absent_ || node == nullptr) return;
    for (const PropertyNode& row : node->members) {
      if (value.Find(row.name) == nullptr) AddAbsent(row, at.Member(row.name));
    }
  }

  void AddAbsent(const PropertyNode& row, const At& at) {
    if (row.secret == SecretUse::kAlways) {
      places_.push_back({at.path, at.spec_path, at.identity, at.formed_item, "", ""});
    }
    for (const PropertyNode& below : row.members) AddAbsent(below, at.Member(below.name));
  }

  void VisitItems(const PropertyNode* node, const Array& items, const At& at) {
    const PropertyNode* row = node == nullptr ? nullptr : node->item.get();
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::string label;
      std::string identity = std::to_string(i);
      if (row != nullptr && node->compare == Compare::kByKey) {
        identity = label = KeyOf(*node, items[i], kFormOf);
      } else if (row != nullptr && node->compare == Compare::kSet) {
        identity = FormOf(*row, items[i]);
      }
      At item = at.Item(label, i, identity);
      if (row != nullptr && node->compare == Compare::kSet) item.formed_item = item.path;
      Visit(row, items[i], item);
    }
  }

  bool absent_;
  std::vector<SecretPlace> places_;
};

std::vector<SecretPlace> Locate(const PropertyNode* node, const Value& value,
                                const std::string& property, bool absent) {
  Locator locator(absent);
  locator.Visit(node, value, {property, property, property, ""});
  return locator.Take();
}

}  // namespace

std::vector<SecretPlace> LocateSecrets(const PropertyNode* node, const Value& value,
                                       const std::string& property) {
  return Locate(node, value, property, false);
}

std::vector<SecretPlace> LocateAbsentSecrets(const PropertyNode& node, const Value& value,
                                             const std::string& property) {
  return Locate(&node, value, property, true);
}

std::string TagOfPlace(std::string_view identity) {
  return ShortDigest(identity, kTagPlaceCharacters);
}

std::string TagOf(std::string_view identity, std::string_view digest) {
  return TagOfPlace(identity) + ShortDigest(std::string(identity) + "=" + std::string(digest),
                                            kTagCharacters - kTagPlaceCharacters);
}

}  // namespace reconciler::plan
