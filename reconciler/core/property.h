// The property table: what each member of a document is, how it compares, what a change costs.
// It is read from schemas/*.json; schemas/README.md defines each keyword.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/core/result.h"
#include "reconciler/core/value.h"

namespace reconciler {

/// What a change of a property asks for; by rising disturbance.
enum class Cost {
  kPatch,    // PATCH, nothing is disturbed
  kReboot,   // PATCH, lands on a node when it restarts
  kScale,    // resize, enableautoscale, disableautoscale
  kEmpty,    // PATCH, only while the pool has no nodes
  kReplace,  // only on a new pool
  kArm,      // only through the management plane
};
/// The word of the schema: "patch", "reboot", ...
std::string_view CostName(Cost cost);

enum class Compare {
  kExact,     // scalars: same type, same value
  kCaseFold,  // text without regard to ASCII case
  kText,      // text; CR LF equals LF, white space at the end does not count
  kDuration,  // ISO 8601 by length: PT60M equals PT1H
  kUrl,       // text up to the query; the query counts as never returned
  kJson,      // any tree; members in any order, no defaults
  kObject,    // member by member, each by its own row
  kList,      // item by item
  kSet,       // items in any order, equal items count once
  kByKey,     // items in any order, matched by the member `key`
  kNone,      // never a difference: a parameter of our next call
};

enum class SecretUse {
  kNone,
  kMaybe,   // plain text, or {secretRef: name}
  kAlways,  // {secretRef: name}; the service never returns it
};

enum class ValueType { kAny, kBoolean, kInteger, kString, kList, kObject };

/// True if `version` is `bound` or later; api-versions begin with their date.
bool ApiVersionAtLeast(std::string_view version, std::string_view bound);

/// "from api-version 2025-06-01 on", "up to api-version ...", "in api-versions ... to ..."; empty
/// where neither bound is given.
std::string VersionsInWords(std::string_view since, std::string_view until);

/// A value that may change with the api-version: the entry of the greatest version that is not
/// above the one asked for. A version of "" holds for all.
template <class T>
struct ByVersion {
  std::vector<std::pair<std::string, T>> entries;

  const T* For(std::string_view api_version) const {
    const std::pair<std::string, T>* best = nullptr;
    for (const auto& entry : entries) {
      if (!ApiVersionAtLeast(api_version, entry.first)) continue;
      if (best == nullptr || ApiVersionAtLeast(entry.first, best->first)) best = &entry;
    }
    return best == nullptr ? nullptr : &best->second;
  }
};

/// One way to write an object that has several; chosen by the presence of `member`.
struct PropertyAlternative {
  std::string title;   // for people: "marketplace image"; may be empty
  std::string member;  // the distinguishing member; no two alternatives of a node share it
  std::vector<std::string> required;  // `member` and what it needs beside it
  std::vector<std::string> members;   // all that may stand in it; empty: all of the node's members
};

/// A row of the table and the rows below it. Immutable once the table is read.
struct PropertyNode {
  std::string name;  // "httpUrl"; "[]" for the item of a list, "*" for the value of a map
  std::string path;  // "startTask.resourceFiles[].httpUrl": from the spec, or from the document's
                     // root for what is outside of it
  std::string title;
  std::string description;
  Array examples;
  Value beside;  // what has to stand in the document beside an example; null: nothing

  ValueType type = ValueType::kAny;
  Array allowed;  // enum or const; empty: any. Without case where `compare` is kCaseFold
  std::optional<std::int64_t> minimum;
  std::optional<std::int64_t> maximum;
  std::optional<std::size_t> length_min;  // in code points
  std::optional<std::size_t> length_max;
  std::optional<std::size_t> items_min;
  std::optional<std::size_t> items_max;
  std::string pattern;    // anchored ECMAScript; empty: none
  std::string range_min;  // bounds of a duration, in the notation of the value; empty: none
  std::string range_max;

  std::vector<PropertyNode> members;  // in the order of the schema, those of all alternatives
  std::vector<std::string> required;  // names that must be there whatever the alternative
  std::vector<PropertyAlternative> alternatives;  // exactly one must hold; empty: no choice
  bool open = false;                              // any further member is legal
  std::unique_ptr<PropertyNode> further;          // the row of further members (a map); may be null
  std::unique_ptr<PropertyNode> item;             // the row of a list's items; null unless kList

  Compare compare = Compare::kExact;
  std::string key;              // of kByKey
  bool empty_is_value = false;  // an empty list differs from an absent one
  bool returned = true;         // false: no answer of the service ever has it
  SecretUse secret = SecretUse::kNone;
  bool secret_is_json = false;  // the secret's text is a JSON object that takes the member's place
  int row = 0;                  // version of the canonical form of the top-level property
  ByVersion<Value> defaults;
  Value filled;  // what the service fills in for an absent member now and then; null: nothing
  ByVersion<Cost> costs;  // of the top-level property
  std::string cost_note;  // what is to be known beside the cost, here and below; empty: nothing
  std::string since;      // first and last api-version that has the member; empty: no bound
  std::string until;
  std::vector<std::pair<std::string, std::string>> values_since;  // enum value, first api-version

  const PropertyNode* FindMember(std::string_view member_name) const;
  /// What the service takes if the member is absent. Null pointer: not known, so an absent member
  /// is not compared. A null Value: nothing, an answer leaves the member out.
  const Value* DefaultFor(std::string_view api_version) const { return defaults.For(api_version); }
  /// Nothing for members outside of the spec.
  std::optional<Cost> CostFor(std::string_view api_version) const;
  bool ExistsIn(std::string_view api_version) const;
  /// The first api-version with this value of an enum (case ignored); empty: no bound of its own.
  std::string_view ValueSince(std::string_view value) const;
  /// Whether that version knows this value of an enum (case ignored).
  bool ValueExistsIn(std::string_view value, std::string_view api_version) const;
  bool IsRequired(std::string_view member_name) const;
  /// A word of an enum whose case does not count, as the table spells it; anything else as it is.
  Value Spelled(const Value& value) const;
};

class PropertyTable {
 public:
  /// Reads a schema. Errors (kInvalidSpec): not JSON, a keyword or word that is not ours, a $ref
  /// that leads nowhere or around in a circle, a pattern that is not anchored.
  static Result<PropertyTable> Parse(std::string_view schema_json);

  /// The whole document: apiVersion, kind, metadata, spec, policy; or the configuration.
  const PropertyNode& Root() const { return root_; }
  /// The body of "create pool" without `id`; the root where the document has no spec.
  const PropertyNode& Spec() const;
  /// A property of the spec: "vmSize".
  const PropertyNode* FindTopLevel(std::string_view name) const;
  /// From the spec: "startTask.resourceFiles[].httpUrl", also with an index in the brackets.
  const PropertyNode* Find(std::string_view path) const;
  /// Whether that top-level property is one of the scale group (cost `scale`).
  bool InScaleGroup(std::string_view name) const;
  /// The row of {secretRef: name}; null in a document without secrets.
  const PropertyNode* SecretReference() const { return secret_reference_.get(); }

 private:
  PropertyNode root_;
  std::unique_ptr<PropertyNode> secret_reference_;
};

/// Text of an embedded schema: "pool", "pool-defaults" or "config"; empty for any other name.
std::string_view EmbeddedSchema(std::string_view name);

/// The tables of schemas/pool.schema.json and schemas/config.schema.json, read on first use.
const PropertyTable& PoolPropertyTable();
const PropertyTable& ConfigPropertyTable();

}  // namespace reconciler
