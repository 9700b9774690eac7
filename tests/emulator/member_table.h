// The members of a pool, from data/pool_members.txt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/emulator/json.h"

namespace emulator {

enum class MemberType { kString, kInteger, kBool, kDuration, kEnum, kObject, kList, kAny, kRead };

/// A value of an enumeration, as answers spell it.
struct EnumValue {
  std::string text;
  std::string since;  // api-version, empty: always
};

/// One row and the rows below it.
struct Member {
  std::string name;
  MemberType type = MemberType::kString;
  /// What the items of a list are; kObject: `children` describe them.
  MemberType item_type = MemberType::kObject;
  std::string since, until;  // api-versions, empty: no bound
  bool required = false, secret = false, lower = false, drop_empty = false;
  /// A URL whose query may be a secret.
  bool sas = false;
  bool windows_only = false, linux_only = false;
  bool patch_always = false, patch_empty = false, update = false, update_required = false;
  std::vector<EnumValue> values;
  std::string min, max;  // numbers or durations as text, empty: no bound
  std::optional<Json> fill;
  std::string evidence;
  std::vector<Member> children;

  const Member* Child(std::string_view child) const;
  bool In(std::string_view api_version) const;
};

/// The whole pool: a member without name whose children are the top level, in answer order.
const Member& PoolMember();
/// Parses the text of such a file; for tests.
Member ParseMembers(std::string_view text);

}  // namespace emulator
