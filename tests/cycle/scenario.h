// A story of two pools that uses every call to the service, for tests that disturb it.
#pragma once

#include <string>

#include "tests/cycle/keeper.h"

namespace keeper {

/// Kinds of requests as tests name them: "create", "patch", "list", "counts", ...
std::string KindOf(const reconciler::HttpRequest& request);
inline constexpr const char* kReadKinds[] = {"list", "counts", "images", "get"};
inline constexpr const char* kWriteKinds[] = {"create",          "patch",      "updateproperties",
                                              "resize",          "stopresize", "enableautoscale",
                                              "disableautoscale"};

/// Plays the story; after each edit the keeper runs until all is Ready. A keeper that is killed is
/// started again. False: some chapter never came to rest.
bool PlayStory(Keeper& world);
/// What counts of the pools at its end, one line each.
std::string EndOfStory(Keeper& world);
/// Mutations that the service accepted.
std::size_t AppliedWrites(const Keeper& world);
/// Creates that the service accepted.
std::size_t AppliedCreates(const Keeper& world);

}  // namespace keeper
