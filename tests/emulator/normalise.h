// Turns what a caller sent into what the service keeps: checked, filled, respelled, without
// secrets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/emulator/api_error.h"
#include "tests/emulator/json.h"
#include "tests/emulator/member_table.h"
#include "tests/emulator/service_config.h"

namespace emulator {

struct NormaliseContext {
  std::string_view api_version;
  /// The pool's images are Windows images.
  bool windows = false;
  const Switches& switches;
  /// Objects may lack what they otherwise need; not so the items of lists.
  bool partial = false;
};

/// The first problem of each class. The service looks at the shape of a body (syntax, types, names,
/// required members) before it looks whether the pool exists, and at values afterwards.
struct BodyProblems {
  std::optional<ApiError> shape;
  std::optional<ApiError> value;
};

/// Whether a member of a body at this api-version is taken; notes the problem when it is refused.
bool Accepts(const Member* member, std::string_view name, const NormaliseContext& context,
             BodyProblems& problems);

/// Whether a member is null, which is as if it was not there; notes the problem when it is refused.
bool LeftOut(const JsonMember& given, const NormaliseContext& context, BodyProblems& problems);

/// One member's value; nothing when it is dropped (secret, empty, wrong system, bad).
std::optional<Json> NormaliseValue(const Json& sent, const Member& member,
                                   const NormaliseContext& context, BodyProblems& problems);

/// All members of an object, in table order, with fills and required members.
Json NormaliseObject(const Json& sent, const Member& member, const NormaliseContext& context,
                     BodyProblems& problems);

/// The text of a kept value as one api-version sees it: members of other versions are left out.
void AppendForVersion(std::string& out, const Json& value, const Member& member,
                      std::string_view api_version);

/// An integer, also when it comes as a decimal text ("2"), as older command lines send it.
std::optional<std::int64_t> IntegerOf(const Json& value);

}  // namespace emulator
