// From a live pool to the spec that describes it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reconciler/core/property.h"
#include "reconciler/core/value.h"

namespace reconciler::plan {

/// The reason why a member is left out that only the service, or poolkeeper itself, writes.
inline constexpr std::string_view kReadOnly = "read-only";

/// Stands in a text for a secret of which no more is known than that it is one.
inline constexpr char kSecretMark = '\x02';

/// What an import has to say about a member.
struct ImportNote {
  std::string path;  // of the spec: "spec.userAccounts[0].password"
  std::string text;
};

/// A secret that the service does not tell; the spec refers to it by a name made up here.
struct ImportSecret {
  std::string name;  // "render-linux-alice-password"
  std::string path;
};

struct ImportedPool {
  Value document;  // a whole document of kind Pool, `policy: {adopt: true}` included
  std::vector<ImportSecret> secrets;
  /// Why a member of the document is as it is, or what may be missing beside it.
  std::vector<ImportNote> comments;
  /// Members that no spec can hold, each with its reason.
  std::vector<ImportNote> left_out;
  /// What a person should look at, though it can be applied.
  std::vector<ImportNote> remarks;
};

/// `body`: a pool as "get pool" answers it. Members that equal the service's default are left out,
/// and so is what only the service writes and what poolkeeper stamped; enums are spelled as in the
/// table. Both targets are named, so that the spec owns them. `account`: for the document; empty:
/// not named.
ImportedPool ImportPool(const Value& body, std::string_view account, std::string_view api_version);

/// The line above `secrets:` and the block itself, as a configuration needs it; empty without any.
std::string SecretsBlock(const std::vector<ImportSecret>& secrets);

}  // namespace reconciler::plan
