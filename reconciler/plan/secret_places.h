// Where secrets stand in a property, and what the record keeps of each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"

namespace reconciler::plan {

/// The key id of a property whose only secrets are the queries of URLs in the spec, which need no
/// key: a query that is secret (a SAS) cannot be guessed, and any other is none.
inline constexpr std::string_view kQueriesOnly = "-url";

/// A secretRef, or a URL in clear with a query, which no answer of the service is held against.
struct SecretPlace {
  std::string path;       // as plans name it: "userAccounts[alice].password"
  std::string spec_path;  // with positions: "userAccounts[0].password"
  /// The same wherever an item stands in a list whose order does not count.
  std::string identity;
  /// Of the item that is told apart by its form, so that `identity` moves with its other members:
  /// "...containerRegistries[0]"; empty: none.
  std::string formed_item;
  std::string name;   // of the secret; empty: a query
  std::string query;  // with its '?'
};
/// Below `value`, sorted by identity. `node`: nullptr for a metadata item.
std::vector<SecretPlace> LocateSecrets(const PropertyNode* node, const Value& value,
                                       const std::string& property);
/// Where a secret could stand and none does: rows that are always secret, of objects that are
/// there.
std::vector<SecretPlace> LocateAbsentSecrets(const PropertyNode& node, const Value& value,
                                             const std::string& property);

/// Characters of a tag: three that tell the place, three that tell the secret in that place.
inline constexpr std::size_t kTagCharacters = 6;
inline constexpr std::size_t kTagPlaceCharacters = 3;
/// A property with more secrets has none: then it is known that one of them changed, not which.
inline constexpr std::size_t kTagsMax = 16;
std::string TagOfPlace(std::string_view identity);
/// `digest`: of the secret, keyed; of a query, plain.
std::string TagOf(std::string_view identity, std::string_view digest);

}  // namespace reconciler::plan
