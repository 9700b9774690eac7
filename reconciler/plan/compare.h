// Canonical forms and differences of single properties, driven by the property table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"
#include "reconciler/plan/secret_book.h"

namespace reconciler::plan {

/// One deep difference below a top-level property. Values that may show a secret are replaced by
/// "(sensitive)" here already, and so is the query of a URL.
struct DeepDifference {
  std::string path;              // "startTask.commandLine", "userAccounts[alice].elevationLevel"
  std::string spec_path;         // the same as the spec counts: "userAccounts[0].elevationLevel"
  std::optional<Value> desired;  // nullopt: absent
  std::optional<Value> live;     // nullopt: absent in the answer
  bool sensitive = false;        // either side is or was a secretRef: print "(sensitive)"
  /// The service's default, where it is wanted in place of an absent `desired`.
  std::optional<Value> standard{};
};

/// The value in the form in which equal means equal: enums and other case-folded texts lower-cased,
/// durations as ISO canonical text, sets sorted, keyed lists sorted by key, members that the
/// service never returns left out. Defaults of `api_version` are filled in, and an object with
/// nothing but defaults whose own default is "nothing" is null: absent/null/empty list/default are
/// alike. Idempotent. `value` nullptr or null: the default (null Value where the table has none).
/// Equal canonical forms imply CanonicallyEqual; the reverse does not hold where a desired member
/// that has no default is absent, or is a secretRef.
Value Canonicalize(const PropertyNode& node, const Value* value, std::string_view api_version);

/// Deep differences of one property; empty: canonically equal. An absent desired member is compared
/// with its default; where the table has none, the live member is not compared. Members that the
/// service never returns are not compared. A live text is compared with a desired secretRef by the
/// keyed digests of `secrets`; without them, or where the secret cannot be read, it is not. A
/// property or an item that is there on one side only is one difference; an object inside of a
/// property is told by its members, and so are free-form trees that both sides have. Items of a set
/// are paired by what they have in common. `had_secrets`: the spec or a former one may have secrets
/// inside (the record says so or is missing), so live values where secrets may stand are not shown.
std::vector<DeepDifference> Compare(const PropertyNode& node, const Value* desired,
                                    const Value* live, std::string_view api_version,
                                    bool had_secrets = false, const SecretBook* secrets = nullptr);

/// Canonical equality without building the list of differences: the fast path of a quiet cycle.
bool CanonicallyEqual(const PropertyNode& node, const Value* desired, const Value* live,
                      std::string_view api_version, const SecretBook* secrets = nullptr);

/// The value without what must not be shown: secretRefs, queries of URLs, and, with `had_secrets`,
/// every text that stands where a secret may.
Value HideSecrets(const PropertyNode& node, const Value& value, bool had_secrets);

}  // namespace reconciler::plan
