// A spec made ready for many comparisons: its owned properties with their digests, its scale group.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reconciler/core/pool.h"
#include "reconciler/core/property.h"
#include "reconciler/plan/secret_book.h"
#include "reconciler/plan/secret_places.h"

namespace reconciler::plan {

/// The key id of a property with a secret that cannot be read: no record has it, so that the secret
/// counts as unknown, never as changed.
inline constexpr std::string_view kNoSecretKey = "?";
/// Names of all secrets that the spec refers to, sorted, once each.
std::vector<std::string> SecretNames(const Value& spec_body);

enum class ScaleKind {
  kExternal,  // no target and no formula named: the size is not ours
  kFixed,     // at least one target named
  kAuto,      // autoscale on, with a formula
};
struct ScaleSpec {
  ScaleKind kind = ScaleKind::kExternal;
  std::optional<int> dedicated;       // kFixed: nullopt is not ours
  std::optional<int> low_priority;    // kFixed: nullopt is not ours
  std::string formula;                // kAuto
  std::string interval;               // kAuto, canonical ISO text; "PT15M" where not named
  bool keeps_auto_scale_off = false;  // kExternal with `enableAutoScale: false`
  std::string resize_timeout;  // a parameter of our next resize; empty: the service's default
  std::string digest;          // over the above without resize_timeout
};
ScaleSpec ReadScale(const Value& spec_body);
/// What a constant formula assigns; nullopt: that target is not assigned and stays as it is.
struct ConstantTargets {
  std::optional<int> dedicated;
  std::optional<int> low_priority;
};
/// The targets of a formula that assigns nothing to them but numbers, or + - * / of numbers; a
/// deallocation option may stand beside. Fractions are cut off, negative values are 0. nullopt if
/// the formula is anything else.
std::optional<ConstantTargets> ConstantFormula(std::string_view formula);

/// One owned property outside the scale group, or one owned metadata item.
struct PreparedProperty {
  std::string name;                    // "startTask", "metadata.team"
  const PropertyNode* node = nullptr;  // nullptr for metadata items: plain text
  const Value* desired = nullptr;      // into the spec's body; nullptr: explicit null
  /// Of the raw value. Each secretRef counts as "a secret stands here": which one is told by
  /// `secret_digest`, so that neither a new digest key nor a new name is a change of the spec.
  std::string digest;
  std::vector<SecretPlace> secret_places;  // secrets, and queries of URLs
  /// Empty: none inside; kQueriesOnly: no secret of the configuration; kNoSecretKey: one cannot be
  /// read.
  std::string secret_key_id;
  std::string secret_digest;                  // 8 characters over the places and the digests inside
  std::string secret_tags;                    // TagOf each place; empty: there are too many
  std::string secret_problem;                 // a secret inside cannot be read: why
  std::shared_ptr<const SecretBook> secrets;  // those inside; nullptr: none
  /// The service returns each of them, so that comparing tells whether the pool has them.
  bool secrets_compared = false;

  /// Of the configuration.
  bool HasSecrets() const { return !secret_key_id.empty() && secret_key_id != kQueriesOnly; }
};

struct PreparedSpec {
  const PoolSpec* spec = nullptr;  // must outlive this
  ScaleSpec scale;
  std::vector<PreparedProperty> properties;  // in the order of the table, metadata items last
};
PreparedSpec Prepare(const PoolSpec& spec, const SecretBook& secrets, const PropertyTable& table);

/// The digest that the record holds for a raw value: 8 characters over its JSON with sorted keys,
/// an absent value counts as null. A secretRef counts as in PreparedProperty::digest.
std::string RawDigest(const Value& value);

}  // namespace reconciler::plan
