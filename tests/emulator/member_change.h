// PUT and PATCH of objects with a member table.
#pragma once

#include "tests/emulator/member_table.h"
#include "tests/emulator/request_context.h"

namespace emulator {

struct MemberChange {
  /// What was sent, normalised; an emptied list is an empty list.
  Json settings{Json::Object{}};
  BodyProblems problems;
};

MemberChange ReadMemberChange(const Context& context, const Member& table, const Json& body,
                              bool replaces);

/// The settings after a PUT or PATCH; what a PUT leaves out is as if it was never sent.
Json MergedMembers(const Member& table, const Json& settings, const Json& sent, bool replaces);

}  // namespace emulator
